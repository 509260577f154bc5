"""Reads of an alert's translations: which there are, for whom, and what may be said in a language."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from peelian.accounts.models import Staff
from peelian.accounts.queries import teams_in_scope
from peelian.alerts import audience, phrases
from peelian.alerts.errors import AudienceProblem, NoSuchTranslation
from peelian.alerts.models import Alert, Translation
from peelian.core import translators
from peelian.core.languages import ENGLISH, direction, needs_translation, own_name
from peelian.members.categories import LANGUAGES

FEWEST_SHOWN = 5  # a language on a public page says that somebody there reads it
PARTS = ("happening", "doing", "can_do")


@dataclass(frozen=True)
class Wanted:
    """A language that members of an audience asked for: how many people, and how many of them by text."""

    language: str
    people: int
    texts: int


@dataclass(frozen=True)
class Said:
    """An alert's words in one language. `note` is the key of the phrase that says who translated them; in English, and
    where there is no translation, it is empty."""

    language: str
    title: str
    texts: dict[str, str]
    phrases: dict[str, str]
    note: str = ""

    @property
    def direction(self) -> str:
        return direction(self.language)


def fingerprint(alert: Alert) -> str:
    """Of the words that a translation is made from."""
    words = [alert.title, alert.happening, alert.doing, alert.can_do]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def wanted(alert: Alert) -> list[Wanted]:
    """The languages besides English that people of the audience asked for, most people first."""
    try:
        found = audience.selection(alert).languages()
    except AudienceProblem:
        return []
    rows = [Wanted(*one) for one in found if needs_translation(one[0])]
    return sorted(rows, key=lambda one: (-one.people, one.language))


def translation_of(alert: Alert, language: str) -> Translation | None:
    """What may be said of the alert in this language; None where there is nothing, or only of older words."""
    rows = (one for one in alert.translations.all() if one.language == language and one.state in Translation.SAID)
    found = next(rows, None)
    return found if found is not None and found.fingerprint == fingerprint(alert) else None


def said_in(alert: Alert, language: str) -> Said | None:
    """The alert in LANGUAGE, where it has been translated."""
    found = translation_of(alert, language) if needs_translation(language) else None
    if found is None:
        return None
    by = "person" if found.written_by_id else "machine"
    checked = "person_checked" if found.written_by_id else "checked"
    note = checked if found.state == Translation.State.REVIEWED else by
    texts = {part: getattr(found, part) for part in PARTS}
    return Said(language, found.title, texts, phrases.phrases(language, found.phrases), note)


def languages_of(alert: Alert) -> list[str]:
    """The languages besides English in which the alert may be said as it stands, by name."""
    codes = [one.language for one in alert.translations.all() if said_in(alert, one.language)]
    return sorted(codes, key=language_name)


def original(alert: Alert) -> Said:
    texts = {part: getattr(alert, part) for part in PARTS}
    return Said(ENGLISH, alert.title, texts, phrases.phrases(ENGLISH))


def shown(alert: Alert) -> list[Translation]:
    """What the public page offers, by name: nothing that only a handful of people asked for."""
    words = fingerprint(alert)
    offered = [one for one in alert.translations.all() if one.state in Translation.SAID and one.fingerprint == words]
    return sorted((one for one in offered if one.people >= FEWEST_SHOWN), key=lambda one: own_name(one.language))


def language_name(code: str) -> str:
    """In English, for staff."""
    return LANGUAGES.get(code, code)


@dataclass(frozen=True)
class Line:
    """A translation in the alert's own page for staff."""

    language: str
    name: str
    state: str
    why: str
    people: int
    made_at: datetime | None


def overview(alert: Alert) -> list[Line]:
    """Every language that the alert was or should be translated into, most people first."""
    rows = alert.translations.order_by("-people", "language")
    return [
        Line(one.language, language_name(one.language), str(one.get_state_display()), one.why, one.people, one.made_at)
        for one in rows
    ]


@dataclass(frozen=True)
class Plan:
    """A language of a draft: how many people of its audience asked for it, and what they would get as it stands."""

    language: str
    people: int
    one: Translation | None
    stale: bool = False  # of words that have changed since

    @property
    def name(self) -> str:
        return language_name(self.language)

    @property
    def own_name(self) -> str:
        return own_name(self.language)

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def used(self) -> bool:
        return self.one is not None and not self.stale and self.one.state in Translation.SAID

    @property
    def parts(self) -> list[tuple[str, str]]:
        """What it says under each of our headings, as its readers have them."""
        if self.one is None:
            return []
        ours = phrases.phrases(self.language, self.one.phrases)
        return [(ours[part], getattr(self.one, part)) for part in PARTS if getattr(self.one, part).strip()]

    @property
    def headings_in(self) -> str:
        """The language of the headings: English where nobody has translated ours."""
        return phrases.language_of_phrases(self.language, self.one.phrases if self.one else {})

    @property
    def sentence(self) -> str:
        """Who translated it, or what people get instead."""
        one = self.one
        if one is None:
            if translators.configured() is None:
                return "They get the English words, and are told."
            return "A machine translates it when it is let go."
        if self.stale:
            return "The English words have changed since, so it is not used. Read it again."
        by = one.written_by or "a machine"
        if one.state == Translation.State.REVIEWED:
            return f"Translated by {by}, confirmed by {one.reviewed_by}."
        if one.state == Translation.State.REJECTED:
            return f"Rejected by {one.reviewed_by}: {one.why}"
        return f"Translated by {by}. Nobody else has confirmed it yet." if self.used else str(one.get_state_display())


def plans(alert: Alert, asked: Sequence[Wanted] = ()) -> list[Plan]:
    """What there is of an alert in other languages, and what was ASKED for besides, most people first."""
    words = fingerprint(alert)
    people = {one.language: one.people for one in asked}
    made = {one.language: one for one in alert.translations.select_related("written_by", "reviewed_by")}
    found = [
        Plan(language, people.get(language, 0), one, one is not None and one.fingerprint != words)
        for language in {**people, **made}
        for one in [made.get(language)]
    ]
    return sorted(found, key=lambda plan: (-plan.people, plan.name))


# Staff ------------------------------------------------------------------------------------------------------------


def translations_of(staff: Staff) -> QuerySet[Translation]:
    """Every translation of alerts that the person may see."""
    return Translation.objects.filter(alert__team__in=teams_in_scope(staff).values("pk"))


def to_review(staff: Staff) -> QuerySet[Translation]:
    """What a machine or one person translated and nobody else has read yet, the newest first: those go out next. Not
    what STAFF wrote."""
    rows = translations_of(staff).filter(state__in=[Translation.State.MACHINE, Translation.State.PERSON])
    rows = rows.exclude(alert__state=Alert.State.WITHDRAWN).exclude(alert__practice=True)
    rows = rows.exclude(written_by=staff)
    return rows.select_related("alert__team", "written_by").order_by("-made_at", "-pk")


def translation_for(staff: Staff, ref: str, language: str) -> Translation:
    """One translation; NoSuchTranslation when it is out of scope."""
    rows = translations_of(staff).select_related(
        "alert__team__organisation", "alert__topic", "reviewed_by", "written_by"
    )
    found = rows.filter(alert__ref=ref, language=language).first()
    if found is None:
        raise NoSuchTranslation
    return found
