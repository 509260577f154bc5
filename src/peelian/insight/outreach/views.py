"""The outreach planner and its plans."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.audit.actions import record
from peelian.core import charts, clock
from peelian.core.suppression import told as told_of
from peelian.insight.kept import kept_part
from peelian.insight.models import OutreachPlace
from peelian.insight.outreach import planner as reads
from peelian.insight.outreach import plans as kept
from peelian.insight.outreach import printed, records, shapes
from peelian.insight.outreach.errors import NothingChosen, NotToBeRecorded
from peelian.insight.outreach.forms import OutcomeForm, PlanForm, PlannerForm, ShapeForm, topics_to_choose
from peelian.insight.outreach.yields import HOURS
from peelian.insight.reach import told
from peelian.insight.reach.views import area_asked_for, without_figures
from peelian.members.models import DoorstepSignUp
from peelian.places import queries as areas
from peelian.places.models import Area

PLANS = 50
CHOICES = ("area", "kind", "source", "topic", "hours", "shape")


def _asked(request: StaffRequest) -> tuple[Area | None, PlannerForm | None]:
    """The choices of the address, and what it leaves out as it is at first."""
    area = area_asked_for(request, request.user)
    if area is None or area.kind not in Area.ADMINISTRATIVE:
        return None, None
    topics = [code for code, _ in topics_to_choose()]
    given = {
        "area": area.code,
        "kind": request.GET.get("kind") or OutreachPlace.Kind.SMALL_AREA,
        "source": request.GET.get("source") or DoorstepSignUp.Source.DOOR,
        "topic": request.GET.get("topic") or (topics[0] if topics else ""),
        "hours": request.GET.get("hours") or f"{HOURS:g}",
        "shape": request.GET.get("shape", ""),
    }
    return area, PlannerForm(request.user, given)


def _planner(request: StaffRequest, area: Area, form: PlannerForm) -> reads.Planner:
    of = form.cleaned_data
    shape = of.get("shape")
    within = (shape.name, partial(shapes.inside, shape)) if shape else None
    return reads.planner(area, of["kind"], of["source"], of["topic"], of["hours"], request.user, within=within)


@require_safe
@needs("insight.read")
def planner(request: StaffRequest) -> HttpResponseBase:
    """/staff/insight/outreach/?area=F&kind=small-area&source=door&topic=ethnic-group-5&hours=2"""
    area, form = _asked(request)
    if area is None or form is None:
        return render(request, "insight/reach/no_areas.html", {"title": "Outreach planner"})
    context: dict[str, Any] = {"area": area, "form": form, "may_plan": request.user.may("outreach.plan")}
    if topics_to_choose() and form.is_valid():
        if "csv" in request.GET:
            shown = _planner(request, area, form)
            if shown.chart and (file := charts.csv_asked_for(request, shown.chart)) is not None:
                record("outreach.exported", "area", area.code, by=request.user)
                return file
        shape = form.cleaned_data.get("shape")
        context |= {"places": _places(request, area, form, context["may_plan"]), "within": shape.name if shape else ""}
    context |= {"no_topics": not topics_to_choose(), "error": kept.forecast_error(request.user)}
    return render(request, "insight/outreach/planner.html", context)


def _places(request: StaffRequest, area: Area, form: PlannerForm, may_plan: bool) -> SafeString:
    """Map, list and method. Small areas are the same for everybody and change with the rollups alone, so theirs are
    kept; streets, venues and shapes are a team's, and there at once."""

    def make() -> dict[str, Any]:
        chosen = [(name, form[name].value()) for name in CHOICES if name in form.fields]
        shown = _shortened(_planner(request, area, form))
        return {"shown": shown, "choices": chosen, "may_plan": may_plan, "area": area}

    template, of = "insight/outreach/places.html", form.cleaned_data
    if of["kind"] != OutreachPlace.Kind.SMALL_AREA or of.get("shape"):
        return render_to_string(template, {**make(), "request": request})
    asked = (area.pk, sorted(of.items()), "shape" in form.fields, may_plan, areas.version(), areas.version_of_tables())
    return kept_part(request, template, asked, (told.ROLLUP, records.NAME), make)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("outreach.plan")
def drawn(request: StaffRequest) -> HttpResponse:
    """Shapes to plan within: those there are, and a map to draw another on."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ShapeForm(request.user, *sent)
    if form.is_valid():
        data = form.cleaned_data
        made = shapes.save_shape(name=data["name"], team=data["team"], parts=form.parts, by=request.user)
        messages.success(request, f"{made} is saved. The planner now shows the places in it.")
        return redirect(f"{reverse('insight_staff:outreach')}?shape={made.pk}")
    context = {
        "form": form,
        "shapes": shapes.shapes_for(request.user),
        "outline_kind": _outline_kind(),
    }
    return render(request, "insight/outreach/shapes.html", context)


def _outline_kind() -> str:
    """The smallest administrative kind there is: its borders help to find one's way while drawing."""
    there = set(areas.current_areas().order_by().values_list("kind", flat=True).distinct())
    return next((kind for kind in reversed(Area.ADMINISTRATIVE) if kind in there), "")


@require_POST
@needs("outreach.plan")
def drawn_remove(request: StaffRequest, pk: int) -> HttpResponse:
    shapes.remove_shape(shape=shapes.shape_for(request.user, pk), by=request.user)
    messages.success(request, "The shape is gone. Plans made within it stay.")
    return redirect("insight_staff:outreach_shapes")


def _shortened(shown: reads.Planner) -> reads.Planner:
    """With a table as long as the page's list: a force has thousands of small areas, and the file has them all."""
    if shown.chart is None or len(shown.places) <= reads.SHOWN:
        return shown
    table = shown.chart.table
    note = f"The first {reads.SHOWN} of {len(shown.places):,}; the file has all. {table.note}"
    short = replace(table, rows=table.rows[: reads.SHOWN], note=note)
    return replace(shown, chart=replace(shown.chart, table=short))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("outreach.plan")
def new(request: StaffRequest) -> HttpResponse:
    """A plan of the places that the address names (`place`), by the choices of the planner."""
    area, asked = _asked(request)
    if area is None or asked is None or not asked.is_valid():
        return redirect("insight_staff:outreach")
    shown = _planner(request, area, asked)
    wanted = set(request.GET.getlist("place"))
    chosen = [one for one in shown.places if one.key in wanted]
    if not chosen:
        messages.error(request, "Tick at least one place to plan for.")
        return redirect(_back(request))
    form = PlanForm(request.user, chosen, request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = kept.make_plan(
                by=request.user, team=data["team"], area=area, day=data["day"], source=shown.source, topic=shown.topic,
                session_hours=asked.cleaned_data["hours"], officers=list(data["officers"]), places=form.places,
            )  # fmt: skip
        except NothingChosen as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Planned. Print it for those who go.")
            return redirect("insight_staff:outreach_plan", made.pk)
    return render(request, "insight/outreach/new.html", {"form": form, "shown": shown, "back": _back(request)})


def _back(request: StaffRequest) -> str:
    asked = request.GET.copy()
    asked.pop("place", None)
    return f"{reverse('insight_staff:outreach')}?{asked.urlencode()}"


@require_safe
@needs("insight.read")
def plans(request: StaffRequest) -> HttpResponse:
    rows = list(kept.plans_for(request.user).prefetch_related("places")[:PLANS])
    context = {
        "plans": [(row, sum(place.hours for place in row.places.all())) for row in rows],
        "error": kept.forecast_error(request.user),
        "enough": kept.ENOUGH,
    }
    return render(request, "insight/outreach/plans.html", context)


@require_safe
@needs("insight.read")
def plan(request: StaffRequest, pk: int) -> HttpResponse:
    return _plan(request, pk, None)


def _plan(request: StaffRequest, pk: int, form: OutcomeForm | None) -> HttpResponse:
    found = kept.plan_for(request.user, pk)
    lines = printed.lines(found)
    context = {
        "plan": found, "lines": lines, "officers": printed.officers(found),
        "map": without_figures(printed.picture(found, lines)), "hours": sum(one.place.hours for one in lines),
        "elsewhere": told_of(found.elsewhere) if found.elsewhere else "",
        "form": form or OutcomeForm([one.place for one in lines]), "may_plan": request.user.may("outreach.plan"),
    }  # fmt: skip
    return render(request, "insight/outreach/plan.html", context)


@require_safe
@needs("insight.read")
def plan_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    """The plan on paper, for those who go."""
    found = kept.plan_for(request.user, pk)
    answer = HttpResponse(printed.pdf(found, made_at=clock.now()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="outreach-{found.day:%Y-%m-%d}-{found.pk}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    record("outreach.printed", "outreach_plan", found.pk, by=request.user)
    return answer


@require_POST
@needs("outreach.plan")
def outcome(request: StaffRequest, pk: int) -> HttpResponse:
    """Hours spent; sign-ups are counted."""
    found = kept.plan_for(request.user, pk)
    form = OutcomeForm(list(found.places.all()), request.POST)
    if form.is_valid():
        try:
            kept.record_outcome(plan=found, hours=form.spent, by=request.user)
        except NotToBeRecorded as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, "Recorded. The next forecasts learn from it in the night.")
        return redirect("insight_staff:outreach_plan", pk)
    return _plan(request, pk, form)
