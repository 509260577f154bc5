"""Alerts in other languages: asked of the translator when somebody lets one go, read over by a person afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import timedelta

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.alerts import errors, phrases, translated
from peelian.alerts.actions.trail import must, note
from peelian.alerts.models import Alert, Translation
from peelian.audit.actions import SYSTEM
from peelian.core import clock, jobs, translators
from peelian.core.translators import Translator, TranslatorProblem, marked

# For no longer does a send wait for its translations; whoever's is not there then gets the original
WAITS = {
    Alert.Priority.ROUTINE: timedelta(minutes=2),
    Alert.Priority.IMPORTANT: timedelta(seconds=30),
    Alert.Priority.URGENT: timedelta(seconds=3),
}
LOOK_AGAIN = timedelta(seconds=1)
AT_ONCE = 4  # languages that are asked for at the same time
LONGEST_TITLE, LONGEST_PART = 300, 20_000
LONGEST_WHY = 300
SETTLED = (Translation.State.MACHINE, Translation.State.PERSON, Translation.State.REVIEWED, Translation.State.REJECTED)


def ask_for(alert: Alert, *, going: bool = False) -> None:
    """Enqueue the translating of an alert that waits for approval or is GOING; then its send waits for it a while.
    Without a translator there is nothing to do, nor for practice, which nobody gets. In the caller's transaction."""
    if alert.practice or translators.configured() is None:
        return
    if going:
        until = clock.now() + WAITS[Alert.Priority(alert.priority)]
        Alert.objects.filter(pk=alert.pk).update(translating_until=until)
    urgent = alert.priority == Alert.Priority.URGENT
    jobs.enqueue(
        "alerts.translate", priority=20 if urgent else 5, once_as=f"alerts.translate:{alert.pk}", alert_id=alert.pk
    )


def must_wait(alert: Alert) -> bool:
    """Whether the send of an alert should wait a little longer; if so it looks again in a moment. In the caller's
    transaction, which has locked the alert."""
    if alert.translating_until is None or alert.translating_until <= clock.now():
        return False
    jobs.enqueue(
        "alerts.freeze",
        at=min(clock.now() + LOOK_AGAIN, alert.translating_until),
        priority=10 if alert.priority == Alert.Priority.URGENT else 0,
        once_as=f"alerts.freeze-after-translating:{alert.pk}",
        alert_id=alert.pk,
    )
    return True


def translate(*, alert_id: int) -> bool:
    """Translate an alert into every language that its audience asked for and that it is not yet in. Returns whether all
    is done; what may work in a while is worth another try. No transaction is open while the translator is asked."""
    alert = Alert.objects.select_related("team__organisation", "topic").filter(pk=alert_id).first()
    translator = translators.configured()
    if alert is None or translator is None or alert.state in (Alert.State.DRAFT, Alert.State.WITHDRAWN):
        return True
    again = False
    for one, problem in _made(translator, _open(alert), alert):
        again = again or (problem is not None and problem.again)
        _keep(one, alert, translator.name, problem)
    if not again:
        Alert.objects.filter(pk=alert.pk).update(translating_until=None)
    return not again


@transaction.atomic
def _open(alert: Alert) -> list[Translation]:
    """A row for each language asked for; those whose words are still to be made."""
    fingerprint = translated.fingerprint(alert)
    found = []
    for wanted in translated.wanted(alert):
        one, _ = Translation.objects.get_or_create(alert=alert, language=wanted.language)
        Translation.objects.filter(pk=one.pk).update(people=wanted.people)
        if one.fingerprint != fingerprint or one.state not in SETTLED:
            found.append(one)
    return found


def _made(
    translator: Translator, rows: list[Translation], alert: Alert
) -> Iterator[tuple[Translation, TranslatorProblem | None]]:
    """Each row with its words, as soon as they are there, or with what went wrong. Threads touch no database."""
    lines = [alert.title]
    blocks = [getattr(alert, part) for part in translated.PARTS]

    def ask(one: Translation) -> Translation:
        titles = lines if phrases.in_catalogue(one.language) else [*lines, *phrases.PHRASES.values()]
        said = marked.translate_line(translator, titles, to=one.language).texts
        one.title = said[0][:LONGEST_TITLE]
        one.phrases = dict(zip(phrases.PHRASES, said[1:], strict=False))
        for part, text in zip(
            translated.PARTS, marked.translate(translator, blocks, to=one.language).texts, strict=True
        ):
            setattr(one, part, text[:LONGEST_PART])
        return one

    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = {pool.submit(ask, one): one for one in rows}
        for done in as_completed(asked):
            try:
                yield done.result(), None
            except TranslatorProblem as problem:
                yield asked[done], problem


@transaction.atomic
def _keep(one: Translation, alert: Alert, machine: str, problem: TranslatorProblem | None) -> None:
    """Unless somebody changed the words meanwhile, or read this translation over."""
    current = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    was = Translation.objects.get(pk=one.pk)
    fingerprint = translated.fingerprint(alert)
    if translated.fingerprint(current) != fingerprint or (was.fingerprint == fingerprint and was.state in SETTLED):
        return
    one.people, one.fingerprint, one.made_at = was.people, fingerprint, clock.now()
    one.state = Translation.State.FAILED if problem else Translation.State.MACHINE
    one.why = str(problem)[:LONGEST_WHY] if problem else ""
    one.translator, one.written_by, one.reviewed_at, one.reviewed_by = machine, None, None, None
    one.save()
    verb = "translation.failed" if problem else "translation.made"
    note(verb, alert, by=SYSTEM, language=one.language, translator=machine)


@transaction.atomic
def review(*, translation: Translation, words: Mapping[str, str], made_at: str, by: Staff) -> Translation:
    """Say that a person has read a translation over; WORDS are the title and the parts as they should be. MADE_AT is
    when what was read had been made: newer words would go unread. Raises NotReady, TranslationChanged,
    OwnTranslation and OwnWords."""
    one = _to_decide(translation, made_at, by)
    clean = whole(one.alert, words)
    changed = [name for name, text in clean.items() if text != getattr(one, name)]
    for name in changed:
        setattr(one, name, clean[name])
    one.state, one.reviewed_at, one.reviewed_by, one.why = Translation.State.REVIEWED, clock.now(), by, ""
    one.save()
    note("translation.reviewed", one.alert, by=by, language=one.language, changed=changed)
    return one


def whole(alert: Alert, words: Mapping[str, str]) -> dict[str, str]:
    """The title and the parts as somebody wrote them in another language. Raises NotReady where one is lacking."""
    clean = {name: words.get(name, "").replace("\x00", "").strip() for name in ("title", *translated.PARTS)}
    missing = [name for name in clean if not clean[name] and getattr(alert, name).strip()]
    if missing:
        raise errors.NotReady(["Every part that the original has needs a translation. Write the one that is empty."])
    if len(clean["title"]) > LONGEST_TITLE or any(len(text) > LONGEST_PART for text in clean.values()):
        raise errors.NotReady([f"The title may have {LONGEST_TITLE} characters and a part {LONGEST_PART:,}."])
    return clean


@transaction.atomic
def reject(*, translation: Translation, why: str, made_at: str, by: Staff) -> Translation:
    """Keep a translation from being sent or shown: people get the original. Raises as `review` does."""
    one = _to_decide(translation, made_at, by)
    why = why.replace("\x00", "").strip()
    if not why:
        raise errors.NotReady(["Say what is wrong with it, so that the next translator knows."])
    one.state, one.why = Translation.State.REJECTED, why[:LONGEST_WHY]
    one.reviewed_at, one.reviewed_by = clock.now(), by
    one.save()
    note("translation.rejected", one.alert, by=by, language=one.language)
    return one


def _to_decide(translation: Translation, made_at: str, by: Staff) -> Translation:
    must(by, "translations.review")
    rows = Translation.objects.select_for_update(of=("self",)).select_related(
        "alert__team__organisation", "alert__topic"
    )
    one = rows.get(pk=translation.pk)
    if one.made_at is None or one.made_at.isoformat() != made_at:
        raise errors.TranslationChanged
    if one.written_by_id == by.pk:
        raise errors.OwnWords
    if one.alert.approved_by_id is not None and by.pk in (one.alert.author_id, one.alert.asked_by_id):
        raise errors.OwnTranslation
    return one
