"""Forms of limits, prices and budgets."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from peelian.core import clock
from peelian.core.wording import uk_date
from peelian.delivery import pricing
from peelian.delivery.limiting import FIELDS
from peelian.delivery.models import Carrier, Channel, Limit
from peelian.places.models import Area

MOST = 100_000_000
_NUMBER = {
    "invalid": "Give a whole number, like 500",
    "min_value": "Give a number of 1 or more, or leave it empty",
    "max_value": "Give a number of 100,000,000 or less",
}
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def _chosen(said: str) -> dict[str, str]:
    return {"required": said, "invalid_choice": said}


def _money(unit: str, most: str) -> dict[str, str]:
    return {
        "required": f"Give the {unit}",
        "invalid": f"Give the {unit} as a number, like 2.40",
        "min_value": f"Give {unit} of 0 or more",
        "max_value": f"Give {unit} of {most} or less",
        "max_decimal_places": f"Give {unit} with fewer digits after the point",
        "max_digits": f"Give {unit} of {most} or less",
        "max_whole_digits": f"Give {unit} of {most} or less",
    }


class LimitForm(forms.Form):
    """At most so many; `subject` is a carrier's number or "domain". Without one (CHANGING), only the numbers."""

    subject = forms.ChoiceField(
        label="What is limited?",
        widget=forms.RadioSelect,
        error_messages=_chosen("Choose a carrier or a mail domain"),
    )
    mail_domain = forms.CharField(
        label="Mail domain",
        max_length=253,
        required=False,
        help_text="Only where you chose a mail domain. What stands after the @, like example.org.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    per_second = forms.IntegerField(
        label="At most this many a second", min_value=1, max_value=MOST, required=False, error_messages=_NUMBER
    )
    per_minute = forms.IntegerField(
        label="At most this many a minute", min_value=1, max_value=MOST, required=False, error_messages=_NUMBER
    )
    per_day = forms.IntegerField(
        label="At most this many a day", min_value=1, max_value=MOST, required=False, error_messages=_NUMBER
    )
    ramp_first = forms.IntegerField(
        label="On the first day of a slow start",
        min_value=1,
        max_value=MOST,
        required=False,
        error_messages=_NUMBER,
        help_text="For a new sending domain: so many on the first day, and twice as many each day after.",
    )
    ramp_from = forms.DateField(
        label="First day of the slow start", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    mark_optional = False

    def __init__(self, data: Any = None, *, limit: Limit | None = None) -> None:
        initial = {name: getattr(limit, name) for name in FIELDS} if limit else None
        super().__init__(data, initial=initial)
        if limit:
            del self.fields["subject"], self.fields["mail_domain"]
            return
        taken = set(Limit.objects.exclude(carrier=None).values_list("carrier_id", flat=True))
        carriers = Carrier.objects.exclude(pk__in=taken).order_by("channel", "pk")
        choices = [(str(one.pk), f"{one.name} ({one.get_channel_display()})") for one in carriers]
        self.fields["subject"].choices = [*choices, ("domain", "Addresses of a mail domain")]  # type: ignore[attr-defined]

    def clean_mail_domain(self) -> str:
        name = str(self.cleaned_data["mail_domain"]).strip().lower().removeprefix("@")
        if self.cleaned_data.get("subject") != "domain":
            return ""
        if not _DOMAIN.fullmatch(name):
            raise forms.ValidationError("Give a mail domain, like example.org")
        return name

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("ramp_first")) != bool(given.get("ramp_from")) and not self.errors:
            missing = "ramp_first" if given.get("ramp_from") else "ramp_from"
            self.add_error(missing, "A slow start needs both its first day and how many go on it")
        if not self.errors and not any(given.get(name) for name in FIELDS):
            self.add_error("per_second", "Give at least one number: a second, a minute, a day or a slow start")
        return given

    def numbers(self) -> dict[str, int | date | None]:
        return {name: self.cleaned_data[name] for name in FIELDS}

    def carrier(self) -> Carrier | None:
        chosen = self.cleaned_data["subject"]
        return None if chosen == "domain" else Carrier.objects.get(pk=int(chosen))


class PriceForm(forms.Form):
    what = forms.ChoiceField(
        label="What is priced?", widget=forms.RadioSelect, error_messages=_chosen("Choose what is priced")
    )
    pence = forms.DecimalField(
        label="Price",
        min_value=Decimal("0"),
        max_value=Decimal("999"),
        decimal_places=3,
        max_digits=7,
        error_messages=_money("pence", "999"),
        help_text="In pence without VAT, like 2.4: for one part of a text, or for one call.",
    )
    valid_from = forms.DateField(
        label="From this day on",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="What was charged before stays as it was.",
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"valid_from": clock.today()})
        said = {Channel.TEXT: "a text by {kind}, each part", Channel.VOICE: "a call by {kind}"}
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (f"{int(channel)}-{kind}", said[channel].format(kind=kind).capitalize())
            for channel, kind in pricing.kinds_to_price()
        ]

    def given(self) -> dict[str, Any]:
        channel, _, kind = self.cleaned_data["what"].partition("-")
        return {
            "channel": Channel(int(channel)),
            "kind": kind,
            "valid_from": self.cleaned_data["valid_from"],
            "pence": self.cleaned_data["pence"],
        }


class BudgetForm(forms.Form):
    area = forms.ChoiceField(label="Policing area", error_messages=_chosen("Choose a policing area"))
    from_month = forms.ChoiceField(label="From this month on", error_messages=_chosen("Choose a month"))
    pounds = forms.DecimalField(
        label="Budget for each month",
        min_value=Decimal("0"),
        max_value=Decimal("9999999"),
        decimal_places=2,
        max_digits=9,
        error_messages=_money("pounds", "9,999,999"),
        help_text="In pounds, for texts and calls together. Urgent alerts go even when it is spent.",
    )

    def __init__(self, data: Any = None, *, areas: list[Area]) -> None:
        super().__init__(data)
        self._areas = {area.code: area for area in areas}
        self.fields["area"].choices = [(area.code, area.name) for area in areas]  # type: ignore[attr-defined]
        self.fields["from_month"].choices = [  # type: ignore[attr-defined]
            (f"{month:%Y-%m-%d}", uk_date(month).split(" ", 2)[2]) for month in pricing.coming_months()
        ]

    def given(self) -> dict[str, Any]:
        return {
            "area": self._areas[self.cleaned_data["area"]],
            "from_month": date.fromisoformat(self.cleaned_data["from_month"]),
            "pounds": self.cleaned_data["pounds"],
        }
