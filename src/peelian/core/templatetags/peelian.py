"""Template tags and filters of every page; each name is listed in core/templates/README.md."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment, PackageLoader, PrefixLoader
from markupsafe import Markup

from peelian.core import fields, figures, suppression, wording
from peelian.core import page_parts as parts
from peelian.core.charts import Chart, sparkline
from peelian.core.charts.model import Unit

register = template.Library()

# State → (words, colour). The words carry the meaning; the colour only helps to find it again in a list.
STATES = {
    "draft": ("Draft", "grey"),
    "waiting": ("Waiting for approval", "amber"),
    "scheduled": ("Scheduled", "blue"),
    "sending": ("Sending", "teal"),
    "paused": ("Paused", "amber"),
    "sent": ("Sent", "green"),
    "recalled": ("Recalled", "red"),
    "withdrawn": ("Withdrawn", "red"),
    "open": ("Open", "blue"),
    "answered": ("Answered", "green"),
    "overdue": ("Overdue", "amber"),
    "closed": ("Closed", "grey"),
    "ended": ("Ended", "grey"),
}
OBJECT_PARAMETERS = {"label", "hint", "errorMessage", "prefix", "suffix"}


# --- GOV.UK components --------------------------------------------------------------------------------------


@cache
def _environment() -> Environment:
    loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return Environment(loader=loader, autoescape=True)


@cache
def _macro(component: str) -> Callable[[dict[str, Any]], str]:
    folder = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in component).lstrip("-")
    module = _environment().get_template(f"govuk_frontend_jinja/components/{folder}/macro.html").module
    macro: Callable[[dict[str, Any]], str] = getattr(module, f"govuk{component}")
    return macro


def _plain(value: Any) -> Any:
    """Django's lazy and safe strings as Jinja knows them."""
    if isinstance(value, Promise):
        value = str(value)
    if isinstance(value, SafeString):
        return Markup(value)  # noqa: S704  marked safe by the template that gave it
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


@register.simple_tag
def govuk(component: str, **given: Any) -> SafeString:
    """A GOV.UK Frontend component by the name of its macro: `{% govuk "Tag" text="New" %}`.

    A double underscore reaches into a parameter (`label__classes="…"`); a plain string for a parameter that
    GOV.UK wants as an object becomes its text, or its html when it is already safe.
    """
    parameters: dict[str, Any] = {}
    for name, value in given.items():
        head, _, rest = name.partition("__")
        if head in OBJECT_PARAMETERS and not rest and value and not isinstance(value, Mapping):
            rest = "html" if isinstance(value, SafeString) else "text"
        if not rest:
            parameters[head] = _plain(value)
            continue
        inner = parameters.setdefault(head, {})
        *path, last = rest.split("__")
        for step in path:
            inner = inner.setdefault(step, {})
        inner[last] = _plain(value)
    return mark_safe(_macro(component)(parameters))  # noqa: S308  escaped by the macros' own environment


# --- Forms --------------------------------------------------------------------------------------------------


@register.simple_tag
def field(bound: BoundField, **options: Any) -> SafeString:
    """One field of a form with its label, hint, error and control."""
    return fields.render_field(bound, **options)


@register.simple_tag
def error_summary(*given: BaseForm) -> SafeString:
    """What is wrong in the forms, each linked to its field. Nothing when nothing is wrong."""
    errors = fields.summary_of_errors(*(form for form in given if form))
    return render_to_string("components/error_summary.html", {"errors": errors}) if errors else SafeString("")


# --- Blocks -------------------------------------------------------------------------------------------------


@register.simple_block_tag
def panel(content: str, title: str = "", level: int = 2, kind: str = "", id: str = "") -> SafeString:  # noqa: A002
    """A surface for one thing. `kind`: "" | "quiet" | "accent" | "urgent"."""
    context = {"content": content, "title": title, "level": level, "kind": kind, "id": id}
    return render_to_string("components/panel.html", context)


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """Something to know before going on. `kind`: info | done | care | wrong; the title says it in words."""
    return render_to_string("components/notice.html", {"content": content, "kind": kind, "title": title})


@register.simple_block_tag
def disclosure(content: str, summary: str = "Show the figures", open: bool = False) -> SafeString:  # noqa: A002
    """What not everybody needs, one click away, without script."""
    context = {"content": content, "summary": summary, "open": open}
    return render_to_string("components/disclosure.html", context)


@register.simple_block_tag
def scroll_region(content: str, label: str) -> SafeString:
    """A box for a wide table: it scrolls by itself on a phone, by keyboard too, and the page does not."""
    return render_to_string("components/scroll_region.html", {"content": content, "label": label})


# --- Small things in a line ---------------------------------------------------------------------------------


@register.simple_tag
def state_tag(state: str, words: str = "") -> SafeString:
    """A state as a coloured tag with its words; a state we have no words for is shown in grey as it is."""
    known, colour = STATES.get(str(state).lower(), (str(state).capitalize(), "grey"))
    return format_html('<strong class="p-tag p-tag--{}">{}</strong>', colour, words or known)


@register.simple_tag
def when(value: wording.Day | None, style: str = "ago", empty: str = "not yet") -> SafeString:
    """A day or moment in a `<time>`. `style`: ago | datetime | date | time."""
    if value is None:
        return format_html("{}", empty)
    if not isinstance(value, datetime) or style == "date":
        words = wording.uk_date(value)
    else:
        words = {"ago": wording.ago, "datetime": wording.uk_datetime, "time": wording.uk_time}[style](value)
    title = wording.uk_datetime(value) if isinstance(value, datetime) and style == "ago" else ""
    if title and title != words:
        return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), title, words)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.simple_tag
def date_range(start: wording.Day, end: wording.Day) -> str:
    """Wednesday 3 to Friday 5 October 2018."""
    return wording.uk_range(start, end)


# --- Figures ------------------------------------------------------------------------------------------------


@register.simple_tag
def bar_of_parts(
    parts: Iterable[Mapping[str, Any]],
    title: str,
    noun: str = "email",
    as_of: datetime | None = None,
    level: int = 3,
) -> SafeString:
    """Parts of a whole in one bar, each labelled, with the figures beneath."""
    laid = figures.bar_of_parts(parts)
    context = {
        "parts": laid,
        "total": sum(part.number for part in laid),
        "title": title,
        "noun": noun,
        "as_of": as_of,
        "level": level,
        "id": figures.figure_id(title),
    }
    return render_to_string("components/bar_of_parts.html", context)


@register.simple_tag
def rating_chart(
    counts: Mapping[int, int] | Sequence[int],
    title: str,
    mean: float | None = None,
    low: float | None = None,
    high: float | None = None,
    as_of: datetime | None = None,
    level: int = 3,
) -> SafeString:
    """How ratings from 1 to 6 are spread, with their mean and, when given, where it probably lies."""
    bars = figures.rating_bars(counts)
    base = sum(bar.number for bar in bars)
    if mean is None and base:
        mean = sum(bar.rating * bar.number for bar in bars) / base
    context: dict[str, Any] = {
        "bars": bars,
        "base": base,
        "mean": mean,
        "low": low,
        "high": high,
        "title": title,
    }
    context |= {"as_of": as_of, "level": level, "id": figures.figure_id(title)}
    if mean is not None:
        context["mean_at"] = figures.on_scale(mean)
    if low is not None and high is not None:
        context["low_at"], context["high_at"] = figures.on_scale(low), figures.on_scale(high)
    return render_to_string("components/rating_chart.html", context)


@register.simple_tag(takes_context=True)
def chart(context: template.Context, chart: Chart, level: int = 3, csv: bool = True) -> SafeString:
    """A chart with its words and, beneath, its table and its CSV at this page's address (`charts.csv_asked_for`)."""
    given: dict[str, Any] = {"chart": chart, "level": level, "as_of": chart.as_of}
    given |= {"wide": mark_safe(chart.svg), "narrow": mark_safe(chart.narrow)}  # noqa: S308  words in it are escaped
    if csv and (request := context.get("request")) is not None:
        query = request.GET.copy()
        query["csv"] = chart.key
        given["csv_url"] = f"?{query.urlencode()}"
    return render_to_string("components/chart.html", given)


register.simple_tag(sparkline)


# --- Filters: British dates, numbers and people -------------------------------------------------------------

register.filter("uk_date", wording.uk_date)
register.filter("uk_datetime", wording.uk_datetime)
register.filter("month_and_year", wording.month_and_year)
register.filter("uk_time", wording.uk_time)
register.filter("number", wording.number)
register.filter("people", wording.people)
register.filter("plural_count", wording.plural_count)
register.filter("listed", wording.listed)


@register.filter
def breakable(address: str) -> SafeString:
    """An email address that may go on in the next line at its @, so that a table does not grow with it. It and a
    number, too, run from the left wherever the words around them run."""
    parts = format_html_join(mark_safe("<wbr>@"), "{}", ((part,) for part in str(address).split("@")))
    return format_html('<bdi dir="ltr">{}</bdi>', parts)


@register.filter
def ago(value: datetime) -> str:
    """5 minutes ago; further off than a day, the date."""
    return wording.ago(value)


@register.filter
def of_base(mean: float | None, base: int) -> str:
    """`{{ mean|of_base:count }}` → 5.4 of 6, from 334 ratings."""
    return wording.of_base(mean, base)


@register.filter
def share_of(part: int, whole: int) -> str:
    """`{{ part|share_of:whole }}` → 83%."""
    return wording.share(part, whole)


@register.filter
def as_share(value: float | None, places: int = 0) -> str:
    """`{{ 0.123|as_share:1 }}` → 12.3%; what is not known says so."""
    return Unit(kind="share", places=places).short(value)


@register.filter
def told(count: int) -> str:
    """A number of people that stands alone: "fewer than 5", or the number."""
    return suppression.told(count)


@register.simple_tag(takes_context=True)
def page_parts(context: template.Context, spot: str, about: int) -> SafeString:
    """What upper apps bring to SPOT of a page that is about the thing with this id (core.page_parts)."""
    request = context["request"]
    brought = ((part.template, part.context(request, about)) for part in parts.at(spot))
    return format_html_join(
        "", "{}", ((render_to_string(name, known, request),) for name, known in brought if known is not None)
    )
