"""Who asks: a token, counted, and what it may do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from peelian.api import actions, errors, queries
from peelian.api.models import Token
from peelian.api.scopes import SCOPES
from peelian.core import limits
from peelian.members import sessions

MOST_A_MINUTE = 600
MOST_WRONG = 30  # a minute from one network


KNOWN = "peelian.api.token"  # where the door leaves whose request it is


class StaffToken(HttpBearer):
    """A token with a scope, whose member of staff has the permission. Raises NoToken, NotWithThisToken."""

    def __init__(self, scope: str = "") -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Token:
        found: Token | None = request.META.get(KNOWN)
        if found is None:
            raise errors.NoToken
        if self.scope and self.scope not in found.scopes:
            raise errors.NotWithThisToken(f"This token may not do that: it lacks the scope {self.scope}.")
        if self.scope and not found.staff.may(SCOPES[self.scope].permission):
            raise errors.NotWithThisToken("The member of staff whom this token acts for may not do that.")
        return found

    def __call__(self, request: HttpRequest) -> Any:
        found = super().__call__(request)
        if not found:
            raise errors.NoToken
        return found


def identify(request: HttpRequest) -> bool:
    """Whether a token came with the request; then it works, and is counted. Raises NoToken where it does not, also for
    what everybody may read: a program with an old token hears of it. Raises TooMany."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return False
    found = queries.token_of(secret.strip())
    if found is None:
        limits.limit(f"api.wrong:{sessions.network(request)}", most=MOST_WRONG, window=timedelta(minutes=1))
        raise errors.NoToken
    limits.limit(f"api.token:{found.pk}", most=MOST_A_MINUTE, window=timedelta(minutes=1))
    actions.note_use(found)
    request.META[KNOWN] = found
    return True
