from datetime import date, datetime
from functools import lru_cache

from django import template
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

from peelian.core import suppression, wording
from peelian.core.statistics import Estimate

register = template.Library()
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


@register.filter
@lru_cache(maxsize=32)  # a handful of wordings, on every page of joining
def as_prose(text: str) -> SafeString:
    """A wording of ours, written in Markdown, as HTML."""
    html: str = _MARKDOWN.render(text)
    return SafeString(html)  # the renderer escapes what is not Markdown


@register.filter
def few(count: int | None) -> str:
    """A number of residents in a table: from one to four it could point at someone, and one that stands for a number
    that is not to be told (core.suppression) is not told."""
    return suppression.NOT_TOLD if count is None else suppression.told(count)


# Values whose own name says too little beside somebody's data
NAMES = {
    "young": "13 to 17 when you joined",
    "promotion": "Agreed to fundraising and offers",
    "latitude": "Latitude of the place we have for you",
    "longitude": "Longitude of the place we have for you",
}


@register.filter
def plain_name(name: str) -> str:
    """The name of a value in the copy of somebody's data, as words."""
    words = NAMES.get(name, name).replace("__", " ").replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}"


@register.filter
def plain_value(value: object) -> str:
    """A value there, as people write it; nothing for one that is not there."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return wording.uk_datetime(value)
    if isinstance(value, date):
        return wording.uk_date(value)
    if isinstance(value, list | tuple):
        return wording.listed([str(one) for one in value])
    return "" if value is None else str(value)


@register.filter
def percent(share: Estimate) -> str:
    """An estimate's share, as 83%."""
    return percent_of_one(share.value)


@register.filter
def percent_of_one(value: float) -> str:
    return f"{value:.0%}"
