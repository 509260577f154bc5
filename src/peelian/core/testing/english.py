"""What of a page or an email in another language is still English."""

from __future__ import annotations

import re

import lxml.html

SAID = ("aria-label", "data-label", "alt", "placeholder", "title")


def english_left(html: str, own: str) -> list[str]:
    """Words in Latin letters that no element says are English. OWN is a pattern of names and addresses that stand in
    every language."""
    found = set()
    for one in lxml.html.fromstring(html).iter():
        if not isinstance(one.tag, str) or one.tag in ("script", "style", "option"):
            continue
        if any((above.get("lang") or "").startswith("en") for above in (one, *one.iterancestors())):
            continue
        said = [one.text, *(one.get(name) for name in SAID)]
        above = one.getparent()
        if above is not None and not (above.get("lang") or "").startswith("en"):
            said.append(one.tail)
        found |= {words.strip() for words in said if words and re.search(r"[A-Za-z]{3,}", words)}
    return sorted(words for words in found if not re.search(own, words) and words != "English")
