"""allauth's forms in our words. It makes them itself, by settings.ACCOUNT_FORMS and MFA_FORMS."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.forms import Field

PASSWORD_HINT = "At least 12 characters. Three or four words that do not belong together make a good one."  # noqa: S105


class _Worded:
    """Labels and hints by field name; placeholders go, since they vanish while one types."""

    words: dict[str, tuple[str, str]] = {}
    fields: dict[str, Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]


class SignInForm(_Worded, account.LoginForm):  # type: ignore[misc]
    words = {"login": ("Email address", ""), "password": ("Password", "")}


class PasswordForgottenForm(_Worded, account.ResetPasswordForm):  # type: ignore[misc]
    words = {"email": ("Email address", "We send you a link to choose a new password.")}


class NewPasswordForm(_Worded, account.ResetPasswordKeyForm):  # type: ignore[misc]
    words = {"password1": ("New password", PASSWORD_HINT), "password2": ("New password again", "")}


class ChangePasswordForm(_Worded, account.ChangePasswordForm):  # type: ignore[misc]
    words = {"oldpassword": ("The password you have now", "")} | NewPasswordForm.words


class ReauthenticateForm(_Worded, account.ReauthenticateForm):  # type: ignore[misc]
    words = {"password": ("Your password", "")}


CODE = {"code": ("Code", "Six digits from your app, or one of your recovery codes.")}


class SecondStepForm(_Worded, second_step.AuthenticateForm):  # type: ignore[misc]
    words = CODE


class SecondStepAgainForm(_Worded, second_step.ReauthenticateForm):  # type: ignore[misc]
    words = CODE


class ActivateAppForm(_Worded, totp.ActivateTOTPForm):  # type: ignore[misc]
    words = {"code": ("Code", "The six digits your app shows now.")}


class AddPasskeyForm(_Worded, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    words = {
        "name": ("Name of this passkey", "So that you know it again, like “work laptop”."),
        "passwordless": ("Sign in with this passkey alone", "No password: the device asks for finger, face or PIN."),
    }


class EditPasskeyForm(_Worded, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    words = {"name": ("Name of this passkey", "")}
