"""An alert as residents read it in a list, a page or a feed."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import ngettext

from peelian.alerts import enclosed
from peelian.alerts.markdown import to_html, to_text
from peelian.alerts.models import Alert
from peelian.alerts.translated import PARTS, Said
from peelian.core import wording
from peelian.core.languages import ENGLISH

FIRST_WORDS = 160  # characters
AREAS_NAMED = 2


def parts(alert: Alert) -> list[tuple[str, str]]:
    """Headings and Markdown of what may still be read."""
    written = [
        ("What is happening", alert.happening),
        ("What we are doing", alert.doing),
        ("What you can do", alert.can_do),
    ]
    shown = [] if alert.has_ended else written
    return [(heading, text) for heading, text in [*shown, ("What came of it", alert.outcome)] if text.strip()]


def html_of(alert: Alert) -> SafeString:
    """All parts under their headings."""
    sections = [(heading, to_html(text)) for heading, text in parts(alert)]
    written = format_html_join("\n", "<h2>{}</h2>\n{}", sections) if sections else format_html("<p>{}</p>", alert.title)
    return written if alert.has_ended else format_html("{}\n{}", written, enclosed.html_of(enclosed.enclosed(alert)))


def html_in(said: Said, alert: Alert) -> SafeString:
    """The same in another language, saying who translated it, with the original below."""
    sections = [(said.phrases[name], to_html(said.texts[name])) for name in PARTS if said.texts[name].strip()]
    whole = format_html_join("\n", "<h2>{}</h2>\n{}", sections)
    note, head, below = said.phrases[said.note], said.phrases["original"], html_of(alert)
    return format_html(
        '<div lang="{}" dir="{}"><p>{}</p>\n{}\n<h2>{}</h2></div>\n<div lang="{}" dir="ltr">{}</div>',
        *(said.language, said.direction, note, whole, head, ENGLISH, below),
    )


def first_words(alert: Alert) -> str:
    """The beginning of the first part, in plain text."""
    written = parts(alert)
    return beginning(written[0][1]) if written else ""


def beginning(markdown: str) -> str:
    """So much of a text as lists, search engines and places where it is shared show, in plain words."""
    return Truncator(" ".join(to_text(markdown).split())).chars(FIRST_WORDS, truncate="…")


def where(alert: Alert) -> str:
    """The areas in a few words. Reads `areas__area`, which lists prefetch."""
    names = sorted(shown.area.name for shown in alert.areas.all())
    if len(names) > AREAS_NAMED + 1:
        more = len(names) - AREAS_NAMED
        return wording.listed(
            [*names[:AREAS_NAMED], ngettext("%(number)s more area", "%(number)s more areas", more) % {"number": more}]
        )
    return wording.listed(names) or alert.team.name
