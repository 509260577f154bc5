"""Who answered beside who was asked: by type of crime, area and month of the lists that were asked.

Where answers are kept with the person, each says of which cell of a list it is (`asking.stratum_of`), so that the
answers of each group can be counted of those asked. Of an anonymous survey nothing can be tied to the list, ever; there
what people say themselves is laid beside it, where a question offers the list's types of crime or areas as answers.

Each group is tested against all the others together; of what a table calls clear at most one in twenty is expected to
be chance (Benjamini and Hochberg, core.statistics.several). Small numbers are hidden as in every table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from peelian.core import charts, wording
from peelian.core.charts import Chart, Column, Dot, Table
from peelian.core.statistics import benjamini_hochberg, exact_or_score_p, proportion, two_proportion_p, wilson
from peelian.core.suppression import NOT_TOLD, suppress, suppress_table
from peelian.surveys import definition
from peelian.surveys.analysis.tallies import Tallies, questions, tallies
from peelian.surveys.definition import Question
from peelian.surveys.frames.models import FrameCell
from peelian.surveys.frames.queries import NO_AREA
from peelian.surveys.models import Answer, Mailing, Survey

MORE, LESS = "answered more often than the others", "answered less often than the others"
UNCLEAR = "no clear difference"
OVER, UNDER = "over-represented", "under-represented"
Of = Callable[[FrameCell], str]  # the group of a cell
MATCHED = 0.5  # of the groups of a list that a question must offer, to stand for them


@dataclass(frozen=True)
class Group:
    """One type of crime, area or month: how many were asked, how many of them answered; None where not told."""

    label: str
    asked: int | None
    answered: int | None
    share_of_asked: float | None
    value: float | None  # response rate; of an anonymous survey the share of those who said
    low: float | None
    high: float | None
    verdict: str


def cells_asked(survey: Survey) -> list[FrameCell]:
    """The cells of the lists whose people have been invited."""
    asked = survey.mailings.filter(kind=Mailing.Kind.INVITATION, send__isnull=False, frame__isnull=False)
    return list(FrameCell.objects.filter(frame__in=asked.values("frame")).select_related("area"))


def _month(cell: FrameCell) -> str:
    return wording.month_and_year(cell.month)


DIMENSIONS: dict[str, tuple[str, Of]] = {
    "crime": ("Type of crime", lambda cell: cell.crime),
    "area": ("Area", lambda cell: cell.area.name if cell.area else NO_AREA),
    "month": ("Month of the crime", _month),
}


def by_response(cells: Sequence[FrameCell], answered: Mapping[int, int], of: Of) -> list[Group]:
    """Response rates. ANSWERED counts answers by cell."""
    asked: Counter[str] = Counter()
    came: Counter[str] = Counter()
    for cell in cells:
        asked[of(cell)] += cell.people
        came[of(cell)] += min(answered.get(cell.pk, 0), cell.people)
    labels = sorted(asked, key=str.casefold)
    told = suppress_table([[came[label], asked[label] - came[label]] for label in labels])
    shown = [at for at, row in enumerate(told.cells) if None not in row]
    ps = [
        two_proportion_p(came[labels[at]], asked[labels[at]], came.total() - came[labels[at]],
                         asked.total() - asked[labels[at]])
        if asked.total() > asked[labels[at]] else 1.0
        for at in shown
    ]  # fmt: skip
    clear = dict(zip(shown, benjamini_hochberg(ps), strict=True))
    whole = came.total() / asked.total() if asked.total() else 0.0
    found = []
    for at, label in enumerate(labels):
        if at not in clear:
            found.append(Group(label, told.row_totals[at], None, None, None, None, None, NOT_TOLD))
            continue
        rate = proportion(came[label], asked[label])
        verdict = (MORE if rate.value > whole else LESS) if clear[at] else UNCLEAR
        share = asked[label] / asked.total()
        found.append(Group(label, asked[label], came[label], share, rate.value, rate.low, rate.high, verdict))
    return found


def by_what_they_say(cells: Sequence[FrameCell], said: Mapping[str, int], of: Of) -> list[Group]:
    """The shares of those who SAID each of a list's groups, beside the list's. What the question does not offer is in
    neither."""
    asked: Counter[str] = Counter()
    for cell in cells:
        asked[of(cell)] += cell.people
    labels = [label for label in sorted(asked, key=str.casefold) if label.casefold() in said]
    counts = [said[label.casefold()] for label in labels]
    told, base, whole = suppress(counts), sum(counts), sum(asked[label] for label in labels)
    shown = [at for at, count in enumerate(told) if count is not None and base]
    ps = [exact_or_score_p(counts[at], base, asked[labels[at]] / whole) for at in shown]
    clear = dict(zip(shown, benjamini_hochberg(ps), strict=True))
    few = suppress([asked[label] for label in labels])
    found = []
    for at, label in enumerate(labels):
        if at not in clear or few[at] is None:
            found.append(Group(label, few[at], None, None, None, None, None, NOT_TOLD))
            continue
        share = asked[label] / whole
        low, high = wilson(counts[at], base)
        verdict = (OVER if counts[at] / base > share else UNDER) if clear[at] else UNCLEAR
        found.append(Group(label, asked[label], counts[at], share, counts[at] / base, low, high, verdict))
    return found


def against_the_list(survey: Survey) -> list[Chart]:
    """A chart for each of type of crime, area and month that can be compared; empty where no list was asked."""
    cells = cells_asked(survey)
    if not cells:
        return []
    if survey.is_anonymous:
        return _from_questions(survey, cells)
    rows = Answer.objects.filter(survey=survey, stratum__startswith="frame:").order_by()
    counted = {
        int(stratum.removeprefix("frame:")): n for stratum, n in rows.values_list("stratum").annotate(n=Count("pk"))
    }
    return [_chart(name, label, by_response(cells, counted, of), anonymous=False)
            for name, (label, of) in DIMENSIONS.items()]  # fmt: skip


def _from_questions(survey: Survey, cells: Sequence[FrameCell]) -> list[Chart]:
    asked = [one for one in questions(survey) if one.kind == definition.SINGLE]
    found = tallies(survey, asked)
    drawn = []
    for name, (label, of) in DIMENSIONS.items():
        labels = {of(cell).casefold() for cell in cells}
        for one in asked:
            said = _said(one, found)
            if len(labels & set(said)) >= max(2, MATCHED * len(labels)):
                drawn.append(_chart(name, label, by_what_they_say(cells, said, of), anonymous=True))
                break
    return drawn


def _said(one: Question, found: Tallies) -> dict[str, int]:
    return {one.label(code).casefold(): found.of(one.key, "", code).total() for code in one.codes}


def _chart(name: str, label: str, groups: Sequence[Group], *, anonymous: bool) -> Chart:
    share = charts.SHARE_1
    whole = [one.asked for one in groups if one.value is not None and one.asked is not None]
    rate = sum(one.answered or 0 for one in groups) / sum(whole) if whole else 0.0
    dots = [
        Dot(one.label, one.value, one.low, one.high, (one.share_of_asked if anonymous else rate) or 0.0, one.verdict,
            clear=one.verdict != UNCLEAR)
        for one in groups if one.value is not None and one.low is not None and one.high is not None
    ]  # fmt: skip
    columns: list[Column | str] = [charts.words(label), "On the list", Column("Share of the list", share)]
    columns += ["Said so" if anonymous else "Answered", Column("Share who said so" if anonymous else "Response", share)]
    columns += [Column("From", share), Column("To", share), charts.words("What it says")]
    body = [
        [one.label, NOT_TOLD if one.asked is None else one.asked, one.share_of_asked,
         NOT_TOLD if one.answered is None else one.answered, one.value, one.low, one.high, one.verdict]
        for one in groups
    ]  # fmt: skip
    title = f"{label}: who answered, against the list" if anonymous else f"{label}: how many of the list answered"
    note = "Wilson score intervals, 95%. What is called clear holds for the whole table (Benjamini and Hochberg)."
    return charts.dots(
        f"list-{name}", title, dots, noun=label, target_name="The list" if anonymous else "Everybody asked", note=note,
        table=Table(title, columns, body, note),
    )  # fmt: skip
