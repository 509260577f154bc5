"""Results beside others: residents of an area, an earlier wave, the areas of a survey. Never a ranking: areas stand by
the alphabet, each with its interval, beside everybody who answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from peelian.core import charts, wording
from peelian.core.charts import Chart, Column, Dot, Table
from peelian.core.statistics import Difference, newcombe, wilson
from peelian.core.suppression import NOT_TOLD, small, suppress
from peelian.surveys import definition
from peelian.surveys.analysis.results import FEWEST, Result, results
from peelian.surveys.analysis.tallies import Tallies, hows, questions, tallies
from peelian.surveys.analysis.weighting import Dimension
from peelian.surveys.definition import Question, say
from peelian.surveys.models import Answer, Survey

NO_CLEAR = "no clear difference"


@dataclass(frozen=True)
class Beside:
    """A group among those who answered beside its share of residents. `ratio` is share ÷ share of residents, `weight`
    what makes up for it (the inverse)."""

    label: str
    count: int | None
    share: float | None
    low: float | None
    high: float | None
    residents: float
    verdict: str

    @property
    def gap(self) -> float | None:
        return None if self.share is None else self.share - self.residents

    @property
    def ratio(self) -> float | None:
        return self.share / self.residents if self.share is not None and self.residents else None

    @property
    def weight(self) -> float | None:
        return self.residents / self.share if self.share else None


def beside(label: str, count: int | None, base: int, residents: float) -> Beside:
    """COUNT of BASE who answered against a share of RESIDENTS that is itself certain."""
    if count is None or not base:
        return Beside(label, count, None, None, None, residents, "not told" if count is None else "nobody answered")
    low, high = wilson(count, base)
    verdict = "over-represented" if low > residents else "under-represented" if high < residents else NO_CLEAR
    return Beside(label, count, count / base, low, high, residents, verdict)


def respondents(found: Tallies, wanted: Sequence[Dimension]) -> list[tuple[Dimension, list[Beside], int]]:
    """For each dimension its groups, and how many answered it; FOUND is counted by the questions of WANTED."""
    made = []
    for at, one in enumerate(wanted):
        counts: Counter[str] = Counter()
        for cell, number in found.people.items():
            if one.shares.get(cell[at], 0) > 0:
                counts[cell[at]] += number
        codes = [code for code, share in one.shares.items() if share > 0]
        told = suppress([counts[code] for code in codes])
        base = counts.total()
        rows = [beside(one.labels[c], n, base, one.shares[c]) for c, n in zip(codes, told, strict=True)]
        made.append((one, rows, base))
    return made


def respondents_chart(one: Dimension, rows: Sequence[Beside], base: int, *, registered: int = 0) -> Chart:
    """REGISTERED of BASE are known from when they registered, and not from the survey."""
    share, points = charts.SHARE_1, charts.POINTS
    dots = [
        Dot(row.label, row.share, row.low, row.high, row.residents, row.verdict, clear=row.verdict != NO_CLEAR)
        for row in rows
        if row.share is not None
    ]
    columns: list[Column | str] = [charts.words(one.label), "Answered", Column("Share", share), Column("From", share)]
    columns += [Column("To", share), Column("Share of residents", share), Column("Gap, points", points)]
    columns += [Column("Ratio", charts.Unit(places=3)), Column("Weight", charts.Unit(places=3))]
    columns.append(charts.words("What it says"))
    body = [
        [row.label, NOT_TOLD if row.count is None else row.count, row.share, row.low, row.high, row.residents, row.gap,
         row.ratio, row.weight, row.verdict]
        for row in rows
    ]  # fmt: skip
    note = f"Of {wording.plural_count(base, 'person,people')} who said. Residents: {one.source}."
    if registered:
        some = "Fewer than 5" if small(registered) else wording.number(registered)
        note += f" {some} of them said it when they registered and not in the survey; they are only counted here."
    table = Table(f"{one.label}: who answered, against residents", columns, body, " ".join([note, *one.notes]))
    return charts.dots(
        f"people-{one.topic}", one.label, dots, noun=one.label, target_name="Residents", note=note, table=table
    )


@dataclass(frozen=True)
class Change:
    """The good end of one question in two waves, and the difference: None where one wave is not estimated."""

    title: str
    key: str
    now: Result
    before: Result
    difference: Difference | None
    why_not: str = ""

    @property
    def verdict(self) -> str:
        if self.difference is None:
            return self.why_not
        if not self.difference.clear:
            return NO_CLEAR
        return "higher than before" if self.difference.value > 0 else "lower than before"


def waves(survey: Survey) -> list[Survey]:
    """The other waves of a survey, the newest first."""
    first = survey.first or survey
    found = Survey.objects.filter(first=first) | Survey.objects.filter(pk=first.pk)
    return list(found.exclude(pk=survey.pk).exclude(state=Survey.State.DRAFT).order_by("-wave"))


def changes(survey: Survey, before: Survey, way: str = "") -> list[Change]:
    """Every question with a good end that both waves asked in the same words and with the same answers."""
    now_asked, then_asked = questions(survey), questions(before)
    then_by_key = {one.key: one for one in then_asked}
    now = {one.key: one for one in results(now_asked, tallies(survey, now_asked, way))}
    then = {one.key: one for one in results(then_asked, tallies(before, then_asked, way))}
    found = []
    for one in now_asked:
        same = then_by_key.get(one.key)
        if not one.good or same is None:
            continue
        for key in [key for key in now if (key == one.key or key.startswith(f"{one.key}-")) and key in then]:
            found.append(_change(one, same, now[key], then[key]))
    return found


def _change(one: Question, same: Question, now: Result, then: Result) -> Change:
    if set(one.codes) != set(same.codes) or set(one.good) != set(same.good) or one.kind != same.kind:
        return Change(now.title, now.key, now, then, None, "not compared: the answers on offer changed")
    if say(one.text) != say(same.text):
        return Change(now.title, now.key, now, then, None, "not compared: the question was put in other words")
    a, b = now.good, then.good
    if a is None or b is None or a.share is None or b.share is None or a.count is None or b.count is None:
        return Change(now.title, now.key, now, then, None, "not compared: too few answered in one of the waves")
    return Change(now.title, now.key, now, then, newcombe(a.count, now.base, b.count, then.base))


def changes_chart(found: Sequence[Change]) -> Chart:
    points, share = charts.POINTS, charts.SHARE_1
    rows = [
        Dot(one.title, one.difference.value, one.difference.low, one.difference.high, 0.0, one.verdict,
            clear=one.difference.clear)
        for one in found if one.difference is not None
    ]  # fmt: skip
    columns: list[Column | str] = [charts.words("Question"), Column("Now", share), "Of", Column("Before", share), "Of "]
    columns += [Column("Difference, points", points), Column("From", points), Column("To", points)]
    columns.append(charts.words("What it says"))
    body = [
        [one.title, _good(one.now), one.now.base, _good(one.before), one.before.base,
         *((one.difference.value, one.difference.low, one.difference.high) if one.difference else (None,) * 3),
         one.verdict]
        for one in found
    ]  # fmt: skip
    note = "Newcombe’s hybrid score interval, 95%, for answers of different people."
    return charts.dots(
        "waves", "Change between the waves, at the good end of each scale", rows, unit=points, noun="Question",
        target_name="No change", note=note, finding=_what_changed(found), table=Table("The waves", columns, body, note),
    )  # fmt: skip


def _good(result: Result) -> float | None:
    return result.good.share.value if result.good and result.good.share else None


def _what_changed(found: Sequence[Change]) -> str:
    clear = [one for one in found if one.difference and one.difference.clear]
    said = [
        f"“{one.title}” {one.verdict.removesuffix(' than before')} by"
        f" {abs(100 * one.difference.value):.1f} points" for one in clear if one.difference
    ]  # fmt: skip
    compared = sum(one.difference is not None for one in found)
    rest = compared - len(clear)
    parts = [f"{wording.listed(said)}." if said else ""]
    parts.append(f"No clear difference: {rest} of {compared}." if rest else "")
    return " ".join(part for part in parts if part) or "Nothing can be compared."


def by_area(survey: Survey, one: Question, way: str = "") -> tuple[Chart, int] | None:
    """The good end of a question by area, and how many areas had too few answers. None for an anonymous survey, which
    does not know areas, and where no answer has one."""
    if survey.is_anonymous or not one.good or one.kind == definition.GRID:
        return None
    rows = Answer.objects.filter(survey=survey, area__isnull=False, **{f"answers__{one.key}__isnull": False})
    if (asked_for := hows(way)) is not None:
        rows = rows.filter(how__in=asked_for)
    rows = rows.exclude(**{f"answers__{one.key}": definition.DONT_KNOW})
    counted = rows.order_by().values_list("area__name", f"answers__{one.key}").annotate(n=Count("pk"))
    bases: Counter[str] = Counter()
    good: Counter[str] = Counter()
    for name, code, number in counted:
        bases[name] += number
        good[name] += number if code in one.good else 0
    if not bases:
        return None
    whole = good.total() / bases.total()
    dots, few = [], 0
    for name in sorted(bases):
        part, base = good[name], bases[name]
        if base < FEWEST or 0 < part < 5 or 0 < base - part < 5:
            few += 1
            continue
        low, high = wilson(part, base)
        verdict = "above everybody" if low > whole else "below everybody" if high < whole else NO_CLEAR
        dots.append(Dot(name, part / base, low, high, whole, verdict, clear=verdict != NO_CLEAR))
    note = f"By the alphabet. The stroke is everybody who answered with an area, {bases.total():,} people."
    chart = charts.dots(
        "areas", f"{say(one.text)}: {wording.listed([one.label(code) for code in one.good])}", dots, noun="Area",
        target_name="Everybody", note=note,
    )  # fmt: skip
    return chart, few
