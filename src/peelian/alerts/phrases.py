"""Our own words around an alert, in the language it is read in: from our catalogue where there is one, else as the
translator gave them with the alert, else in English."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from django.utils import translation
from django.utils.translation import gettext_noop as _

from peelian.core.languages import ENGLISH, catalogue, is_english

PHRASES: dict[str, str] = {
    "happening": _("What is happening"),
    "doing": _("What we are doing"),
    "can_do": _("What you can do"),
    "machine": _("Translated by machine. The original is below."),
    "checked": _("Somebody who reads this language has checked the translation. The original is below."),
    "person": _("Translated by a person. The original is below."),
    "person_checked": _("Translated by a person and checked by another. The original is below."),
    "original": _("The original in English"),
    "urgent": _("Urgent"),
    "rate": _("How useful was this?"),
    "scale": _("1 is not at all, 6 is very"),
    "reply": _("Reply to your team"),
    "share": _("Share this"),
    "less": _("Change what you get, or stop"),
    "danger": _("If you are in danger, call 999. Otherwise call 101."),
    "again": _("I will say that again."),
    "spoken_machine": _("This was translated by a machine."),
    "spoken_checked": _("Somebody who speaks this language has checked the translation."),
    "spoken_person": _("This was translated by a person."),
    "spoken_person_checked": _("This was translated by a person and checked by another."),
}
# Of all of them, so that those made from other words are made anew
VERSION = hashlib.sha256(json.dumps(PHRASES, sort_keys=True).encode()).hexdigest()[:12]


def in_catalogue(language: str) -> bool:
    """Whether our own pages are in this language too."""
    return not is_english(catalogue(language))


def phrases(language: str, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Every phrase. GIVEN are a translator's."""
    if is_english(language):
        return dict(PHRASES)
    if in_catalogue(language):
        with translation.override(catalogue(language)):
            return {key: translation.gettext(words) for key, words in PHRASES.items()}
    given = given or {}
    return {key: given.get(key) or words for key, words in PHRASES.items()}


def language_of_phrases(language: str, given: Mapping[str, str] | None = None) -> str:
    """The language that `phrases` gives: English where nobody translated them."""
    return language if in_catalogue(language) or given else ENGLISH
