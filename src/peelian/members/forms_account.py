"""The forms of a member's account: holiday, moving house, and where messages go."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peelian.contacts import normalise
from peelian.contacts.errors import BadAddress
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.members import queries
from peelian.members.actions.account import LONGEST_HOLIDAY
from peelian.members.forms_joining import WhereForm
from peelian.members.models import Holiday

_IN_FULL = {
    Address.Kind.EMAIL: _("Give an email address in full, like name@example.com"),
    Address.Kind.MOBILE: _("Give a mobile number, like 07700 900123"),
    Address.Kind.LANDLINE: _("Give a landline number, like 01632 960123"),
}
if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

MISSING = {
    Address.Kind.EMAIL: _("Fill in your email address"),
    Address.Kind.MOBILE: _("Fill in your mobile number"),
    Address.Kind.LANDLINE: _("Fill in your landline number"),
}
_READ = {
    Address.Kind.EMAIL: normalise.email,
    Address.Kind.MOBILE: normalise.mobile,
    Address.Kind.LANDLINE: normalise.landline,
}


def _day(label: Words, hint: Words, missing: Words, wrong: Words) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": missing, "invalid": wrong},
    )


class HolidayForm(forms.Form):
    first_day = _day(
        *(_("First day without messages"), "", _("Choose the first day"), _("Choose the first day, as a real date"))
    )
    last_day = _day(
        *(_("Last day without messages"), _("At most 3 months later.")),
        *(_("Choose the last day"), _("Choose the last day, as a real date")),
    )
    urgent_passes = forms.BooleanField(
        label=_("Urgent messages may come all the same"),
        required=False,
        help_text=_("Like somebody in danger near you, or a fire. They are rare."),
    )

    def __init__(self, holiday: Holiday | None, *given: Any, **named: Any) -> None:
        today = clock.today()
        ahead = holiday is not None and holiday.last_day >= today
        named["initial"] = {
            "first_day": holiday.first_day if ahead and holiday else today,
            "last_day": holiday.last_day if ahead and holiday else today + timedelta(days=13),
            "urgent_passes": holiday.urgent_passes if ahead and holiday else True,
        }
        super().__init__(*given, **named)
        self.begun = holiday.first_day if ahead and holiday and holiday.first_day <= today else None

    def clean_first_day(self) -> date:
        day: date = self.cleaned_data["first_day"]
        if day < clock.today() and day != self.begun:
            raise forms.ValidationError(_("Choose a first day that is not over yet"))
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, last = given.get("first_day"), given.get("last_day")
        if first and last:
            if last < first:
                self.add_error("last_day", _("Choose a last day that is not before the first"))
            elif last < clock.today():
                self.add_error("last_day", _("Choose a last day that is not over yet"))
            elif last >= clock.months_after(first, LONGEST_HOLIDAY):
                self.add_error("last_day", _("A holiday can be 3 months long. Choose an earlier last day."))
        return given


class MoveForm(WhereForm):
    """Where somebody lives now. Nothing is filled in beforehand: the old postcode would win over a new pin."""

    nowhere = forms.BooleanField(
        label=_("Forget where I live"),
        required=False,
        help_text=_("You then only hear what concerns everybody."),
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        del self.fields["age"]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        ways = (given.get("postcode"), given.get("neighbourhood"), given.get("longitude"), given.get("nowhere"))
        if not self.errors and not any(way not in (None, "", False) for way in ways):
            self.add_error(
                "postcode", gettext("Fill in your new postcode, or choose another way to say where you live")
            )
        return given

    def where(self) -> dict[str, Any]:
        return queries.position("") if self.cleaned_data["nowhere"] else super().where()


class ContactPointForm(forms.Form):
    """A new email address, mobile number or landline."""

    value = forms.CharField(max_length=254)

    def __init__(self, kind: Address.Kind, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.kind = kind
        field = self.fields["value"]
        words = {
            Address.Kind.EMAIL: (_("Your email address"), _("We send an email there with a button to press."), "email"),
            Address.Kind.MOBILE: (_("Your mobile number"), _("We text six figures there."), "tel"),
            Address.Kind.LANDLINE: (
                _("Your landline number"),
                _("We call it now, and a voice says six figures."),
                "tel",
            ),
        }
        label, hint, kind_of_box = words[kind]
        field.label, field.help_text = label, hint
        field.widget = forms.EmailInput() if kind == Address.Kind.EMAIL else forms.TextInput(attrs={"type": "tel"})
        field.widget.attrs["autocomplete"] = kind_of_box
        field.error_messages["required"] = MISSING[kind]

    def clean_value(self) -> str:
        try:
            return _READ[self.kind](str(self.cleaned_data["value"]))
        except BadAddress as problem:
            raise forms.ValidationError(_IN_FULL[self.kind]) from problem
