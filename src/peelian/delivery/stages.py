"""Staged release: some go first, and the rest waits until somebody has looked or a time has passed."""

from __future__ import annotations

from django.db import connection

from peelian.core import clock
from peelian.delivery import actions
from peelian.delivery.models import Send

# Sends whose first batch is done, or has been tried throughout: what the other side puts off must not hold the stage up
_GONE = """
SELECT s.id FROM delivery_send s JOIN delivery_batch b ON b.send_id = s.id AND b.number = 0
 WHERE s.state = 'sending' AND s.first_stage IS NOT NULL AND (
       b.done_at IS NOT NULL OR NOT EXISTS (
           SELECT 1 FROM delivery d WHERE d.send_id = s.id AND d.address_id BETWEEN b.first_address AND b.last_address
              AND d.state IN (0, 1) AND d.tries = 0))
"""


def keep_up() -> int:
    """End the stages that have gone, and go on with those that have waited; returns how many. Safe to run twice."""
    with connection.cursor() as cursor:
        cursor.execute(_GONE)
        gone = [row[0] for row in cursor.fetchall()]
    due = Send.objects.filter(state=Send.State.PAUSED, resume_at__lte=clock.now()).values_list("pk", flat=True)
    return sum(actions.end_stage(send_id=pk) for pk in gone) + sum(actions.resume_due(send_id=pk) for pk in due)
