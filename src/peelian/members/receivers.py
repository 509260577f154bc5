"""What Django announces and members follow."""

from typing import Any

from peelian.accounts import device
from peelian.members import actions

KEYS = "doorstep_keys"  # in a session: the keys of what waits on that phone


def signed_out(sender: Any, request: Any, user: Any, **_: Any) -> None:
    """Somebody has pressed "Sign out": what is left on that phone opens no more. A session that ran out says the same
    signal and is passed over, because its owner comes back and sends what waits."""
    match = getattr(request, "resolver_match", None)
    keys = request.session.get(KEYS) if request is not None else None
    if user is not None and keys and match is not None and match.view_name == device.SIGN_OUT:
        actions.end_keys(ids=keys, by=user)
