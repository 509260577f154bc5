"""PostgreSQL as Django speaks to it, but for two things. A connection that was used a moment ago is not asked at the
beginning of a request whether it still stands, which costs a busy server as much as a read. And there are cursors whose
statements the server parses and plans once for each connection (`core.database.prepared`), not at every use."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from django.db.backends.postgresql import base, operations
from django.db.backends.utils import CursorWrapper

A_MOMENT = 0.1  # seconds: to stop and start again takes PostgreSQL longer


class Prepared(psycopg.Cursor[Any]):
    """Values go to the server beside the statement, which it keeps prepared for the next use."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, prepare=True, **options)


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """For tests that look at statements: a prepared one never holds its values."""
        return sql if isinstance(cursor, Prepared) else super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """After an error Django asks in any case, and a connection that does not stand is made anew."""

    ops_class = DatabaseOperations
    _used_at = 0.0

    def close_if_health_check_failed(self) -> None:
        now = time.monotonic()
        if now - self._used_at < A_MOMENT:
            self.health_check_done = True
        self._used_at = now
        super().close_if_health_check_failed()

    def get_connection_params(self) -> dict[str, Any]:
        """Django's cursors put values into the statement and never prepare one; `prepared` ones always do."""
        return {**super().get_connection_params(), "prepare_threshold": 0}

    def prepared(self) -> CursorWrapper:
        """A cursor like `cursor()`, which Django has no other door for."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = Prepared(self.connection)
        made: CursorWrapper = self._prepare_cursor(cursor)  # type: ignore[attr-defined]
        return made
