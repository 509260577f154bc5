"""Measures: the list by aim, one measure, its definition, and figures that come in by file."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core import charts, csv_files
from peelian.core.periods import Period
from peelian.insight.measures import actions, detail, importing, listing, queries
from peelian.insight.measures.forms import DefinitionForm, ImportForm, WhichForm
from peelian.insight.measures.reading import COLUMNS
from peelian.insight.measures.rollups import NAME
from peelian.insight.queries import as_of
from peelian.places.errors import FileRefused as RowsRefused
from peelian.places.models import Area


def which(request: StaffRequest) -> tuple[WhichForm, Area | None, Period | None]:
    """The form, and what is asked for: an area in scope, and a period or the newest."""
    area = queries.area_for(request.user, request.GET.get("area", ""))
    whole = request.GET.get("area", "") == "" and area is None
    given = {"area": area.code if area else "", "period": request.GET.get("period", "")}
    form = WhichForm(request.user, whole or not request.user.scope.exists(), given)
    return form, area, form.cleaned_data["period"] if form.is_valid() else None


def _with_area(path: str, area: Area | None) -> str:
    return f"{path}?{urlencode({'area': area.code})}" if area else path


@require_safe
@needs("insight.read")
def listed(request: StaffRequest) -> HttpResponseBase:
    form, area, until = which(request)
    groups = listing.by_aim(area, until)
    if request.GET.get("csv") == listing.KEY:
        table = listing.table(groups)
        return csv_files.download(listing.KEY, table.heads, table.raw)
    context = {
        "form": form,
        "area": area,
        "groups": groups,
        "until": until,
        "filtered": area is not None or until is not None,
        "as_of": as_of(NAME),
        "csv_url": f"?{urlencode([*request.GET.items(), ('csv', listing.KEY)])}",
        "query": request.GET.urlencode(),
        "may_manage": request.user.may("insight.manage"),
    }
    return render(request, "insight/measures/list.html", context)


@require_safe
@needs("insight.read")
def measure(request: StaffRequest, code: str) -> HttpResponseBase:
    definition = queries.definition(code)
    form, area, until = which(request)
    shown = detail.of(request.user, definition, area, until)
    if (file := charts.csv_asked_for(request, *shown.charts, *shown.tables)) is not None:
        return file
    context = {
        "form": form,
        "definition": definition,
        "area": area,
        "until": until,
        "shown": shown,
        "versions": queries.versions(definition.measure),
        "as_of": as_of(NAME) if definition.measure.computed else None,
        "may_manage": request.user.may("insight.manage"),
        "ask_url": _with_area(reverse("insight_staff:measure_ask", args=[code]), area),
    }
    return render(request, "insight/measures/measure.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("insight.manage")
def new(request: StaffRequest) -> HttpResponse:
    form = DefinitionForm(None, request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.said()
        made = actions.make_measure(by=request.user, **given)
        messages.success(request, "The measure is there. Bring its figures in by file.")
        return redirect(made)
    return render(request, "insight/measures/define.html", {"form": form, "definition": None})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("insight.manage")
def define(request: StaffRequest, code: str) -> HttpResponse:
    before = queries.definition(code)
    form = DefinitionForm(before, request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.redefine(measure=before.measure, by=request.user, **form.said())
        messages.success(request, "That is the definition from now on. The one before it is kept beneath.")
        return redirect(before.measure)
    return render(request, "insight/measures/define.html", {"form": form, "definition": before})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("insight.manage")
def import_file(request: StaffRequest) -> HttpResponse:
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            done = importing.import_upload(file.read(importing.LARGEST + 1), file.name, by=request.user)
        except (RowsRefused, importing.FileRefused) as problem:
            for sentence in str(problem).splitlines():
                form.add_error("file", sentence)
        else:
            messages.success(request, f"{done.said}.")
            for remark in done.remarks[:20]:
                messages.info(request, remark)
            return redirect("insight_staff:measures")
    return render(request, "insight/measures/import.html", {"form": form, "columns": COLUMNS})


@require_safe
@needs("insight.manage")
def template(request: StaffRequest) -> HttpResponseBase:
    return csv_files.download("measures", COLUMNS, importing.TEMPLATE)
