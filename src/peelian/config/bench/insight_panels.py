"""What panels and engagement pages need of `peelian bench insight`: two years of alerts about wards, with what came
back on them."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from peelian.accounts.models import Staff, Team
from peelian.accounts.roles import Role
from peelian.config.bench.scratch import Scratch
from peelian.core import clock
from peelian.core.periods import last_whole_month
from peelian.places.models import Area
from peelian.places.queries import neighbourhoods

ALERTS = 17_500  # two years at the 728 a month that West Midlands Police printed for September 2018
TEAMS = 192
_FILL = """
INSERT INTO accounts_team (slug, name, organisation_id, public_email, public_phone, about)
SELECT 'bench-' || n, 'Bench team ' || n, (SELECT id FROM accounts_organisation WHERE slug = 'police'), '', '', ''
  FROM generate_series(1, %(teams)s) n;
INSERT INTO accounts_team_areas (team_id, area_id)
SELECT t.id, w.id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM accounts_team WHERE slug LIKE 'bench-%%') t
  JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM places_area WHERE id = ANY(%(wards)s)) w ON w.n = t.n;
INSERT INTO delivery_send (renderer, object_id, promotion, lane, state, recipients, created_at, finished_at)
SELECT 'bench.panels', n, false, 'routine', 'sent', 450, now() - n * interval '1 hour', now() - n * interval '1 hour'
  FROM generate_series(1, %(alerts)s) n;
INSERT INTO alerts_alert (ref, title, topic_id, priority, team_id, author_id, happening, doing, can_do, outcome,
    audience, channels, restricted, relation, state, version, people, send_id, fingerprint, created_at, saved_at,
    stopped_because, by_channel, sent_at, withdrawn_reason)
SELECT 'p' || s.object_id, 'Bench',
       (SELECT id FROM members_topic ORDER BY (bit + s.object_id) %% 22 LIMIT 1), 'routine', t.id,
       %(author)s, 'One.', 'Two.', 'Three.', '', '{"clauses": []}', 1, false, '', 'sent', 1, 450, s.id, '',
       s.created_at, s.created_at, '', '{}', s.created_at, ''
  FROM delivery_send s
  JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM accounts_team WHERE slug LIKE 'bench-%%') t
    ON t.n = 1 + s.object_id %% %(teams)s
 WHERE s.renderer = 'bench.panels';
INSERT INTO alerts_alertarea (alert_id, area_id)
SELECT a.id, x.area_id FROM alerts_alert a JOIN accounts_team_areas x ON x.team_id = a.team_id WHERE a.ref LIKE 'p%%';
INSERT INTO delivery_tally (send_id, channel, state, n)
SELECT id, 1, 3, 446 FROM delivery_send WHERE renderer = 'bench.panels';
INSERT INTO alerts_rating (alert_id, address_id, value, at)
SELECT a.id, 1 + (a.id * 7 + n) %% %(people)s, 1 + (a.id + n) %% 6, a.sent_at + n * interval '3 hours'
  FROM alerts_alert a CROSS JOIN generate_series(1, 6) n WHERE a.ref LIKE 'p%%'
"""


def fill(scratch: Scratch, members: int) -> None:
    wards = neighbourhoods()
    author = Staff.objects.create(email="author@heartshire.example", role=Role.COMMUNICATIONS, password="")
    given: dict[str, Any] = {
        "teams": TEAMS, "alerts": ALERTS, "author": author.pk, "wards": list(wards.values_list("pk", flat=True)),
        "people": members,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _FILL.strip().split(";\n"):
            cursor.execute(statement, given)


def pages() -> dict[str, list[str]]:
    codes = [Area.objects.get(kind="force").code, *neighbourhoods().values_list("code", flat=True)[:19]]
    month = last_whole_month(clock.today()).name
    panel, teams = reverse("insight_staff:panel"), reverse("insight_staff:teams")
    slugs = Team.objects.filter(slug__startswith="bench-").values_list("slug", flat=True)[:20]
    return {
        "monthly panel": [f"{panel}?area={code}&period={month}" for code in codes],
        "panel of a year": [f"{panel}?area={code}&period=year-to-{month}" for code in codes],
        "teams and officers": [f"{teams}?period={month}"],
        "engagement, the list": [reverse("insight_staff:engagement")],
        "engagement, a ward": [reverse("insight_staff:engagement_area", args=[code]) for code in codes],
        "engagement, a team": [reverse("insight_staff:engagement_team", args=[slug]) for slug in slugs],
    }
