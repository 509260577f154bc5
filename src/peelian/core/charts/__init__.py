"""Charts: drawn here as SVG, each with its words, its table, its CSV and an address that stays.

    chart = charts.bars("sources", "How people joined", [charts.Bar("Door to door", 812), ...], unit=charts.NUMBER)
    if (file := charts.csv_asked_for(request, chart)) is not None:
        return file
    # in the template: {% chart chart %}

A builder never fails for what the data are: with nothing, one value or only noughts it gives a sentence instead of a
drawing, and what is not a finite number is a gap. Why by hand and not by a library: docs/decisions/0017.
"""

from peelian.core.charts.control import control_chart, what_it_says
from peelian.core.charts.days import calendar
from peelian.core.charts.files import csv_asked_for
from peelian.core.charts.funnels import Point, funnel
from peelian.core.charts.lines import Series, line, sparkline
from peelian.core.charts.maps import REPRESENTATION, Area, Kind, Spot, area_map
from peelian.core.charts.model import (
    CHANGE,
    NUMBER,
    PER_1000,
    POINTS,
    POUNDS,
    SHARE,
    SHARE_1,
    Chart,
    Column,
    Table,
    Unit,
    words,
)
from peelian.core.charts.rows import Bar, Dot, bars, dots

__all__ = [
    "CHANGE",
    "NUMBER",
    "PER_1000",
    "POINTS",
    "POUNDS",
    "REPRESENTATION",
    "SHARE",
    "SHARE_1",
    "Area",
    "Bar",
    "Chart",
    "Column",
    "Dot",
    "Kind",
    "Point",
    "Series",
    "Spot",
    "Table",
    "Unit",
    "area_map",
    "bars",
    "calendar",
    "control_chart",
    "csv_asked_for",
    "dots",
    "funnel",
    "line",
    "sparkline",
    "what_it_says",
    "words",
]
