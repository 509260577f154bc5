"""What pages of ours keep on a device between visits belongs to one person: it is wiped when they sign out there, and
when somebody else signs in. The browser does it, at the word of a header (W3C Clear Site Data)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

COOKIE = "peelian_device"  # whose things are kept, as a sum from which nobody is known
DAY = 24 * 60 * 60  # seconds: nothing is kept longer
SIGN_OUT = "account_logout"


def note(response: HttpResponseBase, staff: Any) -> None:
    """From now on something of this person's is kept on the device."""
    response.set_cookie(
        COOKIE,
        _owner(staff),
        max_age=2 * DAY,
        path="/staff/",
        secure=settings.BEHIND_TLS,
        httponly=True,
        samesite="Lax",
    )


def wipe_if_due(request: HttpRequest, response: HttpResponseBase) -> None:
    """Have it wiped, with this answer, when its owner signs out or somebody else is signed in."""
    owner = request.COOKIES.get(COOKIE)
    if not owner or COOKIE in response.cookies:
        return
    match = request.resolver_match
    leaving = match is not None and match.view_name == SIGN_OUT and request.method == "POST"
    staff: Any = request.user
    stranger = staff.is_authenticated and not constant_time_compare(owner, _owner(staff))
    if leaving or stranger:
        response["Clear-Site-Data"] = '"storage"'
        response.delete_cookie(COOKIE, path="/staff/")


def _owner(staff: Any) -> str:
    return salted_hmac("accounts.device", str(staff.pk), algorithm="sha256").hexdigest()[:32]
