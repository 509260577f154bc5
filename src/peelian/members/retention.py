"""The nightly job that takes away what the register of personal data says has been kept long enough."""

from datetime import datetime

import structlog
from django.db import transaction

from peelian.audit.actions import SYSTEM, record
from peelian.core import clock
from peelian.core.personal_data import register

log = structlog.get_logger("peelian.retention")


def enforce(now: datetime | None = None) -> dict[str, int]:
    """Run every declared expiry, each in a transaction of its own; returns model label → rows. One that fails is logged
    and does not hold up the rest."""
    moment = now or clock.now()
    done: dict[str, int] = {}
    for label, declaration in register.items():
        if declaration.expire is None:
            continue
        try:
            with transaction.atomic():
                done[label] = declaration.expire(moment)
                if done[label]:
                    record("personal_data.expired", "model", label, by=SYSTEM, rows=done[label])
        except Exception:
            log.exception("expiry failed", model=label)
    return done
