"""Passing failures, counted with decay: an address that fails day after day is dead, whatever its mail system says.

A failure adds 1, at most one in 20 hours; the score halves in 30 days. At 5 the address is suppressed as bounced: that
is six days of daily failures, nine weeks of weekly ones, and never with one a month. Something delivered clears the
score (delivery.receipts). Five, and one a day, are what GNU Mailman has used by default for two decades
(bounce_score_threshold); decay stands in for its "forget after a week without bounces". See docs/decisions/0013.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

HALF_LIFE_DAYS = 30.0
AT_MOST_ONE_IN_HOURS = 20  # not 24: what goes out every day at the same time counts every day
THRESHOLD = 5.0

_COUNT = """
INSERT INTO delivery_softbounce AS s (address_id, score, at)
SELECT id, 1, now() FROM contacts_address WHERE id = ANY(%(ids)s) ORDER BY id
ON CONFLICT (address_id) DO UPDATE
   SET score = s.score * power(0.5, extract(epoch FROM now() - s.at)::float / (86400.0 * %(half)s)) + 1, at = now()
 WHERE s.at <= now() - %(pause)s * interval '1 hour'
RETURNING address_id, score
"""


def count(address_ids: Iterable[int]) -> list[int]:
    """Count a passing failure of each address; returns those that have now failed too often. In the caller's
    transaction."""
    values: dict[str, Any] = {"ids": list(address_ids), "half": HALF_LIFE_DAYS, "pause": AT_MOST_ONE_IN_HOURS}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        worn_out = [address_id for address_id, score in cursor.fetchall() if score >= THRESHOLD]
        if worn_out:
            cursor.execute("DELETE FROM delivery_softbounce WHERE address_id = ANY(%s)", [worn_out])
    return worn_out
