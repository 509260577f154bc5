"""The monthly panel of an area or a team, and how teams use what they have."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.queries import teams_in_scope
from peelian.core import charts, csv_files
from peelian.core.panels import panels
from peelian.insight import queries as insight
from peelian.insight.panels import lines, sections
from peelian.insight.panels.forms import PanelForm
from peelian.insight.panels.usage import usage

OWN = (lines.MEMBERS.code, lines.ALERTS.code)


@require_safe
@needs("insight.read")
def panel(request: StaffRequest) -> HttpResponseBase:
    """Members, alerts, what came back and what it cost: now, in the period before, and the change."""
    form = PanelForm(request.user, request.GET)
    context: dict[str, Any] = {"form": form, "as_of": insight.as_of("panels.alerts", "panels.standing")}
    if form.about is None:
        return render(request, "insight/panels/panel.html", context)
    wanted = form.wanted
    found = sections.sections(wanted)
    found += [
        sections.Section(code, one.title, rows)
        for code, one in panels.items()
        if code not in OWN and (rows := one.lines(wanted.scope))
    ]
    section = next((one for one in found if one.key == request.GET.get("csv")), None)
    if section is not None:
        return csv_files.download(f"{section.key} {wanted.scope.period}", sections.HEADS, section.rows)
    drawn = [sections.by_type(wanted), *sections.by_month(wanted)]
    if (file := charts.csv_asked_for(request, *drawn)) is not None:
        return file
    context |= {"sections": found, "charts": drawn, "query": request.GET.urlencode()}
    return render(request, "insight/panels/panel.html", context)


@require_safe
@needs("insight.read")
def teams(request: StaffRequest) -> HttpResponseBase:
    """Alerts, answers and tools of each team and officer in the person's scope."""
    form = PanelForm(request.user, request.GET)
    found = usage(list(teams_in_scope(request.user).order_by("name")), form.wanted)
    tables = {"teams": found.teams, "tools": found.tools, "officers": found.officers}
    if (asked := request.GET.get("csv")) is not None:
        if asked not in tables:
            raise Http404("no such table")
        return csv_files.download(f"{asked} {form.span}", tables[asked].heads, tables[asked].raw)
    context: dict[str, HttpResponse | Any] = {
        "form": form, "tables": tables, "query": request.GET.urlencode(), "as_of": insight.as_of("panels.alerts"),
    }  # fmt: skip
    return render(request, "insight/panels/teams.html", context)
