"""What papers of insight share when they are set: charts and tables as data for the templates in `print/`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from peelian.core.charts import Chart, Table

TEMPLATES = Path(__file__).parent / "print"
Data = dict[str, Any]


def table_data(table: Table, *, numeric: Sequence[int] = ()) -> Data:
    """A table as a paper has it. NUMERIC columns stand right though they hold words."""
    heads = [{"name": name, "numeric": right or at in numeric} for at, (name, right) in enumerate(table.head_cells)]
    rows = [
        [{"text": text, "numeric": right or at in numeric} for at, (text, right) in enumerate(row)]
        for row in table.body
    ]
    return {"caption": table.caption, "heads": heads, "rows": rows, "note": table.note}


def chart_data(chart: Chart) -> Data:
    """A chart as a paper has it: drawing, words, and its figures."""
    return {
        "key": chart.key,
        "title": chart.title,
        "finding": chart.finding,
        "svg": chart.svg,
        "narrow": chart.narrow,
        "note": chart.note,
        "table": table_data(chart.table),
    }
