"""What residents' pages say about an alert."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from peelian.alerts import reading
from peelian.alerts.markdown import to_html
from peelian.alerts.models import Alert

register = template.Library()


@register.filter
def prose(text: str) -> SafeString:
    """Markdown as HTML that holds nothing dangerous."""
    return to_html(text)


@register.filter
def first_words(alert: Alert) -> str:
    """The beginning of the alert in plain text; of one that has ended, of its outcome."""
    return reading.first_words(alert)


@register.filter
def where(alert: Alert) -> str:
    """The areas in a few words."""
    return reading.where(alert)


@register.filter
def kind_of(alert: Alert) -> str:
    """The type, as the catalogue calls those that we ship."""
    return gettext(alert.topic.name) if alert.topic else ""


@register.filter
def is_urgent(alert: Alert) -> bool:
    return alert.priority == Alert.Priority.URGENT
