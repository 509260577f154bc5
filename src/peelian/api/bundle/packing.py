"""The zip of a month: the same rows give the same bytes, on every machine. Nothing in it is compressed, because every
compressor does that a little differently."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import Any

from django.conf import settings

from peelian.api.bundle.tables import TABLES, Table
from peelian.core import csv_files
from peelian.core.periods import Period

EARLIEST = (1980, 1, 1, 0, 0, 0)  # of what a zip can say; the same for all
LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def packed(month: Period) -> bytes:
    """The whole file."""
    files = {f"{table.name}.csv": _csv(table, month) for table in TABLES}
    files = {"README.md": _readme(month), "metadata.json": _metadata(month), **files}
    found = BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_STORED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(f"open-data-{month.name}/{name}", EARLIEST)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # as on Unix, wherever it is made
            archive.writestr(entry, text.encode())
    return found.getvalue()


def _csv(table: Table, month: Period) -> str:
    return "".join(csv_files.lines([column.name for column in table.columns], table.rows(month)))


def _metadata(month: Period) -> str:
    """CSV on the Web (W3C, 2015): what programs need to read the tables."""
    said: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": f"{settings.PEELIAN_FORCE_NAME}: open data of {month.name}",
        "dc:publisher": settings.PEELIAN_FORCE_NAME,
        "dc:license": LICENCE,
        "tables": [_described(table) for table in TABLES],
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _described(table: Table) -> dict[str, Any]:
    columns = [
        {"name": one.name, "titles": one.name, "datatype": one.datatype, "dc:description": one.meaning}
        for one in table.columns
    ]
    schema = {"columns": columns, "primaryKey": list(table.key)}
    return {"url": f"{table.name}.csv", "dc:title": table.title, "tableSchema": schema}


def _readme(month: Period) -> str:
    parts = [
        f"# {settings.PEELIAN_FORCE_NAME}: open data of {month.name}",
        f"From {settings.PEELIAN_BASE_URL}/open-data/. Open Government Licence v3.0: {LICENCE}",
        "Each table is CSV (RFC 4180, UTF-8, with a head). `metadata.json` says the same as this page for programs"
        " (CSV on the Web). Numbers of people from 1 to 4 are left empty, and with them others from which they could be"
        " worked out. A cell that a spreadsheet would take for a formula begins with an apostrophe.",
    ]
    for table in TABLES:
        rows = "\n".join(f"| `{one.name}` | {one.datatype} | {one.meaning} |" for one in table.columns)
        parts.append(f"## {table.name}.csv\n\n{table.title}.\n\n| column | type | meaning |\n|---|---|---|\n{rows}")
    return "\n\n".join(parts) + "\n"
