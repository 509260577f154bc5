"""What events bring to the pages of other apps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from peelian.events.queries import coming


def my_events(request: HttpRequest, member_id: int) -> dict[str, Any] | None:
    """On My account: how many events the member has signed up for."""
    rows = list(coming.of_member(member_id)[:3])
    return {"rows": rows} if rows else None
