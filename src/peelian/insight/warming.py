"""After a refresh the pages of the whole force are painted once, so that no person waits for what is kept of them
(insight.kept). Parts of the force are painted when somebody asks."""

from __future__ import annotations

import time as stopwatch
from collections.abc import Iterator

import structlog
from django.http import HttpRequest
from django.urls import resolve, reverse

from peelian.accounts.models import Staff
from peelian.insight.parts import PAGES

log = structlog.get_logger("peelian.insight")


def warm() -> int:
    """Ask for every page that reads rollups, as it is without choices, for one person of each role who sees the whole
    force. Returns how many were painted; one that fails stops no other, and whoever asks for it is told then."""
    began, painted = stopwatch.monotonic(), 0
    for staff in _who_see_everything():
        for page in PAGES:
            if page.rollups and staff.may(page.permission):
                try:
                    painted += _asked(reverse(page.url_name), staff)
                except Exception as problem:
                    log.error(
                        "page not warmed", job="insight.refresh", page=page.url_name, error=type(problem).__name__
                    )
    log.info("pages warmed", job="insight.refresh", pages=painted, seconds=round(stopwatch.monotonic() - began, 1))
    return painted


def _who_see_everything() -> Iterator[Staff]:
    """One of each role: what is kept depends on areas and permissions, never on the person."""
    active = Staff.objects.filter(is_active=True, scope=None).order_by("role", "pk")
    yield from (staff for staff in active.distinct("role") if staff.may("insight.read"))


def _asked(address: str, staff: Staff) -> bool:
    """Through the page's own door, without the middleware: nobody is signed in and nothing is written down."""
    request = HttpRequest()
    request.method, request.path, request.path_info, request.user = "GET", address, address, staff
    return bool(resolve(address).func(request).status_code == 200)
