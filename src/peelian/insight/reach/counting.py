"""The rollups of reach: where each member stands, members by area, answer and stage, and who joined on which day.

After a day's traffic a refresh reads the deliveries of the sends that ended since, and each member's narrow rows once;
never the rest of the ledger. Only rows that changed are written.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.backends.utils import CursorWrapper

from peelian.core import clock
from peelian.insight.reach import placing
from peelian.insight.reach.dimensions import ANSWER, BY_POSTCODE, BY_SMALL_AREA, EVERYBODY, LANGUAGE
from peelian.insight.reach.sources import SOURCES

WINDOW = timedelta(days=90)  # "in 90 days"
OVERLAP = timedelta(minutes=10)  # looked at again: what was written while the last refresh read
MONTHS_OF_DAYS = 8  # so long each day is kept by itself, this month among them; before, months

# Joining and leaving -------------------------------------------------------------------------------------------------

_NEW = """
WITH made AS (
    INSERT INTO insight_standing (member_id)
    SELECT m.id FROM members_member m
     WHERE m.confirmed_at IS NOT NULL AND m.restricted_at IS NULL
       AND NOT EXISTS (SELECT FROM insight_standing s WHERE s.member_id = m.id)
     ORDER BY m.id
    RETURNING member_id
) INSERT INTO reach_new (member_id, joined, gone) SELECT member_id, 1, 0 FROM made
"""
# Whose account was opened again has not left after all: it is taken back on the day we see it
_GONE = """
WITH moved AS (
    UPDATE insight_standing s SET "left" = NOT s."left" FROM members_member m
     WHERE m.id = s.member_id AND s."left" <> (m.left_at IS NOT NULL) RETURNING s.member_id, s."left" AS gone
) INSERT INTO reach_new (member_id, joined, gone) SELECT member_id, 0, CASE WHEN gone THEN 1 ELSE -1 END FROM moved
"""
_SAID = ", ".join(
    [f"('{EVERYBODY}', m.source::text)", f"('{LANGUAGE}', m.language::text)"]
    + [f"('{name}', coalesce(e.{column}::text, ''))" for name, column in ANSWER.items()]
)
_SIGN_UPS = f"""
INSERT INTO insight_signup AS kept (day, whole_month, area_id, dimension, category, joined, "left")
SELECT CASE WHEN on_day < %(first)s THEN date_trunc('month', on_day)::date ELSE on_day END, on_day < %(first)s,
       coalesce(m.area_id, 0), said.dimension, said.category, sum(n.joined), sum(n.gone)
  FROM {{whom}} n JOIN members_member m ON m.id = n.member_id
  LEFT JOIN members_equalityanswers e ON e.member_id = m.id
 CROSS JOIN LATERAL (SELECT CASE WHEN n.joined = 1 THEN m.joined_on ELSE
                                 coalesce((m.left_at AT TIME ZONE 'Europe/London')::date, %(today)s) END) AS day(on_day)
 CROSS JOIN LATERAL (VALUES {_SAID}) AS said(dimension, category)
 GROUP BY 1, 2, 3, 4, 5 ORDER BY 4, 1, 2, 3, 5
ON CONFLICT (dimension, day, whole_month, area_id, category)
DO UPDATE SET joined = kept.joined + excluded.joined, "left" = kept."left" + excluded."left"
"""
_FOLD = """
WITH old AS (DELETE FROM insight_signup WHERE NOT whole_month AND day < %(first)s RETURNING *)
INSERT INTO insight_signup AS kept (day, whole_month, area_id, dimension, category, joined, "left")
SELECT date_trunc('month', day)::date, true, area_id, dimension, category, sum(joined), sum("left") FROM old
 GROUP BY 1, 3, 4, 5
ON CONFLICT (dimension, day, whole_month, area_id, category)
DO UPDATE SET joined = kept.joined + excluded.joined, "left" = kept."left" + excluded."left"
"""


def refresh_sign_ups(cursor: CursorWrapper, since: datetime | None) -> None:
    """Count who joined and who left since we last looked; each once, as they had answered by then."""
    cursor.execute("CREATE TEMPORARY TABLE reach_new (member_id bigint, joined int, gone int) ON COMMIT DROP")
    cursor.execute(_NEW)
    cursor.execute(_SIGN_UPS.format(whom="reach_new"), _days())
    cursor.execute("TRUNCATE reach_new")
    cursor.execute(_GONE)
    cursor.execute(_SIGN_UPS.format(whom="reach_new"), _days())
    cursor.execute(_FOLD, _days())
    cursor.execute("DROP TABLE reach_new")


def count_leaving(cursor: CursorWrapper, member_id: int) -> None:
    """Of somebody who is about to be erased, if it is not counted yet: their answers go with them."""
    whom = (
        "(SELECT s.member_id, 0 AS joined, 1 AS gone FROM insight_standing s"
        ' WHERE s.member_id = %(member)s AND NOT s."left")'
    )
    cursor.execute(_SIGN_UPS.format(whom=whom), _days() | {"member": member_id})


def first_day() -> date:
    """From which day on each is kept by itself."""
    return clock.months_after(clock.today().replace(day=1), 1 - MONTHS_OF_DAYS)


def _days() -> dict[str, Any]:
    return {"first": first_day(), "today": clock.today()}


# Stages --------------------------------------------------------------------------------------------------------------

_COUNTS = ("registered", "contactable", "received", "replied", "answered")
_FACTS = f"""
CREATE TEMPORARY TABLE reach_facts ON COMMIT DROP AS
SELECT coalesce(a.area_id, 0) AS area_id, coalesce(s.small_area_id, 0) AS small_area_id,
       a.reachable <> 0 AS contactable,
       s.received_on > %(from)s AS received, s.replied_on > %(from)s AS replied, s.answered_on > %(from)s AS answered,
       m.language::text AS language, m.postcode,
       {", ".join(f"coalesce(e.{column}::text, '') AS {column}" for column in ANSWER.values())}
  FROM members_audience a JOIN members_member m ON m.id = a.member_id
  JOIN insight_standing s ON s.member_id = a.member_id
  LEFT JOIN members_equalityanswers e ON e.member_id = a.member_id
 WHERE a.kind = 0 AND m.confirmed_at IS NOT NULL
"""
_TALLY = """
INSERT INTO reach_now
SELECT %(dimension)s, f.area_id, f.small_area_id, {category}, count(*), count(*) FILTER (WHERE contactable),
       count(*) FILTER (WHERE received), count(*) FILTER (WHERE replied), count(*) FILTER (WHERE answered)
  FROM reach_facts f {join} GROUP BY 2, 3, 4
"""
_NOW = """
CREATE TEMPORARY TABLE reach_now (dimension varchar(16), area_id bigint, small_area_id bigint, category varchar(40),
    registered int, contactable int, received int, replied int, answered int) ON COMMIT DROP
"""
_NEWEST = """
SELECT DISTINCT ON (topic) topic, id FROM places_populationtable WHERE topic = ANY(%s) AND counts = %s
 ORDER BY topic, year DESC, loaded_at DESC
"""
_BY_POSTCODE = _TALLY.format(
    category="coalesce(c.category, '')",
    join="LEFT JOIN places_postcodeclass c ON c.table_id = %(table)s AND c.code = f.postcode",
)
_BY_SMALL_AREA = """
INSERT INTO reach_now
SELECT %(topic)s, n.area_id, n.small_area_id, coalesce(p.category, ''), n.registered, n.contactable, n.received,
       n.replied, n.answered
  FROM reach_now n LEFT JOIN places_population p ON p.table_id = %(table)s AND p.area_id = n.small_area_id
 WHERE n.dimension = ''
"""


def refresh_stages(cursor: CursorWrapper, since: datetime | None) -> None:
    """Who got, gave or answered something since we last looked; then everybody's stages by area and answer."""
    cursor.execute("SET LOCAL work_mem = '128MB'")
    placing.place(cursor)
    window = {"since": max(clock.now() - WINDOW, since - OVERLAP) if since else clock.now() - WINDOW}
    for source in SOURCES:
        cursor.execute(
            f"UPDATE insight_standing s SET {source.column} = got.on_day"
            f" FROM (SELECT member_id, max(on_day) AS on_day FROM ({source.sql}) every GROUP BY member_id) got"
            f" WHERE got.member_id = s.member_id AND (s.{source.column} IS NULL OR s.{source.column} < got.on_day)",
            window,
        )
    cursor.execute(_NOW)
    cursor.execute(_FACTS, {"from": clock.today() - WINDOW})
    for dimension, category in {EVERYBODY: "''", LANGUAGE: "language", **ANSWER}.items():
        cursor.execute(_TALLY.format(category=category, join=""), {"dimension": dimension})
    for topics, counts, statement in (
        (BY_SMALL_AREA, "areas", _BY_SMALL_AREA),
        (BY_POSTCODE, "postcodes", _BY_POSTCODE),
    ):
        cursor.execute(_NEWEST, [list(topics), counts])
        for topic, table in cursor.fetchall():
            cursor.execute(statement, {"topic": topic, "dimension": topic, "table": table})
    _keep(cursor, "insight_areastages", "area_id")
    _keep(cursor, "insight_smallareastages", "small_area_id")
    cursor.execute("DROP TABLE reach_facts, reach_now")


def _keep(cursor: CursorWrapper, table: str, area: str) -> None:
    """Make TABLE say what reach_now says, writing only what differs."""
    columns, sums = ", ".join(_COUNTS), ", ".join(f"sum({name}) AS {name}" for name in _COUNTS)
    key = "dimension, area_id, category"
    cursor.execute(
        f"CREATE TEMPORARY TABLE reach_one ON COMMIT DROP AS"
        f" SELECT dimension, {area} AS area_id, category, {sums} FROM reach_now GROUP BY 1, 2, 3"
    )
    cursor.execute("ANALYZE reach_one")
    cursor.execute(f"DELETE FROM {table} WHERE ({key}) NOT IN (SELECT {key} FROM reach_one)")
    cursor.execute(
        f"INSERT INTO {table} ({key}, {columns})"
        f" SELECT {key}, {', '.join(f'new.{name}' for name in _COUNTS)}"
        f" FROM reach_one new LEFT JOIN {table} old USING ({key}) WHERE old.id IS NULL"
        f" OR ({', '.join(f'old.{name}' for name in _COUNTS)})"
        f" IS DISTINCT FROM ({', '.join(f'new.{name}' for name in _COUNTS)}) ORDER BY 1, 2, 3"
        f" ON CONFLICT ({key}) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _COUNTS)}"
    )
    cursor.execute("DROP TABLE reach_one")
