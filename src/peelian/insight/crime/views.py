"""The page of crime."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.audit.actions import record
from peelian.core import charts
from peelian.core.charts import Chart
from peelian.insight.crime import seen as reads
from peelian.insight.crime.forms import ALL, KINDS, CrimeForm
from peelian.insight.reach.views import area_asked_for


@require_safe
@needs("insight.read")
def crime(request: StaffRequest) -> HttpResponseBase:
    """/staff/insight/crime/?area=W01&kind=burglary"""
    area = area_asked_for(request, request.user)
    if area is None:
        return render(request, "insight/reach/no_areas.html", {"title": "Crime"})
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ALL
    shown = reads.seen(area, kind)
    ground = Chart("ground", shown.ground.caption, "", shown.ground) if shown.ground else None
    every = [*shown.charts, ground] if ground else shown.charts
    if (file := charts.csv_asked_for(request, *every)) is not None:
        record("crime.exported", "area", area.code, by=request.user, crime=kind)
        return file
    form = CrimeForm(request.user, initial={"area": area.code, "kind": kind})
    asked = request.GET.copy()
    asked["csv"] = "ground"
    context = {"shown": shown, "form": form, "ground_csv": f"?{asked.urlencode()}"}
    return render(request, "insight/crime/crime.html", context)
