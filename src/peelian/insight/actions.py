"""What staff set going in insight. What happened is written by the apps below; here it is only added up."""

from __future__ import annotations

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit import actions as audit
from peelian.core import jobs


@transaction.atomic
def refresh_now(*, by: Staff) -> None:
    """Bring the figures up to date without waiting for the hour."""
    audit.record("insight.refresh_asked", "insight", "all", by=by)
    jobs.enqueue("insight.refresh_now", once_as="insight.refresh_now")
