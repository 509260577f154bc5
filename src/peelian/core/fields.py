"""How one field of a Django form is shown: GOV.UK markup around Django's own controls.

Django keeps rendering the control itself, so that any widget works; this module adds the classes, the hint,
the error, what a browser may fill in, and what a screen reader says. Radios, tick boxes and dates in parts
have their own markup.
"""

from collections.abc import Iterable, Iterator
from datetime import date, time
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.forms import BaseForm, BoundField, widgets
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

Attributes = dict[str, Any]

# What a browser may fill in, by the field's name; WCAG 1.3.5 asks for it where it is about the person.
AUTOCOMPLETE = {
    "email": "email",
    "name": "name",
    "first_name": "given-name",
    "last_name": "family-name",
    "mobile": "tel",
    "phone": "tel",
    "landline": "tel",
    "postcode": "postal-code",
    "address": "street-address",
    "code": "one-time-code",
    "otp": "one-time-code",
    "organisation": "organization",
    "birth_year": "bday-year",
}
WIDTHS = {"tel": 20, "postal-code": 10, "one-time-code": 10, "bday-year": 4}
# What is asked for when a field that must have an answer has none; anything else is filled in.
ASKING: list[tuple[type[widgets.Widget], str]] = [
    (forms.CheckboxInput, _("Tick “{label}”")),
    (forms.FileInput, _("Choose a file for “{label}”")),
    (forms.SelectDateWidget, _("Fill in “{label}”")),
    (widgets.ChoiceWidget, _("Choose an answer for “{label}”")),
    (widgets.Widget, _("Fill in “{label}”")),
]
# Said when a field cannot be read as what it should be; the first kind that fits.
MISREAD: list[tuple[type[forms.Field], str]] = [
    (forms.EmailField, _("Give “{label}” in full, like name@example.com")),
    (forms.IntegerField, _("Give “{label}” as a whole number, like 12")),
    (forms.DecimalField, _("Give “{label}” as a number, like 12.5")),
    (forms.DateTimeField, _("Give “{label}” as a real date and time")),
    (forms.SplitDateTimeField, _("Give “{label}” as a real date and time")),
    (forms.DateField, _("Give “{label}” as a real date, like 27 3 2027")),
    (forms.TimeField, _("Give “{label}” as a time, like 18:30")),
]
CONTROL_CLASSES: list[tuple[type[widgets.Widget], str]] = [
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.Widget, "govuk-input"),
]


def render_field(bound: BoundField, **options: Any) -> SafeString:
    """One field with its label, hint, error and control. Options are listed in the templates' README."""
    widget = bound.field.widget
    if bound.is_hidden:
        return mark_safe(str(bound))  # noqa: S308  Django's own escaped markup
    context = _shared_context(bound, options)
    if isinstance(widget, forms.CheckboxInput):
        template = "tick"
        context["control"] = bound.as_widget(attrs={"class": "govuk-checkboxes__input", **_described(context)})
    elif isinstance(widget, forms.RadioSelect):  # tick boxes for several choices are a kind of radios in Django
        template = "choices"
        context |= _choices(bound, options)
    elif isinstance(widget, forms.SelectDateWidget):
        template = "parts"
        context["parts"] = _date_parts(bound, widget)
    elif isinstance(widget, forms.MultiWidget):
        template = "parts"
        context["parts"] = _split_parts(bound, widget)
    else:
        template = "control"
        context |= _control(bound, context, options)
    return render_to_string(f"components/field_{template}.html", context)


def first_control_id(bound: BoundField) -> str:
    """The id of the first thing in a field that can take focus, for links from the summary of errors."""
    widget = bound.field.widget
    if bound.is_hidden:
        return ""
    if isinstance(widget, forms.RadioSelect):
        options = [option for _, group in _option_groups(bound) for option in group]
        return str(options[0]["attrs"]["id"]) if options else bound.auto_id
    if isinstance(widget, forms.SelectDateWidget):
        return f"{bound.auto_id}_day"
    if isinstance(widget, forms.MultiWidget):
        return f"{bound.auto_id}_0"
    return bound.id_for_label


def summary_of_errors(*given: BaseForm) -> list[tuple[str, str]]:
    """Every error of the forms as (words, id to jump to); errors of a whole form jump nowhere."""
    found: list[tuple[str, str]] = []
    for form in given:
        found += [(str(error), "") for error in form.non_field_errors()]
        for bound in form:
            found += [(words, first_control_id(bound)) for words in plain_errors(bound)]
    return found


def plain_errors(bound: BoundField) -> list[str]:
    """A field's errors as sentences that name it and say how to mend it.

    A form's own words always stand; only Django's defaults, which do not name the field, are said anew.
    """
    return [_plainly(bound, error) for error in bound.errors.as_data()]


def _plainly(bound: BoundField, error: ValidationError) -> str:
    field, label = bound.field, bound.label
    code = error.code or ""
    if code == "max_length" and "max_length" not in field.error_messages and error.params:
        most, has = error.params["limit_value"], error.params["show_value"]
        return gettext("Shorten “{label}” to {most} characters. It has {has}").format(label=label, most=most, has=has)
    if str(error.message) != str(_defaults(field).get(code)):
        return " ".join(error.messages)
    if code == "required":
        asked = next(said for kind, said in ASKING if isinstance(field.widget, kind))
        return gettext(asked).format(label=label)
    misread = [said for kind, said in MISREAD if isinstance(field, kind)] if code == "invalid" else []
    return gettext(misread[0]).format(label=label) if misread else " ".join(error.messages)


def _defaults(field: forms.Field) -> dict[str, Any]:
    """The messages a field's class comes with, gathered as Django does; an email's is its validator's."""
    gathered: dict[str, Any] = {}
    for ancestor in reversed(type(field).__mro__):
        gathered |= getattr(ancestor, "default_error_messages", {})
    if isinstance(field, forms.EmailField):
        gathered["invalid"] = validate_email.message
    return gathered


def _shared_context(bound: BoundField, options: dict[str, Any]) -> dict[str, Any]:
    hint = bound.help_text = options.get("hint", bound.help_text)
    errors = plain_errors(bound)
    auto_id = bound.auto_id
    described = [f"{auto_id}-hint"] if hint else []
    described += [f"{auto_id}-error"] if errors else []
    marks = getattr(bound.form, "mark_optional", True) and options.get("optional", True)
    return {
        "bound": bound,
        "id": auto_id,
        "label": options.get("label", bound.label),
        "optional": bool(marks) and not bound.field.required and not isinstance(bound.field, forms.BooleanField),
        "hint": hint,
        "errors": errors,
        "describedby": " ".join(described),
        "size": options.get("size", "s"),
        "heading": options.get("heading", False),
        "prefix": options.get("prefix"),
        "suffix": options.get("suffix"),
        "small": options.get("small", False),
    }


def _described(context: dict[str, Any]) -> Attributes:
    # Ours rather than Django's: it names the ids that our templates give to the hint and the errors.
    return {"aria-describedby": context["describedby"]} if context["describedby"] else {}


def _control(bound: BoundField, context: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    widget = bound.field.widget
    base = next(css for kind, css in CONTROL_CLASSES if isinstance(widget, kind))
    attributes = _described(context) | _typing_help(bound)
    limit = options.get("count") or (widget.attrs.get("maxlength") if isinstance(widget, forms.Textarea) else None)
    # Typing past a limit is shown and explained; a browser that silently cuts what was pasted is neither.
    attributes["maxlength"] = False
    if limit:
        attributes["aria-describedby"] = f"{context['describedby']} {context['id']}-info".strip()
    if isinstance(widget, forms.Textarea):
        asked = widget.attrs.get("rows", "10")  # Django's own default is 10, more than most answers need
        attributes["rows"] = options.get("rows", 5 if str(asked) == "10" else asked)
        attributes["cols"] = False
    if isinstance(widget, forms.DateInput | forms.TimeInput | forms.DateTimeInput):
        _native_picker(bound, widget)
    width = options.get("width") or WIDTHS.get(str(attributes.get("autocomplete", "")))
    classes = [base, widget.attrs.get("class", "")]
    classes += [f"{base}--error"] if context["errors"] else []
    classes += [f"govuk-input--width-{width}"] if width and base == "govuk-input" else []
    classes += ["govuk-js-character-count"] if limit else []
    attributes["class"] = " ".join(filter(None, classes))
    control = _select(bound, attributes) if type(widget) is forms.Select else bound.as_widget(attrs=attributes)
    return {"control": control, "limit": limit}


def _select(bound: BoundField, attributes: Attributes) -> SafeString:
    """What Django's Select makes, without a template for each option: of two hundred areas those took 12 ms."""
    widget = bound.field.widget
    assert isinstance(widget, forms.Select)
    chosen = set(widget.format_value(bound.value()))
    given = {"id": bound.auto_id, **widget.attrs, **bound.build_widget_attrs(attributes, widget)}

    def options(choices: Iterable[tuple[Any, Any]]) -> Iterator[str]:
        for value, label in choices:
            if isinstance(label, list | tuple):
                within = mark_safe("".join(options(label)))  # noqa: S308 (as below)
                yield format_html('<optgroup label="{}">{}</optgroup>', value, within)
            else:
                key = "" if value is None else str(value)
                mark = " selected" if key in chosen else ""
                yield f'<option value="{conditional_escape(key)}"{mark}>{conditional_escape(label)}</option>'

    inside = mark_safe("".join(options(widget.choices)))  # noqa: S308 (escaped one by one)
    return format_html('<select name="{}"{}>{}</select>', bound.html_name, flatatt(given), inside)


def _typing_help(bound: BoundField) -> Attributes:
    """Attributes that bring up the right keyboard, fill in what is known and leave names unspelt."""
    widget = bound.field.widget
    help_: Attributes = {}
    if isinstance(widget, forms.Textarea) or type(widget) is forms.TextInput:
        help_["dir"] = widget.attrs.get("dir", "auto")  # Urdu and Arabic run from the right as soon as they are typed
    if not isinstance(widget, forms.TextInput | forms.EmailInput | forms.NumberInput):
        return help_
    fills = AUTOCOMPLETE.get(bound.name) or ("email" if isinstance(widget, forms.EmailInput) else "")
    if fills and "autocomplete" not in widget.attrs:
        help_["autocomplete"] = fills
    if fills in ("email", "postal-code", "one-time-code", "tel", "name", "given-name", "family-name"):
        help_["spellcheck"] = "false"
    if fills == "postal-code":
        help_["autocapitalize"] = "characters"
    if fills in ("tel", "postal-code", "one-time-code", "bday-year"):
        help_["dir"] = "ltr"
    if fills == "tel":
        widget.input_type = "tel"
    if isinstance(widget, forms.NumberInput):
        # A spinner changes numbers by accident on scroll; plain text with the number keyboard does not.
        widget.input_type = "text"
        whole = isinstance(bound.field, forms.IntegerField)
        help_ |= {"inputmode": "numeric" if whole else "decimal", "min": False, "max": False, "step": False}
    if fills in ("one-time-code", "bday-year"):
        help_["inputmode"] = "numeric"
    return help_


def _native_picker(bound: BoundField, widget: widgets.DateTimeBaseInput) -> None:
    """Use the browser's own date and time controls, which speak ISO whatever the page's locale."""
    if isinstance(widget, forms.DateTimeInput):
        widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
    elif isinstance(widget, forms.TimeInput):
        widget.input_type, widget.format = "time", "%H:%M"
    else:
        widget.input_type, widget.format = "date", "%Y-%m-%d"


def _option_groups(bound: BoundField) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    widget = bound.field.widget
    assert isinstance(widget, widgets.ChoiceWidget)
    hints = getattr(bound.field, "option_hints", {})
    groups = widget.optgroups(bound.html_name, widget.format_value(bound.value()), {"id": bound.auto_id})
    # Django makes a nameless group of each single option; here they stand together.
    for name, members in groupby(groups, key=lambda group: group[0] or ""):
        options = [option for _, options, _ in members for option in options if not _is_nothing(option)]
        if options:
            yield name, [option | {"hint": hints.get(str(option["value"]))} for option in options]


def _is_nothing(option: dict[str, Any]) -> bool:
    """Django's own line of dashes, which is no answer. "I would rather not say" is one, and empty too."""
    return not str(option["value"]) and not str(option["label"]).strip("-")


def _choices(bound: BoundField, options: dict[str, Any]) -> dict[str, Any]:
    several = isinstance(bound.field.widget, forms.CheckboxSelectMultiple)
    return {
        "kind": "checkboxes" if several else "radios",
        "type": "checkbox" if several else "radio",
        "name": bound.html_name,
        "groups": list(_option_groups(bound)),
        "inline": options.get("inline", False),
        "columns": options.get("columns", False),
    }


def _date_parts(bound: BoundField, widget: forms.SelectDateWidget) -> list[dict[str, Any]]:
    """Day, month and year as three boxes; the names are those that Django's date widget reads."""
    value = widget.format_value(bound.value()) or {}
    birthday = "bday" if bound.name in ("birthday", "date_of_birth") else ""
    return [
        {
            "label": part.capitalize(),
            "name": f"{bound.html_name}_{part}",
            "id": f"{bound.auto_id}_{part}",
            "value": "" if value.get(part) in (None, 0) else value.get(part),
            "type": "text",
            "width": 4 if part == "year" else 2,
            "autocomplete": f"{birthday}-{part}" if birthday else "",
        }
        for part in ("day", "month", "year")
    ]


def _split_parts(bound: BoundField, widget: forms.MultiWidget) -> list[dict[str, Any]]:
    """A day and a time side by side, each with the browser's own control."""
    value = bound.value()
    values = list(value) if isinstance(value, list | tuple) else list(widget.decompress(value) or [])
    parts = []
    for index, (label, kind) in enumerate((("Date", "date"), ("Time", "time"))):
        parts.append(
            {
                "label": label,
                "name": f"{bound.html_name}_{index}",
                "id": f"{bound.auto_id}_{index}",
                "value": _iso(values[index] if index < len(values) else None),
                "type": kind,
                "width": 10,
                "autocomplete": "",
            }
        )
    return parts


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    return value.strftime("%H:%M") if isinstance(value, time) else str(value or "")
