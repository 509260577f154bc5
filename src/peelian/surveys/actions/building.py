"""Making a survey, changing what it asks, opening and closing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from peelian.accounts.models import Staff, Team
from peelian.audit.actions import SYSTEM, record
from peelian.core import clock, jobs
from peelian.core.references import with_new_ref
from peelian.surveys import definition, queries, reading, sets
from peelian.surveys.definition import Questionnaire
from peelian.surveys.errors import NotADraft, NotAllowed, NotReady, NotYourTeam
from peelian.surveys.models import Answered, Begun, Survey, Version

WORDS = ("title", "purpose", "closing", "languages", "opens", "closes", "open_link", "after_conversation",
         "after_report")  # fmt: skip


@transaction.atomic
def make_survey(*, by: Staff, team: Team, title: str = "", begin: str = "", like: Survey | None = None) -> Survey:
    """A draft in the name of one of BY's teams: empty, from a set of the library (BEGIN), or as another is (LIKE).
    Raises NotAllowed, NotYourTeam."""
    _must_write(by, team)
    given: dict[str, Any] = {}
    asked: dict[str, Any] = {"pages": []}
    if like is not None:
        given = {name: getattr(like, name) for name in ("purpose", "closing", "said", "mode", "languages", "open_link")}
        asked = queries.working(like).definition
    elif begin:
        found = sets.SETS[begin]
        given = {"purpose": found.purpose, "closing": found.closing, "mode": found.mode}
        asked = sets.definition_of(begin)
        title = title or found.title
    return _new(by, team, title or (like.title if like else "New survey"), asked, given)


@transaction.atomic
def next_wave(*, survey: Survey, by: Staff) -> Survey:
    """A draft that asks the same again, as the next wave of SURVEY."""
    _must_write(by, survey.team)
    first = survey.first or survey
    Survey.objects.select_for_update(no_key=True).get(pk=first.pk)  # two at once would take the same number
    made = make_survey(by=by, team=survey.team, title=first.title, like=survey)
    last = Survey.objects.filter(first=first).order_by("-wave").values_list("wave", flat=True).first() or 1
    made.first, made.wave = first, last + 1
    made.save(update_fields=["first", "wave"])
    return made


def _new(by: Staff, team: Team, title: str, asked: dict[str, Any], given: dict[str, Any]) -> Survey:
    survey = with_new_ref(
        Survey, lambda ref: Survey.objects.create(ref=ref, title=title, team=team, author=by, **given)
    )
    Version.objects.create(survey=survey, number=1, definition=asked)
    record("survey.made", "survey", survey.ref, by=by, team=team.pk)
    return survey


@transaction.atomic
def save_words(*, survey: Survey, by: Staff, mode: str, **words: Any) -> Survey:
    """Keep the words around the questions, the days and the languages. Whether it is anonymous is settled once it has
    opened: people were promised it. Raises NotADraft."""
    _must_write(by, survey.team)
    survey = _locked(survey)  # as it is now: somebody else may have opened it since the page was read
    if mode != survey.mode and not may_change_mode(survey):
        raise NotADraft
    survey.mode = mode
    for name in WORDS:
        if name in words:
            setattr(survey, name, words[name])
    survey.save(update_fields=["mode", "saved_at", *(name for name in WORDS if name in words)])
    record("survey.saved", "survey", survey.ref, by=by)
    return survey


def may_change_mode(survey: Survey) -> bool:
    """Whether nobody has been told yet what becomes of their answers."""
    return survey.state == Survey.State.DRAFT and survey.opened_on is None and not survey.mailings.exists()


@transaction.atomic
def change(*, survey: Survey, by: Staff, edit: Callable[[Questionnaire], Questionnaire]) -> Version:
    """Change what is asked. Of an open survey nobody sees it before `publish`; what somebody began to answer stays as
    it is, and the change makes the next version."""
    _must_write(by, survey.team)
    Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
    version = queries.working(survey)
    asked = edit(queries.questionnaire(version))
    live = survey.live_id == version.pk and survey.state != Survey.State.DRAFT
    if version.frozen or live:
        version = Version(survey=survey, number=version.number + 1)
    version.definition = definition.store(asked)
    version.save()
    Survey.objects.filter(pk=survey.pk).update(saved_at=clock.now())
    return version


@transaction.atomic
def translate(*, survey: Survey, by: Staff, language: str, words: dict[str, str], edit: Any) -> None:
    """Keep the words of a language, those around the questions (WORDS) and the questions' own."""
    survey = _locked(survey)  # or two languages saved at once would leave one
    said = {name: text for name, text in words.items() if text.strip()}
    others = {code: found for code, found in survey.said.items() if code != language}
    survey.said = others | ({language: said} if said else {})
    survey.save(update_fields=["said", "saved_at"])
    change(survey=survey, by=by, edit=edit)
    record("survey.translated", "survey", survey.ref, by=by, language=language)


def missing(survey: Survey) -> list[str]:
    """What stands between this survey and its opening, in sentences."""
    found = [] if survey.purpose.strip() else ["Say why you ask, and what you do with the answers."]
    found += [] if survey.closing.strip() else ["Say what happens next; people read it when they have answered."]
    if survey.closes and survey.closes < clock.today():
        found.append("The last day lies in the past. Choose a later one.")
    if survey.closes and survey.opens and survey.closes < survey.opens:
        found.append("It closes before it opens. Change one of the days.")
    return found + reading.problems_of(queries.working(survey).definition)


@transaction.atomic
def open_survey(*, survey: Survey, by: Staff) -> Survey:
    """From now, or from its first day on, people may answer. Raises NotReady with what is missing."""
    _must_write(by, survey.team)
    survey = _locked(survey)
    if survey.state == Survey.State.OPEN:
        raise NotADraft
    _check(survey)
    survey.live, survey.state, survey.closed_on = queries.working(survey), Survey.State.OPEN, None
    survey.opened_on = survey.opened_on or max(clock.today(), survey.opens or clock.today())
    survey.save(update_fields=["live", "state", "opened_on", "closed_on", "saved_at"])
    record("survey.opened", "survey", survey.ref, by=by, version=survey.live.number)
    return survey


@transaction.atomic
def publish(*, survey: Survey, by: Staff) -> Survey:
    """Ask the changed questions from now on; who has begun ends as they began. Raises NotReady, NotADraft."""
    _must_write(by, survey.team)
    survey = _locked(survey)
    if survey.state != Survey.State.OPEN:
        raise NotADraft
    _check(survey)
    survey.live = queries.working(survey)
    survey.save(update_fields=["live", "saved_at"])
    record("survey.changed", "survey", survey.ref, by=by, version=survey.live.number)
    return survey


@transaction.atomic
def close_survey(*, survey: Survey, by: Staff) -> Survey:
    """Nobody can answer any more; what waits in the box comes out, where ten have answered in all."""
    _must_write(by, survey.team)
    survey = _locked(survey)
    if survey.state != Survey.State.OPEN:
        raise NotADraft
    survey.state, survey.closed_on = Survey.State.CLOSED, clock.today()
    survey.save(update_fields=["state", "closed_on", "saved_at"])
    record("survey.closed", "survey", survey.ref, by=by)
    jobs.enqueue("surveys.empty", survey_id=survey.pk)
    return survey


@transaction.atomic
def discard(*, survey: Survey, by: Staff) -> None:
    """Throw a draft away that nobody has answered. Raises NotADraft."""
    _must_write(by, survey.team)
    survey = _locked(survey)
    answered = Answered.objects.filter(survey=survey).exists() or survey.answers.exists()
    if survey.state != Survey.State.DRAFT or answered or survey.mailings.exists() or survey.later.exists():
        raise NotADraft
    record("survey.discarded", "survey", survey.ref, by=by)
    Begun.objects.filter(survey=survey).delete()
    survey.delete()


def close_over() -> int:
    """Close the surveys whose last day has passed. Returns how many."""
    over = Survey.objects.filter(state=Survey.State.OPEN, closes__lt=clock.today())
    return sum(map(_close_over, over.values_list("pk", flat=True)))


@transaction.atomic
def _close_over(pk: int) -> bool:
    """Whether it was closed; not where somebody has closed it or chosen a later last day meanwhile."""
    over = Survey.objects.select_for_update(no_key=True).filter(state=Survey.State.OPEN, closes__lt=clock.today())
    survey = over.filter(pk=pk).first()
    if survey is None:
        return False
    survey.state, survey.closed_on = Survey.State.CLOSED, survey.closes
    survey.save(update_fields=["state", "closed_on", "saved_at"])
    record("survey.closed", "survey", survey.ref, by=SYSTEM)
    return True


def _check(survey: Survey) -> None:
    if found := missing(survey):
        raise NotReady(found)


def _locked(survey: Survey) -> Survey:
    return Survey.objects.select_for_update(of=("self",), no_key=True).select_related("team").get(pk=survey.pk)


def _must_write(by: Staff, team: Team) -> None:
    if not by.may("surveys.write"):
        raise NotAllowed
    if not queries.may_write_for(by, team):
        raise NotYourTeam
