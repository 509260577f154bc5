"""What goes through an installation in a day, for `peelian bench insight`: deliveries, ratings, joining and leaving."""

from __future__ import annotations

from django.db import connection, transaction

LEDGER = 25  # so many times as many deliveries as members: 50,000,000
A_DAY = 0.5  # of the members get something: 1,000,000 deliveries
SENDS_A_DAY = 200

_SEND = """
INSERT INTO delivery_send (renderer, object_id, promotion, lane, state, recipients, counted, practice, text_parts,
                           language_parts, priority, texts, calls, created_at, finished_at)
SELECT 'bench.traffic', n, false, 'routine', 'sent', %(people)s, true, false, 1, '{}', 1, 0, 0, at, at
  FROM (SELECT n, now() - %(ago)s * interval '1 day' AS at FROM generate_series(1, %(sends)s) n) s RETURNING id
"""
_DELIVERIES = """
INSERT INTO delivery (send_id, address_id, member_id, channel, state, tries, reason, changed_at)
SELECT %(send)s, a.id, a.id, 1, CASE WHEN a.id %% 50 = 0 THEN 4 ELSE 3 END, 1, '', now()
  FROM contacts_address a WHERE a.id BETWEEN %(first)s AND %(last)s ORDER BY a.id
"""
# One in a hundred members rates something, one in a thousand joins, one in four thousand leaves
_DAY = """
INSERT INTO alerts_rating (alert_id, address_id, value, at)
SELECT a.id, 1 + (n * 7919) %% %(members)s, 1 + n %% 6, now() - n %% 1000 * interval '1 minute'
  FROM generate_series(1, %(members)s / 100) n
  JOIN (SELECT id, row_number() OVER (ORDER BY sent_at DESC) AS at FROM alerts_alert WHERE ref LIKE 'p%%') a
    ON a.at = 1 + n %% 100
    ON CONFLICT DO NOTHING;
WITH many AS (SELECT coalesce(max(id), 0) AS last FROM contacts_address)
INSERT INTO contacts_address (id, kind, value, suppression)
SELECT last + n, 1, 'm' || last + n || '@bench.example', '' FROM many, generate_series(1, %(members)s / 1000) n;
WITH many AS (SELECT max(id) AS last FROM members_member),
     addresses AS (SELECT id, row_number() OVER (ORDER BY id DESC) AS n FROM contacts_address
                    ORDER BY id DESC LIMIT %(members)s / 1000)
INSERT INTO members_member (id, first_name, last_name, email_id, street_address, postcode, longitude, latitude, cell,
    area_id, language, interests, channels, organisations, promotion, young, source, joined_on, confirmed_at)
SELECT last + d.n, 'Bench', 'Member', d.id, '', '', m.longitude, m.latitude, m.cell, m.area_id, m.language, m.interests,
       m.channels, m.organisations, m.promotion, m.young, 'website', current_date, now()
  FROM many, addresses d JOIN members_member m ON m.id = 1 + d.n;
UPDATE members_member SET left_at = now()
 WHERE left_at IS NULL AND id IN (SELECT 1 + (random() * %(members)s)::int FROM generate_series(1, %(members)s / 4000))
"""


def a_day(members: int) -> int:
    """What came since yesterday. Returns how many deliveries."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _DAY.strip().split(";\n"):
            cursor.execute(statement, {"members": members})
    return send(SENDS_A_DAY, max(1, round(members * A_DAY / SENDS_A_DAY)), members, ago=0)


def send(sends: int, people: int, members: int, *, ago: int) -> int:
    """So many sends to so many neighbours each, which ended AGO days ago. Returns how many deliveries."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SEND, {"people": people, "sends": sends, "ago": ago})
        for at, (one,) in enumerate(cursor.fetchall()):
            first = 1 + at * (members - people) // max(1, sends - 1) if sends > 1 else 1
            cursor.execute(_DELIVERIES, {"send": one, "first": first, "last": first + people - 1})
    return sends * people
