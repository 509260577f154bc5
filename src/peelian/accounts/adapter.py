"""How allauth behaves for staff: nobody signs up, failed sign-ins are recorded, links carry our own address."""

import base64
import hashlib
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from peelian.accounts import sessions
from peelian.accounts.backend import StaffBackend
from peelian.accounts.models import Staff
from peelian.audit.actions import System, record

SIGN_IN_PAGE = System("sign-in page")
WAIT = "That has been tried too often. Wait five minutes, then try again."


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff accounts are made by an administrator."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is disabled. Ask your administrator.",
        "email_password_mismatch": "The email address or the password is not right. Try again",
        "enter_current_password": "That is not the password you have now",
        "incorrect_code": "That code is not right. Type the one your app shows now",
        "incorrect_password": "That is not your password",
        "too_many_login_attempts": WAIT,
        "rate_limited": WAIT,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record whose account it was, when there is one; never the address that was typed."""
        known = Staff.objects.filter(email=str(credentials.get("email", "")).lower()).first()
        record("staff.sign_in_failed", "staff", known.pk if known else "unknown", by=SIGN_IN_PAGE)

    def pre_login(self, request: HttpRequest, user: Staff, **hints: Any) -> HttpResponse | None:
        """Disabled accounts, and demo accounts outside demo mode, get no further whichever way they came."""
        if not StaffBackend().user_can_authenticate(user):
            record("staff.sign_in_refused", "staff", user.pk, by=SIGN_IN_PAGE)
            return self.respond_user_inactive(request, user)  # type: ignore[no-any-return]
        return super().pre_login(request, user, **hints)  # type: ignore[no-any-return]

    def login(self, request: HttpRequest, user: Staff) -> None:
        super().login(request, user)
        record("staff.signed_in", "staff", user.pk, by=user)

    def logout(self, request: HttpRequest) -> None:
        staff: Any = request.user
        record("staff.signed_out", "staff", staff.pk, by=staff)
        super().logout(request)

    def send_password_reset_mail(self, user: Staff, email: str, context: dict[str, Any]) -> None:
        """Not before the account is set up: that is what the set-up link is for."""
        if StaffBackend().user_can_authenticate(user) and not user.pending:
            super().send_password_reset_mail(user, user.email, context)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Built on the installation's own address, never on the Host that a request claims."""
        uid, _, secret = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": secret})
        return f"{settings.PEELIAN_BASE_URL}{path}"

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Somebody who signed in a moment ago need not do so again to set up their second step."""
        request = context.request
        since = request.session.get(sessions.SINCE, 0) if request else 0
        if time.time() - since < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts_staff:me")


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second steps. Secrets are encrypted with the installation's key: a copy of the database alone is no use."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": StaffAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": "Add a passkey before you remove the app: you need one of the two to sign in.",
    }

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """After a change of the secret key no old code can be right; the administrator sends a new set-up link."""
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(hashlib.sha256(encrypted_text.encode()).digest()).decode().rstrip("=")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=sessions.SECOND_STEPS)
        return bool(others.exclude(pk=authenticator.pk).exists())

    def generate_authenticator_name(self, user: Staff, type: str) -> str:  # noqa: A002
        return f"Passkey {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def _get_site_name(self) -> str:
        return str(settings.PEELIAN_SERVICE_NAME)


def _fernet() -> Fernet:
    key = hashlib.sha256(b"second steps:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
