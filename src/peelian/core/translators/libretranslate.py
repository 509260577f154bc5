"""LibreTranslate, which a force can run itself. Source: its API ("/translate", "/detect", "/languages"), which answers
a language it does not know or a text too long with 400, a missing or unknown key with 403, too many requests with
429 and a failed translation with 500."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import requests

from peelian.core.languages import base
from peelian.core.translators.base import Translated, TranslatorProblem, as_it_is, ask, must_speak, texts_of
from peelian.core.translators.url import TranslatorUrl

KNOWN_FOR = 600.0  # seconds for which its list of languages is taken as it was


class LibreTranslate:
    name = "LibreTranslate"

    def __init__(self, url: TranslatorUrl) -> None:
        self.personal = url.personal
        self._url = url
        self._known: tuple[float, frozenset[str]] | None = None

    def speaks(self) -> frozenset[str]:
        if self._known is None or time.monotonic() - self._known[0] > KNOWN_FOR:
            self._known = (time.monotonic(), _targets(self._ask("GET", "/languages")))
        return self._known[1]

    def translate(self, texts: Sequence[str], *, to: str, source: str = "en", html: bool = False) -> Translated:
        target = "en" if base(to) == "en" else must_speak(self, to)
        spoken = source or self._detect("\n".join(texts))
        if base(spoken) == base(to):
            return Translated(list(texts), base(spoken))
        order = {"q": list(texts), "source": spoken, "target": target, "format": "html" if html else "text"}
        answer = self._ask("POST", "/translate", order)
        given = answer.get("translatedText") if isinstance(answer, dict) else None
        return Translated(texts_of(self.name, given, len(texts)), base(spoken))

    def check(self) -> str:
        try:
            return "" if self.translate(["Good morning"], to=self._any()).texts[0] else f"{self.name} says nothing."
        except TranslatorProblem as problem:
            return str(problem)

    def _any(self) -> str:
        """A language it translates into: keys are looked at when something is translated, not before."""
        found = sorted(self.speaks() - {"en"})
        if not found:
            raise TranslatorProblem(f"{self.name} knows no language besides English.")
        return found[0]

    def _detect(self, text: str) -> str:
        answer = self._ask("POST", "/detect", {"q": text})
        if isinstance(answer, list) and answer and isinstance(answer[0], dict):
            found = answer[0].get("language")
            if isinstance(found, str) and found:
                return found
        raise TranslatorProblem(f"{self.name} could not tell which language this is.")

    def _ask(self, method: str, path: str, order: dict[str, Any] | None = None) -> Any:
        if order is not None and self._url.key:
            order["api_key"] = self._url.key
        with requests.Session() as session:
            session.auth = as_it_is
            return ask(session, self.name, method, f"{self._url.api}{path}", json=order)


def _targets(answer: Any) -> frozenset[str]:
    """What English is translated into: its `targets`, or with older servers every language there is."""
    rows = [one for one in answer if isinstance(one, dict)] if isinstance(answer, list) else []
    codes = {str(one.get("code", "")).lower() for one in rows}
    for one in rows:
        if one.get("code") == "en" and isinstance(one.get("targets"), list):
            codes = {str(code).lower() for code in one["targets"]}
    if not codes:
        raise TranslatorProblem("LibreTranslate answered with something that cannot be read.")
    return frozenset(codes)
