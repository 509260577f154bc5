"""Naming somebody who helps: while joining, and on a member's own page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peelian.contacts import normalise
from peelian.contacts.errors import BadAddress


class HelperMixin(forms.Form):
    """Somebody who helps."""

    helper_name = forms.CharField(label=_("Their first name"), required=False, max_length=80)
    helper_contact = forms.CharField(
        label=_("Their email address or mobile number"),
        required=False,
        max_length=254,
        help_text=_("We ask them first. Your messages go there when they have said yes."),
    )
    helper_agreed = forms.BooleanField(
        label=_("They may get my messages, and change what I get. I can end this at any time."), required=False
    )

    def clean_helper_contact(self) -> str:
        text = str(self.cleaned_data["helper_contact"]).strip()
        if not text:
            return ""
        try:
            return normalise.email(text) if "@" in text else normalise.mobile(text)
        except BadAddress as problem:
            raise forms.ValidationError(
                _("Give their email address, like name@example.com, or mobile number, like 07700 900123")
            ) from problem


class HelperForm(HelperMixin):
    """On a member's own page everything is asked for."""

    mark_optional = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("helper_contact") and not self.has_error("helper_contact"):
            self.add_error("helper_contact", _("Fill in their email address or mobile number"))
        if not given.get("helper_agreed"):
            self.add_error("helper_agreed", _("Tick that they may get your messages"))
        return given
