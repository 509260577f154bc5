from django import template
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

register = template.Library()
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


@register.filter
def as_prose(text: str) -> SafeString:
    """A wording of ours, written in Markdown, as HTML."""
    html: str = _MARKDOWN.render(text)
    return SafeString(html)  # the renderer escapes what is not Markdown


@register.filter
def few(count: int) -> str:
    """A number of residents in a table: from one to four it could point at someone."""
    return "fewer than 5" if 0 < count < 5 else f"{count:,}"
