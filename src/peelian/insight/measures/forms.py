"""The forms of measures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from peelian.accounts.models import Staff
from peelian.core import clock, periods
from peelian.insight.measures import queries
from peelian.insight.models import Commentary, Measure, MeasureDefinition
from peelian.places.models import Area

RESERVED = {"new", "import", "writing", "template"}
Frequency, Good = MeasureDefinition.Frequency, MeasureDefinition.Good
PER = {"": "A count", "1": "A mean: numerator ÷ denominator", "100": "A percentage", "1000": "A rate per 1,000"}


class PeriodField(forms.CharField):
    """A period by its name; cleaned to core.periods.Period, or None where it may be left out."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("max_length", 40)
        given.setdefault("help_text", f"Like {periods.EXAMPLES}.")
        super().__init__(**given)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return periods.clean(text) if text else None


class WhichForm(forms.Form):
    """Which area, and up to when."""

    mark_optional = False
    area = forms.ChoiceField(label="Area", required=False)
    period = PeriodField(label="Up to", required=False, help_text="")

    def __init__(self, staff: Staff, whole_force: bool, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        kinds: dict[str, list[tuple[str, str]]] = {}
        for area in queries.areas_for(staff):
            kinds.setdefault(area.get_kind_display() + "s", []).append((area.code, area.name))
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        first = [("", "The whole force")] if whole_force else []
        field.choices = [*first, *kinds.items()]
        self.fields["period"].widget.attrs["placeholder"] = "2018-09"


class DefinitionForm(forms.Form):
    """What a measure means. For one that exists, a reason is asked for; its code stays."""

    code = forms.SlugField(
        label="Code",
        max_length=60,
        help_text="Small letters and hyphens; stands in files and addresses. Like burglary.",
    )
    name = forms.CharField(label="Name", max_length=200, help_text="Like: Number of total burglaries recorded")
    aim = forms.CharField(
        label="Aim", max_length=200, help_text="As the plan words it. Measures of one aim stand together."
    )
    definition = forms.CharField(label="Definition", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    frequency = forms.ChoiceField(label="How often", choices=Frequency.choices)
    per = forms.ChoiceField(label="What kind of figure", choices=list(PER.items()), required=False)
    unit = forms.CharField(label="Unit", max_length=60, help_text="What follows the figure: offences, %, days, of 6")
    places = forms.IntegerField(label="Decimals", min_value=0, max_value=4, initial=0)
    numerator = forms.CharField(label="Numerator", max_length=200, help_text="What is counted")
    denominator = forms.CharField(
        label="Denominator", max_length=200, required=False, help_text="Of what; empty for a count"
    )
    adds_up = forms.BooleanField(label="Months may be added up to a year", required=False, initial=True)
    base_adds_up = forms.BooleanField(
        label="Denominators of months may be added up too", required=False, initial=True,
        help_text="Not where it is the population.",
    )  # fmt: skip
    source = forms.CharField(label="Source", max_length=200)
    source_url = forms.URLField(label="Link to the source", required=False, max_length=300, assume_scheme="https")
    good = forms.ChoiceField(label="Which way is good", choices=Good.choices, required=False)
    target = forms.FloatField(label="Target", required=False)
    target_by = forms.DateField(label="Target reached by", required=False, widget=forms.DateInput)
    group_name = forms.CharField(label="Compared with", max_length=80, required=False, initial="most similar forces")
    nation_name = forms.CharField(label="And with", max_length=80, required=False, initial="England and Wales")
    baseline = PeriodField(
        label="Baseline", required=False, help_text="Change is counted from it. Like year-to-2016-03."
    )
    limits = PeriodField(
        label="Limits rest on", required=False,
        help_text="Lock the limits of the chart to these months, like 2017-01-01..2018-12-31. Empty: the whole series.",
    )  # fmt: skip
    reason = forms.CharField(
        label="Why is it changed?", max_length=300, help_text="Stands beside the new version, for whoever asks later."
    )
    # What Peelian computes keeps the meaning it has; a force sets only these
    OWN = ("target", "target_by", "group_name", "nation_name", "baseline", "limits", "reason")

    def __init__(self, before: MeasureDefinition | None, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if before is None:
            del self.fields["reason"]
            return
        del self.fields["code"]
        if before.measure.computed:
            for name in [name for name in self.fields if name not in self.OWN]:
                del self.fields[name]
        for name in self.fields:
            self.initial[name] = _initial(before, name)

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).lower()
        if code in RESERVED or Measure.objects.filter(code=code).exists():
            raise ValidationError("There is something of that code already. Choose another.")
        return code

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("per") and not given.get("denominator") and "denominator" in self.fields:
            self.add_error("denominator", "Say of what it is a share, mean or rate")
        if given.get("target_by") and given.get("target") is None:
            self.add_error("target", "Give the target that is to be reached by then")
        return given

    def said(self) -> dict[str, Any]:
        """For actions: only what was asked."""
        given = dict(self.cleaned_data)
        if "per" in given:
            given["per"] = int(given["per"]) if given["per"] else None
        for name, (first, last) in {
            "baseline": ("baseline_start", "baseline_end"),
            "limits": ("limits_from", "limits_to"),
        }.items():
            period = given.pop(name)
            given[first], given[last] = (period.start, period.end) if period else (None, None)
        return given


def _initial(before: MeasureDefinition, name: str) -> Any:
    if name == "aim":
        return before.aim.title
    if name == "per":
        return "" if before.per is None else str(before.per)
    if name in ("baseline", "limits"):
        period = getattr(before, name)
        return period.name if period else ""
    return "" if name == "reason" else getattr(before, name)


class ImportForm(forms.Form):
    file = forms.FileField(label="CSV file", help_text="At most 5 MB. The template names the columns.")


class _Authors(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no parameter when it runs
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name or 'No name given'}, {obj.get_role_display()}"


class AskForm(forms.Form):
    """Who is to write what, by when."""

    kind = forms.ChoiceField(label="What", choices=Commentary.Kind.choices)
    period = PeriodField(label="About which period")
    author = _Authors(queryset=Staff.objects.none(), label="Who writes it")
    due_on = forms.DateField(label="By when", widget=forms.DateInput)

    def __init__(self, definition: MeasureDefinition, area: Area | None, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["author"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queries.authors()
        self.definition = definition

    def clean_period(self) -> periods.Period:
        period: periods.Period = self.cleaned_data["period"]
        if period.start > clock.today():
            raise ValidationError("That period has not begun yet")
        return period


class WriteForm(forms.Form):
    text = forms.CharField(
        label="Text", widget=forms.Textarea(attrs={"rows": 12}), max_length=6000,
        help_text="Markdown: an empty line between paragraphs, **bold**, lists with -. HTML is shown as it is typed.",
    )  # fmt: skip
