"""What a staff view needs: `@needs("alerts.read")`, and the type of a request behind that door.

The guard itself is audit.door's, so that apps below this one can use it; accounts.middleware adds what holds for every
staff page: a second step at sign-in, idle time, accounts that are disabled.
"""

from django.http import HttpRequest

from peelian.accounts.models import Staff
from peelian.audit.door import needs, to_sign_in

__all__ = ["StaffRequest", "needs", "to_sign_in"]


class StaffRequest(HttpRequest):
    """A request that has come through `needs`: somebody is signed in."""

    user: Staff
