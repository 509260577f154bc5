from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.api.actions import LONGEST_LIFE, check_webhook_address
from peelian.api.errors import BadWebhookAddress
from peelian.api.models import Webhook
from peelian.api.scopes import CHOICES
from peelian.core import clock


class TokenForm(forms.Form):
    """For whom a program acts, what it may do, and until when."""

    name = forms.CharField(label="What is it for?", max_length=80, help_text="For example: council website")
    staff = forms.ModelChoiceField(
        Staff.objects.none(),
        label="For whom does it act?",
        empty_label="Choose somebody",
        help_text="It can do nothing that this person cannot, and only in their areas.",
    )
    scopes = forms.MultipleChoiceField(
        label="What may it do?",
        choices=CHOICES,
        widget=forms.CheckboxSelectMultiple,
        help_text="As little as it needs.",
    )
    expires_on = forms.DateField(
        label="Its last day",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="A year from now at most. Then somebody has to look again whether it is still needed.",
    )

    def __init__(self, by: Staff, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        people = accounts.staff_in_scope(by).filter(is_active=True).order_by("name", "email")
        self.fields["staff"].queryset = people  # type: ignore[attr-defined]

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if not clock.today() <= day <= clock.today() + LONGEST_LIFE:
            raise ValidationError("Choose a day from today on, a year from now at most.")
        return day


class WebhookForm(forms.Form):
    """Where to tell what."""

    name = forms.CharField(label="What is it for?", max_length=80, help_text="For example: duty board")
    url = forms.CharField(
        label="Address to tell",
        max_length=500,
        help_text="It begins with https:// and is on the open Internet.",
        widget=forms.URLInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    kinds = forms.MultipleChoiceField(
        label="What should it hear of?",
        choices=Webhook.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="It is told numbers and references, never words or names.",
    )

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        try:
            check_webhook_address(url)
        except BadWebhookAddress as problem:
            raise ValidationError(str(problem)) from None
        return url
