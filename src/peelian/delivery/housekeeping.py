"""What keeps delivery healthy: stalled jobs retried, batches that no job works taken up again, tallies folded, the
outbox and the job table kept short."""

from __future__ import annotations

import procrastinate
import structlog
from django.db import connection, transaction

from peelian.core import clock, database, jobs, limits
from peelian.delivery.actions import QUEUES
from peelian.delivery.models import Lane

log = structlog.get_logger("peelian.delivery")
STALLED_SECONDS = 4
OUTBOX_KEEPS = 20_000
FINISHED_JOBS_KEPT_HOURS = 24
HIGHEST_PRIORITY = 1_000
FORGOTTEN_SECONDS = 7_200  # twice the longest pause that a batch takes by itself (delivery.handover)
FORGOTTEN_AT_ONCE = 1_000


async def retry_stalled(app: procrastinate.App) -> None:
    """Give back the jobs of workers that have shown no sign of life for four seconds."""
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        try:
            await manager.retry_job(job, retry_at=clock.now(), priority=HIGHEST_PRIORITY)
        except procrastinate.exceptions.ConnectorException:
            continue  # another worker's rescue was first
        log.warning("job rescued", job=job.id)
    await manager.prune_stalled_workers(STALLED_SECONDS * 15)


_FORGOTTEN = """
SELECT b.id, s.lane
  FROM delivery_batch b JOIN delivery_send s ON s.id = b.send_id AND s.state IN ('sending', 'recalled')
 WHERE b.done_at IS NULL AND s.job_id IS NULL AND (s.first_stage IS NULL OR b.number = 0) AND NOT EXISTS (
       SELECT 1 FROM procrastinate_jobs j
        WHERE j.task_name = 'delivery.batch' AND j.status IN ('todo', 'doing')
          AND (j.args ->> 'batch_id')::bigint = b.id
          AND (j.scheduled_at IS NULL OR j.scheduled_at < now() + %s * interval '1 second'))
 ORDER BY b.id LIMIT %s
"""


@transaction.atomic
def take_up_forgotten() -> int:
    """Enqueue batches again that nobody works and nobody will soon: their job failed for good, or waits for hours after
    many failures. Returns how many. One too many does no harm: a batch is worked by one job at a time."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGOTTEN, [FORGOTTEN_SECONDS, FORGOTTEN_AT_ONCE])
        found = cursor.fetchall()
    for batch, lane in found:
        jobs.enqueue("delivery.batch", queue=QUEUES[Lane(lane)], batch_id=batch)
    if found:
        log.warning("batches taken up again", batches=len(found))
    return len(found)


@transaction.atomic
def fold_tallies() -> None:
    """Add up the deltas of each send, channel and state into one row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7302)")
        cursor.execute(
            "WITH many AS (SELECT send_id FROM delivery_tally GROUP BY send_id, channel, carrier, state"
            " HAVING count(*) > 1),"
            " gone AS (DELETE FROM delivery_tally t USING (SELECT DISTINCT send_id FROM many) m"
            " WHERE t.send_id = m.send_id RETURNING t.*)"
            " INSERT INTO delivery_tally (send_id, channel, carrier, state, n)"
            " SELECT send_id, channel, carrier, state, sum(n) FROM gone GROUP BY send_id, channel, carrier, state"
            " HAVING sum(n) <> 0"
        )


def tidy() -> None:
    """Keep the newest messages of the local outbox, and the job table, short."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM delivery_outgoing WHERE id <= (SELECT id FROM delivery_outgoing ORDER BY id DESC"
            " OFFSET %s LIMIT 1)",
            [OUTBOX_KEEPS],
        )
        cursor.execute(
            "DELETE FROM procrastinate_jobs j WHERE status IN ('succeeded', 'failed', 'cancelled', 'aborted')"
            " AND NOT EXISTS (SELECT 1 FROM procrastinate_events e WHERE e.job_id = j.id"
            " AND e.at > now() - %s * interval '1 hour')",
            [FINISHED_JOBS_KEPT_HOURS],
        )
    limits.forget_old()
    database.forget_changes()
