"""How long somebody stays signed in, kept in their session; and whether they have a second step."""

from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.base import SessionBase

from peelian.accounts.models import Staff
from peelian.core import clock

IDLE = timedelta(minutes=30)
AT_MOST = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)  # so that a page does not cost a write each
SINCE, SEEN = "peelian_since", "peelian_seen"  # seconds since 1970
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def begin(session: SessionBase) -> None:
    """Somebody has just signed in."""
    session[SINCE] = session[SEEN] = int(clock.now().timestamp())


def is_over(session: SessionBase) -> bool:
    """Whether nothing was done for too long, or the day is too long. A session that never began is over."""
    now = clock.now().timestamp()
    idle, whole = now - session.get(SEEN, 0), now - session.get(SINCE, 0)
    return bool(idle > IDLE.total_seconds() or whole > AT_MOST.total_seconds())


def note(session: SessionBase, staff: Staff) -> None:
    """The person is doing something: renew, once a minute; the account keeps the hour."""
    now = clock.now()
    if now.timestamp() - session[SEEN] < NOTED_EVERY.total_seconds():
        return
    session[SEEN] = int(now.timestamp())
    keep_hour(staff, now)


def keep_hour(staff: Staff, now: datetime) -> None:
    """The hour in which the person was last seen; no finer, since nobody needs to know."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    if staff.last_seen_at is None or staff.last_seen_at < hour:
        Staff.objects.filter(pk=staff.pk).update(last_seen_at=hour)


def has_second_step(staff: Staff) -> bool:
    return bool(Authenticator.objects.filter(user_id=staff.pk, type__in=SECOND_STEPS).exists())


def forget_second_steps(staff: Staff) -> None:
    """The person sets up their sign-in anew (a lost phone)."""
    Authenticator.objects.filter(user_id=staff.pk).delete()


def on_signed_in(sender: Any, request: Any, user: Staff, **_: Any) -> None:
    """Django's signal: every way of signing in comes past here."""
    begin(request.session)
    keep_hour(user, clock.now())
