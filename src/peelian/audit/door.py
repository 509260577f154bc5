"""The door of one staff page: signed in, and allowed by role. It stands here, in the lowest app with staff pages, so
that every app above can use it; what holds for all staff pages (second step, idle time) is accounts.middleware's."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django_htmx.http import HttpResponseClientRedirect

from peelian.core.errors import NotFound

# What nobody opens who has areas, whatever their role: an event has no place, so that the trail cannot be cut by area.
# accounts gives the roles with these permissions without areas only; this holds for accounts made before it did
WHOLE_FORCE = frozenset({"audit.read"})

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def needs(permission: str) -> Callable[[View], View]:
    """Let only staff in whose role has PERMISSION (accounts.roles); for everybody else the page does not exist.

    The view carries the name as `.permission`: the structure test and the middleware read it.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            staff: Any = request.user
            if not staff.is_authenticated:
                return to_sign_in(request)
            if not staff.may(permission) or (permission in WHOLE_FORCE and staff.scope.exists()):
                raise NotFound
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Lead to sign-in, and back to this page afterwards. A part of a page that asks by itself moves the whole page."""
    if getattr(request, "htmx", False):
        page = getattr(request.htmx, "current_url_abs_path", None) or "/staff/"  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': page})}")
    back = request.get_full_path() if request.method in ("GET", "HEAD") else "/staff/"
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': back})}")
