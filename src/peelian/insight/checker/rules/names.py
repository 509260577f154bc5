"""Proper names in prose."""

from __future__ import annotations

import re

from peelian.insight.checker import dates

NAME = re.compile(
    r"\b(?:[A-Z][a-z]*[A-Z]\w*|[A-Z]{2,}\w*|[A-Z][a-z]+(?:\s(?:[A-Z][a-z]+|of|and|the))*(?:\s[A-Z][a-z]+)?)\b"
)


def names_in(text: str, *, begins: bool = False) -> list[str]:
    """Names in a text. The first word of a sentence is one only when it has capitals inside, or more follow."""
    found = []
    for match in NAME.finditer(text):
        name = match.group(0)
        opens = match.start() == 0 or text[: match.start()].rstrip()[-1:] in {".", "!", "?"}
        inner = bool(re.search(r"[a-z][A-Z]|[A-Z]{2}", name)) or " " in name
        if (
            (opens and not inner and not begins)
            or dates.find(name)
            or (
                name.split()[0]
                in {
                    "The",
                    "A",
                    "An",
                    "In",
                    "On",
                    "Since",
                    "At",
                    "Feedback",
                    "Officers",
                    "It",
                    "This",
                    "These",
                    "Our",
                    "We",
                    "There",
                }
                and " " not in name
            )
        ):
            continue
        bare = re.sub(r"^(?:the|a|an|our|in|since)\s", "", name.casefold())
        if bare not in {"the", "of", "and"}:
            found.append(bare)
    return found
