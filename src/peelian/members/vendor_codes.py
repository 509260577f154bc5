"""A vendor's codes of members, such as Origins: kept beside the equality answers, which insight alone reads, in
aggregate."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from peelian.audit.actions import Actor, record
from peelian.places.actions import BadRow, refuse_or_set_aside
from peelian.places.errors import FileRefused

LONGEST = 40

# Of adults alone who did not take such answers back, as the members file. Whoever left or was erased is nobody here
_UNKNOWN = """
SELECT c.line, c.external_id, c.code FROM new_code c
 WHERE NOT EXISTS (SELECT 1 FROM members_member m WHERE m.external_id = c.external_id AND m.left_at IS NULL)
 ORDER BY c.line
"""
_KEEP = """
INSERT INTO members_equalityanswers AS e (member_id, sex, ethnic_group, disability, origin_code)
SELECT m.id, '', '', '', c.code FROM new_code c
  JOIN members_member m ON m.external_id = c.external_id AND m.left_at IS NULL
 WHERE NOT m.young AND NOT m.answers_taken_back ORDER BY m.id
    ON CONFLICT (member_id) DO UPDATE SET origin_code = excluded.origin_code
 WHERE e.origin_code <> excluded.origin_code
"""


@dataclass
class CodesImported:
    """What an import did; `changed` counts members whose code is another than before, or their first."""

    rows: int = 0
    changed: int = 0
    bad: int = 0


@transaction.atomic
def import_origins(path: Path, *, by: Actor, skip_bad: Path | None = None) -> CodesImported:
    """Read `external_id,origin_code`; an empty code takes one away. Rows of people under 18, and of those who took such
    answers back, are passed over. All or nothing, unless SKIP_BAD names a file.

    Raises FileRefused with a sentence that names file, line and field.
    """
    bad: list[BadRow] = []
    rows = _rows(path, bad)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.new_code")
        cursor.execute("CREATE TEMP TABLE new_code (line int, external_id text, code text) ON COMMIT DROP")
        with cursor.copy("COPY new_code FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("ANALYZE new_code")
        cursor.execute(_UNKNOWN)
        bad += [
            BadRow(line, f"external_id: there is no member {known!r}.", [known, code])
            for line, known, code in cursor.fetchall()
        ]
        bad.sort(key=lambda row: row.line)
        refuse_or_set_aside(path, bad, skip_bad)
        cursor.execute(_KEEP)
        done = CodesImported(len(rows), cursor.rowcount, len(bad))
    record("origins.imported", "members", "", by=by, rows=done.rows, changed=done.changed, bad=done.bad)
    return done


def _rows(path: Path, bad: list[BadRow]) -> list[tuple[int, str, str]]:
    found: dict[str, tuple[int, str, str]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = {"external_id", "origin_code"} - set(reader.fieldnames or [])
            if missing:
                raise FileRefused(f"{path.name}, line 1: there is no column named {', '.join(sorted(missing))}.")
            for row in reader:
                known, code = (row["external_id"] or "").strip(), (row["origin_code"] or "").strip()
                reason = _wrong(known, code, found)
                if reason:
                    bad.append(BadRow(reader.line_num, reason, [known, code]))
                else:
                    found[known] = reader.line_num, known, code
    except UnicodeDecodeError as problem:
        raise FileRefused(f"{path.name} is not UTF-8 text. Save it as CSV UTF-8.") from problem
    except (OSError, csv.Error) as problem:
        raise FileRefused(f"{path.name} cannot be read: {problem}.") from problem
    return list(found.values())


def _wrong(known: str, code: str, found: dict[str, tuple[int, str, str]]) -> str:
    if not known:
        return "external_id: it is empty."
    if known in found:
        return f"external_id: {known!r} is there twice, first in line {found[known][0]}."
    if "\x00" in known + code:
        return "a character of it cannot be kept."
    return f"origin_code: it has {len(code)} characters; at most {LONGEST} fit." if len(code) > LONGEST else ""
