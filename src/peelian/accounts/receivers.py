"""What allauth announces and the trail keeps."""

from typing import Any

from allauth.mfa.models import Authenticator

from peelian.accounts.adapter import SIGN_IN_PAGE
from peelian.accounts.models import Staff
from peelian.audit.actions import record


def second_step_added(user: Staff, authenticator: Authenticator, **_: Any) -> None:
    record("staff.second_step_added", "staff", user.pk, by=user, type=authenticator.type)


def second_step_removed(user: Staff, authenticator: Authenticator, **_: Any) -> None:
    record("staff.second_step_removed", "staff", user.pk, by=user, type=authenticator.type)


def codes_made_again(user: Staff, authenticator: Authenticator, **_: Any) -> None:
    record("staff.recovery_codes_made", "staff", user.pk, by=user)


def second_step_failed(user: Staff, authenticator: Authenticator, **_: Any) -> None:
    record("staff.second_step_failed", "staff", user.pk, by=SIGN_IN_PAGE, type=authenticator.type)


def password_changed(user: Staff, **_: Any) -> None:
    record("staff.password_changed", "staff", user.pk, by=user)
