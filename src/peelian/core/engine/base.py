"""PostgreSQL as Django speaks to it. Only: a connection that was used a moment ago is not asked at the beginning of a
request whether it still stands, which costs a busy server as much as a read."""

from __future__ import annotations

import time

from django.db.backends.postgresql import base

A_MOMENT = 0.1  # seconds: to stop and start again takes PostgreSQL longer


class DatabaseWrapper(base.DatabaseWrapper):
    """After an error Django asks in any case, and a connection that does not stand is made anew."""

    _used_at = 0.0

    def close_if_health_check_failed(self) -> None:
        now = time.monotonic()
        if now - self._used_at < A_MOMENT:
            self.health_check_done = True
        self._used_at = now
        super().close_if_health_check_failed()
