"""How often the website is looked at, for staff."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.audit.actions import record
from peelian.core import charts, clock
from peelian.core.charts import Chart, Column, Series, Table
from peelian.core.periods import NoSuchPeriod, Period
from peelian.website import figures
from peelian.website.forms_staff import PeriodForm
from peelian.website.visits import MOST_HOSTS, SECONDS

MONTHS = 13  # so that the same month of the year before stands beside this one


@require_safe
@needs("website.figures")
def visits(request: StaffRequest) -> HttpResponseBase:
    """/staff/website/figures/?period=2026-10"""
    period, wrong = _asked(request.GET.get("period", ""))
    found = figures.use(period)
    drawn = [_days(period), _months(period)]
    tables = [
        _table("pages", "Views by page", "Page", "Views", found.by_page, "Of all views"),
        _table("devices", "Views by kind of device", "Device", "Views", found.by_device, "Of all views"),
        _table("sites", "Visits by the website people came from", "Website", "Visits", found.by_host, "Of all visits"),
    ]
    if (file := charts.csv_asked_for(request, *drawn, *tables)) is not None:
        record("website.exported", "website", request.GET["csv"], by=request.user, period=period.name)
        return file
    context = {
        "period": period, "use": found, "form": PeriodForm(initial={"period": period.name}), "wrong": wrong,
        "charts": drawn, "tables": tables, "seconds": SECONDS, "most_hosts": MOST_HOSTS,
        "may_edit": request.user.may("website.edit"), "today": clock.today(),
    }  # fmt: skip
    return render(request, "website/staff/figures.html", context)


def _asked(text: str) -> tuple[Period, str]:
    """The period, and what was wrong with the one asked for: this month then."""
    now = Period.month_of(clock.today())
    if not text.strip():
        return now, ""
    try:
        asked = Period.parse(text)
    except NoSuchPeriod as problem:
        return now, str(problem)
    if asked.days > 366:
        return now, "Choose a year at most"
    if asked.start > clock.today():
        return now, "Choose a period that has begun"
    return asked, ""


def _days(period: Period) -> Chart:
    rows = figures.by_day(period)
    over = [row for row in rows if row[0] < clock.today()] or rows  # a day that runs would look like a fall
    labels = [f"{day.day} {day:%b}" for day, _, _ in over]
    series = [Series("Views", [row[1] for row in over]), Series("Visits", [row[2] for row in over])]
    columns = [Column("Day", charts.words("").unit), Column("Views"), Column("Visits")]
    note = "Days with fewer than five are not told."
    note += " Today is counted so far, and not drawn." if len(over) < len(rows) else ""
    table = Table("By day", columns, [list(row) for row in rows], note)
    return charts.line("days", "Views and visits by day", labels, series, noun="Day", table=table)


def _months(period: Period) -> Chart:
    months = [Period.month_of(period.end)]
    while len(months) < MONTHS:
        months.insert(0, months[0].previous())
    rows = figures.by_month(months)
    labels = [f"{one.start:%b %Y}" + (" so far" if one.end >= clock.today() else "") for one, _, _ in rows]
    series = [Series("Views", [row[1] for row in rows]), Series("Visits", [row[2] for row in rows])]
    columns = [charts.words("Month"), Column("Views"), Column("Visits")]
    body = [[label, row[1], row[2]] for label, row in zip(labels, rows, strict=True)]
    table = Table("By month", columns, body, "Months with fewer than five are not told.")
    return charts.line("months", "Views and visits by month", labels, series, noun="Month", table=table)


def _table(key: str, caption: str, head: str, number: str, rows: list[figures.Row], share: str) -> Chart:
    """A table with the file of a chart and without its drawing."""
    columns = [charts.words(head), Column(number), charts.words(share)]
    return Chart(key, caption, "", Table(caption, columns, [[row.name, row.views, row.share] for row in rows]))
