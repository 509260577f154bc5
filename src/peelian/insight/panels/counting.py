"""How the panels' own rows follow from the apps': alerts once each, what came back by day, how members stood each day.

Set-based, and safe to run twice or at once: a row is made or mended, never added to. What a page of a long past month
shows no longer moves.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.db.backends.utils import CursorWrapper

from peelian.core import clock
from peelian.delivery.queries import HANDED
from peelian.insight.models import StandingDay
from peelian.members import unreachable

STILL_MOVES = timedelta(days=60)  # after an alert went: queues, receipts and the prices of its texts
ANSWERED = timedelta(days=150)  # after an alert went: its links have expired, and nothing comes back on it
ANSWERS_MOVE = timedelta(days=3)  # days of answers that are counted again
_ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
_DAY = "(a.sent_at AT TIME ZONE 'Europe/London')::date"

# Where it is about, with all areas above: the tree is some hundred rows
_UP = """
WITH RECURSIVE up(area, above) AS (
    SELECT id, id FROM places_area
     UNION SELECT up.area, p.parent_id FROM up JOIN places_area p ON p.id = up.above WHERE p.parent_id IS NOT NULL
)"""
_TOOLS = """array_remove(ARRAY[
    CASE WHEN a.channels & 2 <> 0 THEN 'text' END,
    CASE WHEN a.channels & 4 <> 0 THEN 'voice' END,
    CASE WHEN a.audience @? '$.clauses[*] ? (@.kind == "polygon")' THEN 'drawn' END,
    CASE WHEN a.audience @? '$.clauses[*] ? (@.kind == "groups")' THEN 'groups' END,
    CASE WHEN a.audience @? '$.clauses[*] ? (@.kind == "languages")' THEN 'languages' END,
    CASE WHEN a.first_id IS NOT NULL THEN 'follow-up' END,
    CASE WHEN EXISTS (SELECT 1 FROM alerts_enclosure e WHERE e.alert_id = a.id) THEN 'enclosed' END,
    CASE WHEN EXISTS (SELECT 1 FROM alerts_translation l
                       WHERE l.alert_id = a.id AND l.state IN ('machine', 'person', 'reviewed')) THEN 'translated' END
], NULL)"""
_ALERTS = f"""{_UP}
INSERT INTO insight_alertcount (alert_id, day, team_id, organisation_id, author_id, topic_id, areas, tools, emails,
                                texts, calls, text_pence, call_pence)
SELECT a.id, {_DAY}, a.team_id, t.organisation_id, a.author_id, a.topic_id,
       coalesce((SELECT array_agg(DISTINCT u.above) FROM alerts_alertarea x JOIN up u ON u.area = x.area_id
                  WHERE x.alert_id = a.id), '{{}}'),
       {_TOOLS}, n.emails, n.texts, n.calls,
       CASE WHEN n.texts > 0 OR n.calls = 0 THEN greatest(0, n.pence - n.call_pence) ELSE 0 END,
       CASE WHEN n.calls = 0 THEN 0 WHEN n.texts = 0 THEN n.pence ELSE least(n.pence, n.call_pence) END
  FROM alerts_alert a
  JOIN accounts_team t ON t.id = a.team_id
  CROSS JOIN LATERAL (
       SELECT coalesce(sum(y.n) FILTER (WHERE y.channel = 1), 0) AS emails,
              coalesce(sum(y.n) FILTER (WHERE y.channel = 2), 0) AS texts,
              coalesce(sum(y.n) FILTER (WHERE y.channel = 4), 0) AS calls,
              coalesce((SELECT pence FROM delivery_spend s WHERE s.send_id = a.send_id), 0) AS pence,
              coalesce(sum(y.n * (SELECT p.pence FROM delivery_price p JOIN delivery_carrier c ON c.kind = p.kind
                                   WHERE c.id = y.carrier AND p.channel = 4 AND p.valid_from <= {_DAY}
                                   ORDER BY p.valid_from DESC LIMIT 1)) FILTER (WHERE y.channel = 4), 0) AS call_pence
         FROM delivery_tally y WHERE y.send_id = a.send_id AND y.state = ANY(%(handed)s)) n
 WHERE a.sent_at IS NOT NULL AND a.send_id IS NOT NULL AND NOT a.practice
   AND (a.sent_at >= %(since)s OR NOT EXISTS (SELECT 1 FROM insight_alertcount k WHERE k.alert_id = a.id))
    ON CONFLICT (alert_id) DO UPDATE
   SET day = excluded.day, team_id = excluded.team_id, organisation_id = excluded.organisation_id,
       topic_id = excluded.topic_id, areas = excluded.areas, tools = excluded.tools, emails = excluded.emails,
       texts = excluded.texts, calls = excluded.calls, text_pence = excluded.text_pence,
       call_pence = excluded.call_pence
 WHERE (insight_alertcount.day, insight_alertcount.team_id, insight_alertcount.topic_id, insight_alertcount.areas,
        insight_alertcount.tools, insight_alertcount.emails, insight_alertcount.texts, insight_alertcount.calls,
        insight_alertcount.text_pence, insight_alertcount.call_pence)
       IS DISTINCT FROM (excluded.day, excluded.team_id, excluded.topic_id, excluded.areas, excluded.tools,
        excluded.emails, excluded.texts, excluded.calls, excluded.text_pence, excluded.call_pence)
"""

# Replies by their own day; ratings by the day they were last changed
_ANSWERS = """
WITH replies AS (
    SELECT k.alert_id, (m.at AT TIME ZONE 'Europe/London')::date AS day, count(*) AS replies,
           count(*) FILTER (WHERE m.how IN ('email', 'other')) AS email_replies
      FROM conversations_message m
      JOIN conversations_thread h ON h.id = m.thread_id
      JOIN alerts_alert a ON h.about = 'alert:' || a.ref
      JOIN insight_alertcount k ON k.alert_id = a.id
     WHERE m.at >= %(from)s AND m.how NOT IN ('staff', 'notice')
     GROUP BY 1, 2),
ratings AS (
    SELECT k.alert_id, (r.at AT TIME ZONE 'Europe/London')::date AS day, count(*) AS ratings, sum(r.value) AS total
      FROM insight_alertcount k JOIN alerts_rating r ON r.alert_id = k.alert_id
     WHERE k.day >= %(first)s AND r.at >= %(from)s
     GROUP BY 1, 2)
INSERT INTO insight_alertday (alert_id, day, replies, email_replies, ratings, rating_total, visits, "left")
SELECT coalesce(p.alert_id, r.alert_id), coalesce(p.day, r.day), coalesce(p.replies, 0), coalesce(p.email_replies, 0),
       coalesce(r.ratings, 0), coalesce(r.total, 0), 0, 0
  FROM replies p FULL JOIN ratings r ON r.alert_id = p.alert_id AND r.day = p.day
    ON CONFLICT (alert_id, day) DO UPDATE
   SET replies = excluded.replies, email_replies = excluded.email_replies, ratings = excluded.ratings,
       rating_total = excluded.rating_total
 WHERE (insight_alertday.replies, insight_alertday.email_replies, insight_alertday.ratings,
        insight_alertday.rating_total)
       IS DISTINCT FROM (excluded.replies, excluded.email_replies, excluded.ratings, excluded.rating_total)
"""

# Visits and leaving have no day of their own: what is new since the last count is today's, the first ones the alert's
_VISITS = """
INSERT INTO insight_alertday (alert_id, day, replies, email_replies, ratings, rating_total, visits, "left")
SELECT n.alert_id, CASE WHEN n.known THEN %(today)s ELSE n.day END, 0, 0, 0, 0, n.visits, n.left_it
  FROM (SELECT k.alert_id, k.day, coalesce(sum(d.visits + d."left"), 0) > 0 AS known,
               greatest(0, r.visits - coalesce(sum(d.visits), 0)) AS visits,
               greatest(0, r."left" - coalesce(sum(d."left"), 0)) AS left_it
          FROM insight_alertcount k
          JOIN alerts_rollup r ON r.alert_id = k.alert_id
          LEFT JOIN insight_alertday d ON d.alert_id = k.alert_id
         WHERE k.day >= %(first)s
         GROUP BY k.alert_id, k.day, r.visits, r."left") n
 WHERE n.visits > 0 OR n.left_it > 0
    ON CONFLICT (alert_id, day) DO UPDATE
   SET visits = insight_alertday.visits + excluded.visits, "left" = insight_alertday."left" + excluded."left"
"""
# Who received anything in a month received the last of it since the month began, when that is asked within the month
_MEMBERS = """
SELECT m.area_id, count(*), count(*) FILTER (WHERE s.received_on >= %(month)s)
  FROM members_member m LEFT JOIN insight_standing s ON s.member_id = m.id
 WHERE m.left_at IS NULL AND m.confirmed_at IS NOT NULL GROUP BY 1
"""
_NOBODY = (0, 0)


def count_alerts(cursor: CursorWrapper, since: datetime | None) -> None:
    """A row for each alert that went, and what came back on it by day."""
    now = clock.now()
    day = clock.today()
    cursor.execute(_ALERTS, {"handed": list(map(int, HANDED)), "since": now - STILL_MOVES})
    begins = _ALWAYS if since is None else since - ANSWERS_MOVE
    from_midnight = clock.london(begins.astimezone(clock.LONDON).date(), time(0))
    first = _ALWAYS.date() if since is None else day - ANSWERED
    cursor.execute(_ANSWERS, {"from": from_midnight, "first": first})
    cursor.execute(_VISITS, {"today": day, "first": first})


def count_standing(cursor: CursorWrapper, since: datetime | None) -> None:
    """How members stand today, by lowest area: one read of the members, however often the day is counted."""
    day = clock.today()
    cursor.execute("SET LOCAL work_mem = '128MB'")
    cursor.execute(_MEMBERS, {"month": day.replace(day=1)})
    members = cursor.fetchall()
    troubled = unreachable.numbers_by_area()
    rows = [
        StandingDay(day=day, area_id=area, members=n, comms_issues=troubled.get(area, _NOBODY)[0],
                    incommunicado=troubled.get(area, _NOBODY)[1], contacted=contacted)
        for area, n, contacted in members
    ]  # fmt: skip
    StandingDay.objects.filter(day=day).delete()
    StandingDay.objects.bulk_create(rows, batch_size=1000)
