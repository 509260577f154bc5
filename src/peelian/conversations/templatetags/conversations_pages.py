"""Languages in a conversation."""

from django import template

from peelian.core.languages import direction
from peelian.members.categories import LANGUAGES

register = template.Library()


@register.filter
def language_in_english(code: str) -> str:
    return LANGUAGES.get(code, code or "another language")


@register.filter
def direction_of(code: str) -> str:
    return direction(code)
