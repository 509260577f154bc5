"""What people answered: results, who they were, other waves and areas, and the answers as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.models import Staff
from peelian.accounts.queries import scope_area_ids
from peelian.audit.actions import record
from peelian.core import charts, csv_files
from peelian.core.charts import SHARE_1
from peelian.core.statistics import proportion
from peelian.core.wording import plural_count
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.surveys import queries
from peelian.surveys.analysis import comparing, designs, files, registered, weighting
from peelian.surveys.analysis.results import FEWEST, chart_of, results
from peelian.surveys.analysis.tallies import WAYS, Response, questions, response, tallies
from peelian.surveys.analysis.weighting import LIMITS, Weighting
from peelian.surveys.analysis.where import wheres
from peelian.surveys.definition import GRID, Question
from peelian.surveys.forms_results import ALL, CompareForm, PeopleForm, ResultsForm
from peelian.surveys.models import Survey
from peelian.surveys.sealing import TOGETHER


def _way(request: StaffRequest, survey: Survey) -> str:
    way = request.GET.get("way", "")
    return way if way in WAYS and (not way or response(survey).may_be_cut) else ""


def _area(request: StaffRequest, survey: Survey) -> Area | None:
    """The area of the address, if it is in the person's scope (else it is not found); without one, the survey's team's
    only area, else the force's or the first of theirs."""
    staff: Staff = request.user
    within = scope_area_ids(staff)
    if code := request.GET.get("area", ""):
        return places.area(code, within=within)
    own = list(survey.team.areas.filter(valid_to=None, kind__in=Area.ADMINISTRATIVE)[:2])
    if len(own) == 1 and (within is None or own[0].pk in within):
        return own[0]
    if within is None:
        return places.force() or places.current_areas().filter(kind__in=Area.ADMINISTRATIVE).order_by("name").first()
    return staff.scope.filter(valid_to=None).order_by("name").first()


def _came(found: Response) -> str:
    """Of how many invited how many answered, with its interval."""
    if not found.invited or found.answered > found.invited:
        return ""
    rate = proportion(found.answered, found.invited)
    if 0 < found.answered < 5:
        return f"Of {plural_count(found.invited, 'person,people')} invited, fewer than 5 answered."
    return (
        f"Of {plural_count(found.invited, 'person,people')} invited, {found.answered:,} answered:"
        f" {SHARE_1.said(rate.value)} (95% interval {SHARE_1.said(rate.low)} to {SHARE_1.said(rate.high)})."
    )


def head(survey: Survey, here: str) -> dict[str, Any]:
    found = response(survey)
    boxed = queries.boxed(survey)
    return {
        "survey": survey,
        "here": here,
        "number": found.number,
        "came": _came(found),
        "ways": found.told,
        "may_be_cut": found.may_be_cut,
        "opted_in": found.opted_in,
        "all_opted_in": found.opted_in == found.number,
        "boxed": boxed,
        "samples": [designs.said(strata) for _, strata in designs.samples(survey)],
        "last_few": survey.is_anonymous and survey.state == Survey.State.CLOSED,
        "together": TOGETHER,
        "fewest": FEWEST,
    }


@require_safe
@needs("surveys.results")
def shown(request: StaffRequest, ref: str) -> HttpResponseBase:
    """Every question: /staff/surveys/<ref>/results/?way=invited&by=all&area=W01&limits=3"""
    survey = queries.survey_for(request.user, ref)
    asked = questions(survey)
    way, area = _way(request, survey), _area(request, survey)
    known = weighting.dimensions(asked, area) if area else []
    wanted, limits = _wanted(request, known), request.GET.get("limits", "3")
    limits = limits if limits in LIMITS else "3"
    design = designs.design(survey)
    found = tallies(survey, asked, way, [one.key for one in wanted], strata=design is not None)
    weights = weighting.weigh(found, wanted, limits, design) if wanted or design else None
    numbered = [(one.number, chart_of(one)) for one in results(asked, found, _usable(weights))]
    numbered += wheres(survey, asked, way)
    charts_of = [chart for _, chart in sorted(numbered, key=lambda one: one[0])]
    if (file := charts.csv_asked_for(request, *charts_of)) is not None:
        record("survey.exported", "survey", survey.ref, by=request.user, what=request.GET["csv"][:60])
        return file
    topics = [(one.topic, one.label) for one in known]
    initial = {"way": way, "by": request.GET.get("by", ""), "area": area.code if area else "", "limits": limits}
    context = head(survey, "results") | {
        "form": ResultsForm(request.user, topics, initial=initial),
        "charts": charts_of,
        "weights": weights,
        "area": area,
        "limits": limits,
        "by_chance": design is not None,
        "refusals": list(dict.fromkeys(_refusals(asked, found, weights))),
        "unknown": _unknown(asked, known, area),
    }
    return render(request, "surveys/staff/results.html", context)


def _usable(weights: Weighting | None) -> dict[tuple[str, ...], float] | None:
    return weights.weights if weights is not None and weights.weights else None


def _refusals(asked: Sequence[Question], found: Any, weights: Weighting | None) -> list[str]:
    """Why there are no weighted figures, once each."""
    if weights is None:
        return []
    if weights.refused:
        return [weights.refused]
    return [one.refused_weighted for one in results(asked, found, weights.weights) if one.refused_weighted]


def _wanted(request: StaffRequest, known: Sequence[weighting.Dimension]) -> list[weighting.Dimension]:
    by = request.GET.get("by", "")
    return [one for one in known if by in (ALL, one.topic)]


def _unknown(asked: Sequence[Question], known: Sequence[weighting.Dimension], area: Area | None) -> str:
    """Why nothing can be weighted, where nothing can."""
    if known:
        return ""
    if not weighting.asked_of_residents(asked):
        return "Nobody was asked for their age, sex or ethnic group, so the answers cannot be weighted to residents."
    place = f"of {area.name} " if area else ""
    return f"The population {place}is not loaded, so the answers cannot be weighted to residents."


@require_safe
@needs("surveys.results")
def people(request: StaffRequest, ref: str) -> HttpResponseBase:
    """Who answered, beside the residents of an area."""
    survey = queries.survey_for(request.user, ref)
    asked = questions(survey)
    way, area = _way(request, survey), _area(request, survey)
    known = registered.dimensions(survey, asked, area) if area else []
    drawn = []
    for one in known:
        found = registered.filled(survey, one, tallies(survey, asked, way, [one.key]), way)
        for made in comparing.respondents(found.tallies, [one]):
            drawn.append(comparing.respondents_chart(*made, registered=found.registered))
    if (file := charts.csv_asked_for(request, *drawn)) is not None:
        record("survey.exported", "survey", survey.ref, by=request.user, what=request.GET["csv"][:60])
        return file
    initial = {"way": way, "area": area.code if area else ""}
    context = head(survey, "people") | {"charts": drawn, "area": area, "unknown": _unknown(asked, known, area)}
    context["form"] = PeopleForm(request.user, initial=initial)
    return render(request, "surveys/staff/results_people.html", context)


@require_safe
@needs("surveys.results")
def compare(request: StaffRequest, ref: str) -> HttpResponseBase:
    """Beside another wave, and area by area."""
    survey = queries.survey_for(request.user, ref)
    asked, way = questions(survey), _way(request, survey)
    visible = set(queries.surveys_of(request.user).values_list("pk", flat=True))
    others = [one for one in comparing.waves(survey) if one.pk in visible]
    before = next((one for one in others if str(one.wave) == request.GET.get("wave")), others[0] if others else None)
    drawn = []
    if before is not None and (found := comparing.changes(survey, before, way)):
        drawn.append(comparing.changes_chart(found))
    scales = [] if survey.is_anonymous else [one for one in asked if one.good and one.kind != GRID]
    one = next((q for q in scales if q.key == request.GET.get("question")), scales[0] if scales else None)
    areas = comparing.by_area(survey, one, way) if one else None
    drawn += [areas[0]] if areas else []
    if (file := charts.csv_asked_for(request, *drawn)) is not None:
        record("survey.exported", "survey", survey.ref, by=request.user, what=request.GET["csv"][:60])
        return file
    initial = {"way": way, "wave": str(before.wave) if before else "", "question": one.key if one else ""}
    context = head(survey, "compare") | {
        "form": CompareForm(others, scales, initial=initial), "charts": drawn, "before": before, "areas": areas
    }  # fmt: skip
    return render(request, "surveys/staff/results_compare.html", context)


@require_safe
@needs("surveys.results")
def codebook(request: StaffRequest, ref: str) -> HttpResponse:
    survey = queries.survey_for(request.user, ref)
    context = head(survey, "codebook") | {"variables": files.codebook(survey, questions(survey))}
    return render(request, "surveys/staff/codebook.html", context)


@require_safe
@needs("surveys.results")
def codebook_file(request: StaffRequest, ref: str) -> HttpResponseBase:
    survey = queries.survey_for(request.user, ref)
    heads = ["column", "question", "kind", "code", "meaning", "note"]
    return csv_files.download(f"survey-{ref}-codebook", heads, files.codebook_rows(survey, questions(survey)))


@require_safe
@needs("surveys.results")
def answers_file(request: StaffRequest, ref: str) -> HttpResponseBase:
    survey = queries.survey_for(request.user, ref)
    asked = questions(survey)
    record("survey.exported", "survey", survey.ref, by=request.user, what="answers")
    return csv_files.download(f"survey-{ref}-answers", files.columns(asked), files.rows(survey, asked))
