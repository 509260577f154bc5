"""Sessions in the database, as Django keeps them (SESSION_ENGINE), with one statement where Django takes three: an
officer's or a resident's session is read at every step they take, and written at most."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, UpdateError
from django.utils import timezone
from django.utils.crypto import get_random_string

from peelian.core.database import prepared


class SessionStore(db.SessionStore):
    """The same rows and the same errors. A new key of 32 letters and figures is not looked up first: that nobody has it
    is for the table to say, when the session is written."""

    def load(self) -> dict[str, Any]:
        with prepared() as cursor:
            cursor.execute(
                "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s",
                [self.session_key, timezone.now()],  # the clock that get_expiry_date goes by
            )
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return {}
        data: dict[str, Any] = self.decode(found[0])
        return data

    def save(self, must_create: bool = False) -> None:
        """Raises CreateError where the key is somebody's, UpdateError where the session has been ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        data = self.encode(self._get_session(no_load=must_create))  # type: ignore[attr-defined]
        with prepared() as cursor:
            cursor.execute(_NEW if must_create else _KEPT, [data, self.get_expiry_date(), self.session_key])
            if not cursor.rowcount:
                raise CreateError if must_create else UpdateError

    def _get_new_session_key(self) -> str:
        return get_random_string(32, VALID_KEY_CHARS)


_NEW = """
INSERT INTO django_session (session_data, expire_date, session_key) VALUES (%s, %s, %s)
ON CONFLICT (session_key) DO NOTHING
"""
_KEPT = "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s"
