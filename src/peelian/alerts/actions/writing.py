"""Translations that a person writes, with a translator or without one: of a draft, by whoever may write alerts.
Somebody else who reads the language may confirm them (translating.review)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from peelian.accounts.models import Staff
from peelian.alerts import errors, translated
from peelian.alerts.actions.trail import must, note
from peelian.alerts.actions.translating import whole
from peelian.alerts.models import Alert, Translation
from peelian.core import clock
from peelian.core.languages import needs_translation
from peelian.members.categories import LANGUAGES


@transaction.atomic
def write_translation(
    *, alert: Alert, language: str, words: Mapping[str, str], of: str, made_at: str, by: Staff
) -> Translation:
    """Keep what BY wrote of a draft in a language. OF is the fingerprint of the English words beside it, MADE_AT when
    the translation that was changed had been made (empty: there was none). Whoever had confirmed it has not confirmed
    this. Raises NotADraft, NotReady, OriginalChanged, TranslationChanged and NoSuchTranslation."""
    must(by, "alerts.write")
    if language not in LANGUAGES or not needs_translation(language):
        raise errors.NoSuchTranslation
    current = _lock_draft(alert)
    if translated.fingerprint(current) != of:
        raise errors.OriginalChanged
    clean = whole(current, words)
    if not clean["title"]:
        raise errors.NotReady(["Give the alert a title in English first."])
    one = Translation.objects.filter(alert=current, language=language).first()
    one = one or Translation(alert=current, language=language)
    if (one.made_at.isoformat() if one.made_at else "") != made_at:
        raise errors.TranslationChanged
    for name, text in clean.items():
        setattr(one, name, text)
    one.state, one.why, one.fingerprint, one.made_at = Translation.State.PERSON, "", of, clock.now()
    one.translator, one.written_by, one.reviewed_by, one.reviewed_at = "", by, None, None
    one.save()
    note("translation.written", current, by=by, language=language)
    return one


@transaction.atomic
def remove_translation(*, alert: Alert, language: str, by: Staff) -> None:
    """Take a translation out of a draft. Raises NotADraft and NoSuchTranslation."""
    must(by, "alerts.write")
    current = _lock_draft(alert)
    if not Translation.objects.filter(alert=current, language=language).delete()[0]:
        raise errors.NoSuchTranslation
    note("translation.removed", current, by=by, language=language)


def note_people(alert: Alert) -> None:
    """Keep how many ask for each language there is, as the alert goes: public pages offer no language of a handful."""
    if alert.translations.exists():
        for one in translated.wanted(alert):
            Translation.objects.filter(alert=alert, language=one.language).update(people=one.people)


def _lock_draft(alert: Alert) -> Alert:
    """It counts as a change of the alert, so that nobody approves what they have not seen."""
    found = Alert.objects.select_for_update().filter(pk=alert.pk, state=Alert.State.DRAFT).first()
    if found is None:
        raise errors.NotADraft
    Alert.objects.filter(pk=alert.pk).update(version=F("version") + 1)
    return found
