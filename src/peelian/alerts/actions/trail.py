"""How alerts write to the audit trail, and how a change of state is claimed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from peelian.accounts.models import Staff
from peelian.alerts import errors
from peelian.alerts.models import Alert
from peelian.audit.actions import COMMAND_LINE, Actor, record

_at_command_line: ContextVar[bool] = ContextVar("alerts_at_command_line", default=False)


@contextmanager
def at_command_line() -> Iterator[None]:
    """Within it the trail says "command line" and the system, with the id of the account that was named: whoever
    may type commands may name any account, so the account is not who did it."""
    token = _at_command_line.set(True)
    try:
        yield
    finally:
        _at_command_line.reset(token)


def note(verb: str, alert: Alert, *, by: Actor, **data: Any) -> None:
    """Append to the trail. DATA holds counts, states and shapes, never the text."""
    if _at_command_line.get() and isinstance(by, Staff):
        record(verb, "alert", alert.ref, by=COMMAND_LINE, named_account=by.pk, **data)
    else:
        record(verb, "alert", alert.ref, by=by, **data)


def must(by: Staff, permission: str) -> None:
    """Raise NotAllowed unless the role has the permission. Pages ask too; commands come only this way."""
    if not by.may(permission):
        raise errors.NotAllowed


def claim(
    alert: Alert,
    *,
    states: Iterable[str],
    refused: type[errors.NotNow] = errors.NotNow,
    version: int | None = None,
    **changes: Any,
) -> None:
    """Change the row only if it is in one of STATES (and of VERSION) still; raise REFUSED otherwise. Reloads the
    alert."""
    rows = Alert.objects.filter(pk=alert.pk, state__in=list(states))
    if version is not None:
        rows = rows.filter(version=version)
    if rows.update(**changes) != 1:
        raise refused
    alert.refresh_from_db()
