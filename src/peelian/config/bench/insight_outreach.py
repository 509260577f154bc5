"""What outreach needs of `peelian bench insight`: two years of sign-ups by officers, and streets they mean to visit."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from peelian.config.bench.scratch import Scratch
from peelian.members.models import DoorstepSignUp
from peelian.places.models import Area

OFFICERS, SIGN_UPS, STREETS_OF_A_TEAM = 400, 40_000, 40
_FILL = """
INSERT INTO accounts_staff (email, name, job_title, role, password, show_name, is_active, is_demo, joined_at)
SELECT 'officer' || n || '@bench.example', 'Officer ' || n, 'PCSO', 'officer', '', false, true, false, now()
  FROM generate_series(1, %(officers)s) n;
INSERT INTO members_doorstepsignup (id, staff_id, member_id, source, place, agreed_at, received_at)
SELECT gen_random_uuid(), o.id, 1 + (n * 7919) %% %(members)s, (%(sources)s::text[])[1 + n / 7 %% 5], '', d.at, d.at
  FROM generate_series(1, %(sign_ups)s) n
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS at FROM accounts_staff WHERE email LIKE 'officer%%') o
    ON o.at = n / 5 %% %(officers)s
 CROSS JOIN LATERAL (SELECT now() - (n / 5 %% 720) * interval '1 day' AS at) d;
INSERT INTO members_street (team_id, name, postcode, longitude, latitude, area_id, added_on)
SELECT t.team_id, 'Bench Street ' || n, '', (a.longitude * 1e7)::int + n * 1000, (a.latitude * 1e7)::int + n * 1000,
       a.id, current_date
  FROM accounts_team_areas t JOIN places_area a ON a.id = t.area_id
 CROSS JOIN generate_series(1, %(streets)s) n WHERE a.kind = 'ward';
INSERT INTO members_door (street_id, number, note, outcome, at, day, staff_id)
SELECT s.id, n::text, '', 'no-answer', now() - s.id %% 700 * interval '1 day', current_date - (s.id %% 700)::int, o.id
  FROM members_street s CROSS JOIN generate_series(1, 10) n
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS at FROM accounts_staff WHERE email LIKE 'officer%%') o
    ON o.at = s.id %% %(officers)s;
INSERT INTO insight_watchcover (area_id, households, as_of, file)
SELECT id, 100 + id %% 900, current_date - 30, 'bench.csv' FROM places_area WHERE kind = 'ward'
"""


def fill(scratch: Scratch, members: int) -> None:
    given: dict[str, Any] = {
        "officers": OFFICERS, "sign_ups": SIGN_UPS, "streets": STREETS_OF_A_TEAM, "members": members,
        "sources": list(DoorstepSignUp.Source.values),
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _FILL.strip().split(";\n"):
            cursor.execute(statement, given)


def pages() -> dict[str, list[str]]:
    force = Area.objects.get(kind="force").code
    codes = [force, *Area.objects.filter(kind="ward", valid_to=None).values_list("code", flat=True)[:19]]
    planner, overlay = reverse("insight_staff:outreach"), reverse("insight_staff:overlay")
    topic = "topic=age"  # by which every area has groups that are clearly under-represented
    return {
        "outreach, small areas of the force": [f"{planner}?area={force}&{topic}"],
        "outreach, small areas of a ward": [f"{planner}?area={code}&{topic}" for code in codes[1:]],
        "outreach, streets": [f"{planner}?area={code}&{topic}&kind=street" for code in codes],
        "outreach, plans": [reverse("insight_staff:outreach_plans")],
        "overlay": [f"{overlay}?area={force}&{topic}&group=10-19", f"{overlay}?area={force}&topic=deprivation"],
    }
