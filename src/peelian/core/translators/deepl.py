"""DeepL's API, version 2 ("/v2/translate", "/v2/languages"): key in the Authorization header, `tag_handling` html so
that elements stay, 456 where the month's quota is spent."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import requests

from peelian.core.languages import base
from peelian.core.translators.base import Translated, TranslatorProblem, as_it_is, ask, must_speak, texts_of
from peelian.core.translators.url import TranslatorUrl

KNOWN_FOR = 600.0  # seconds for which its list of languages is taken as it was
MOST_TEXTS = 50  # in one request ("Translate text": up to 50 texts)


class DeepL:
    name = "DeepL"

    def __init__(self, url: TranslatorUrl) -> None:
        self.personal = url.personal
        self._url = url
        self._known: tuple[float, frozenset[str]] | None = None

    def speaks(self) -> frozenset[str]:
        if self._known is None or time.monotonic() - self._known[0] > KNOWN_FOR:
            answer = self._ask("GET", "/v2/languages?type=target")
            rows = [one for one in answer if isinstance(one, dict)] if isinstance(answer, list) else []
            codes = frozenset(str(one.get("language", "")).lower() for one in rows) - {""}
            if not codes:
                raise TranslatorProblem(f"{self.name} answered with something that cannot be read.")
            self._known = (time.monotonic(), codes)
        return self._known[1]

    def translate(self, texts: Sequence[str], *, to: str, source: str = "en", html: bool = False) -> Translated:
        target = must_speak(self, "en-gb" if base(to) == "en" else to)
        found: list[str] = []
        spoken = base(source) if source else ""
        for start in range(0, len(texts), MOST_TEXTS):
            share = list(texts[start : start + MOST_TEXTS])
            order: dict[str, Any] = {"text": share, "target_lang": target.upper()}
            if source:
                order["source_lang"] = base(source).upper()
            if html:
                order["tag_handling"] = "html"
            answer = self._ask("POST", "/v2/translate", order)
            rows = answer.get("translations") if isinstance(answer, dict) else None
            rows = rows if isinstance(rows, list) and all(isinstance(row, dict) for row in rows) else []
            found += texts_of(self.name, [row.get("text") for row in rows], len(share))
            spoken = spoken or str(rows[0].get("detected_source_language", "")).lower()
        return Translated(found, base(spoken))

    def check(self) -> str:
        try:
            return "" if self.speaks() else f"{self.name} knows no language."
        except TranslatorProblem as problem:
            return str(problem)

    def _ask(self, method: str, path: str, order: dict[str, Any] | None = None) -> Any:
        with requests.Session() as session:
            session.auth = as_it_is
            session.headers["Authorization"] = f"DeepL-Auth-Key {self._url.key}"
            return ask(session, self.name, method, f"{self._url.api}{path}", json=order)
