"""The monthly panel of an area or a team, and how teams use what they have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.queries import teams_in_scope
from peelian.core import charts, csv_files
from peelian.core.charts import Table
from peelian.core.panels import panels
from peelian.insight import queries as insight
from peelian.insight.kept import kept_part
from peelian.insight.panels import lines, sections
from peelian.insight.panels.forms import PanelForm
from peelian.insight.panels.queries import Wanted
from peelian.insight.panels.usage import usage

ROLLUPS = ("panels.alerts", "panels.standing")
OWN = (lines.MEMBERS.code, lines.ALERTS.code)


@require_safe
@needs("insight.read")
def panel(request: StaffRequest) -> HttpResponseBase:
    """Members, alerts, what came back and what it cost: now, in the period before, and the change."""
    form = PanelForm(request.user, request.GET)
    context: dict[str, Any] = {"form": form, "as_of": insight.as_of(*ROLLUPS)}
    if form.about is None:
        return render(request, "insight/panels/panel.html", context)
    wanted = form.wanted
    if "csv" in request.GET:
        return _file(request, wanted)
    if context["as_of"]:
        context |= {
            "own": _part(request, wanted, "sections", sections.sections),
            "sections": _of_others(wanted),
            "charts": _part(request, wanted, "charts", _drawn),
            "query": request.GET.urlencode(),
        }
    return render(request, "insight/panels/panel.html", context)


def _part(request: StaffRequest, wanted: Wanted, name: str, make: Callable[[Wanted], Any]) -> SafeString:
    """Of the rollups alone, so that it is kept; what other apps say (`_of_others`) changes by itself."""
    return kept_part(
        request, f"insight/panels/{name}.html", wanted, ROLLUPS,
        lambda: {name: make(wanted), "query": request.GET.urlencode()},
    )  # fmt: skip


def _of_others(wanted: Wanted) -> list[sections.Section]:
    return [
        sections.Section(code, one.title, rows)
        for code, one in panels.items()
        if code not in OWN and (rows := one.lines(wanted.scope))
    ]


def _drawn(wanted: Wanted) -> list[charts.Chart]:
    return [sections.by_type(wanted), *sections.by_month(wanted)]


def _file(request: StaffRequest, wanted: Wanted) -> HttpResponseBase:
    """The section or chart that `?csv=` names."""
    found = sections.sections(wanted) + _of_others(wanted)
    section = next((one for one in found if one.key == request.GET["csv"]), None)
    if section is not None:
        return csv_files.download(f"{section.key} {wanted.scope.period}", sections.HEADS, section.rows)
    file = charts.csv_asked_for(request, *_drawn(wanted))
    assert file is not None  # or it was not found
    return file


@require_safe
@needs("insight.read")
def teams(request: StaffRequest) -> HttpResponseBase:
    """Alerts, answers and tools of each team and officer in the person's scope."""
    form = PanelForm(request.user, request.GET)
    found = list(teams_in_scope(request.user).order_by("name"))

    def tables() -> dict[str, Table]:
        used = usage(found, form.wanted)
        return {"teams": used.teams, "tools": used.tools, "officers": used.officers}

    if (wanted := request.GET.get("csv")) is not None:
        table = tables().get(wanted)
        if table is None:
            raise Http404("no such table")
        return csv_files.download(f"{wanted} {form.span}", table.heads, table.raw)
    asked = (form.wanted, [(team.pk, team.name) for team in found])
    as_of = insight.as_of("panels.alerts")
    context: dict[str, Any] = {"form": form, "as_of": as_of}
    if as_of:
        context["tables"] = kept_part(
            request, "insight/panels/tables.html", asked, ["panels.alerts"],
            lambda: {"tables": tables(), "query": request.GET.urlencode()},
        )  # fmt: skip
    return render(request, "insight/panels/teams.html", context)
