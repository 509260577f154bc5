"""The door to every staff page: signed in, with a second step; sessions end after 30 idle minutes or 12 hours."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control

from peelian.accounts import device, sessions
from peelian.accounts.door import to_sign_in

SIGN_IN_PAGES = "/staff/account/"  # allauth's; of its many pages these three lists are all there are

# For anybody
OPEN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "accounts_staff:set_up",
}
# For somebody signed in whose second step is not set up yet
SETTING_UP = {"account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn", "accounts_staff:second_step"}
# For somebody signed in with both
OWN_SIGN_IN = {
    "account_change_password",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_reauthenticate_webauthn",
}
ENDED = "We signed you out because nothing was done for a while. Sign in to go on."


class StaffDoor:
    """Stands before all pages under /staff/, and before any other whose view is marked by `needs`. Public pages pass
    without a look at session or database."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        if request.path.startswith("/staff/") and not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        if request.path.startswith("/staff/"):
            device.wipe_if_due(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not (request.path.startswith("/staff/") or hasattr(view, "permission")):
            return None
        assert request.resolver_match is not None
        name = request.resolver_match.view_name
        if request.path.startswith(SIGN_IN_PAGES) and name not in OPEN | SETTING_UP | OWN_SIGN_IN:
            raise Http404
        return None if name in OPEN else _refusal(request, name)


def _refusal(request: HttpRequest, name: str) -> HttpResponseBase | None:
    """The page that somebody gets instead of the one they asked for; None when they may go on."""
    staff: Any = request.user
    if not staff.is_authenticated:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty():
            messages.info(request, ENDED)  # there was a session, and the database has let it go
        return to_sign_in(request)
    if sessions.is_over(request.session):
        logout(request)
        messages.info(request, ENDED)
        return to_sign_in(request)
    if not _refreshes_itself(request):
        sessions.note(request.session, staff)
    excused = staff.is_demo and settings.PEELIAN_DEMO
    if not (excused or name in SETTING_UP or sessions.has_second_step(staff)):
        return redirect("accounts_staff:second_step")
    return None


def _refreshes_itself(request: HttpRequest) -> bool:
    """A part of a page that asks by itself every few seconds is not somebody doing something."""
    return bool(getattr(request, "htmx", False)) and request.method == "GET"
