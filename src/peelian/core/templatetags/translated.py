"""What stands on a page in English because a catalogue does not hold it."""

from django import template
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from peelian.core.languages import ENGLISH, is_english

register = template.Library()


@register.simple_tag
def in_english(sentence: str) -> SafeString:
    """lang and dir for a block that stays English as a whole where SENTENCE, its first, has no translation."""
    language = translation.get_language() or ENGLISH
    if is_english(language) or translation.gettext(sentence) != sentence:
        return SafeString("")
    return format_html(' lang="{}" dir="ltr"', ENGLISH)
