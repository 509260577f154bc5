"""Translators: the technical door to a machine that translates. What is translated, and who reads it over, is decided
in the apps above.

    configured()          the translator of this installation, or None
    for_personal_data()   the same where an administrator has approved it for what residents write, else None
"""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from peelian.core.translators.base import Translated, Translator, TranslatorProblem, code_of
from peelian.core.translators.deepl import DeepL
from peelian.core.translators.libretranslate import LibreTranslate
from peelian.core.translators.url import LIBRETRANSLATE, read

__all__ = ["Translated", "Translator", "TranslatorProblem", "code_of", "configured", "for_personal_data", "problems"]


def configured() -> Translator | None:
    """The translator that PEELIAN_TRANSLATOR names; None without one."""
    return _made(settings.PEELIAN_TRANSLATOR) if settings.PEELIAN_TRANSLATOR else None


def for_personal_data() -> Translator | None:
    """The translator, where what a resident wrote may be given to it."""
    found = configured()
    return found if found is not None and found.personal else None


def problems() -> list[str]:
    """For `peelian doctor`: whether the translator could be used now. Nothing of anybody's is sent."""
    found = configured()
    said = found.check() if found is not None else ""
    return [f"PEELIAN_TRANSLATOR: {said} Residents get the English words until then."] if said else []


@lru_cache(maxsize=4)
def _made(url: str) -> Translator:
    """One for each URL, so that its list of languages is asked for seldom."""
    parts = read(url)
    return LibreTranslate(parts) if parts.kind == LIBRETRANSLATE else DeepL(parts)
