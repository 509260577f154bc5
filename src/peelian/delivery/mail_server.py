"""Whether PEELIAN_SMTP_URL can be used, asked before anything is sent by it."""

from django.conf import settings

from peelian.delivery.carriers.smtp.url import parse_smtp_url


def problem() -> str:
    """What is wrong with the setting, as a sentence that repeats nothing of it; empty when nothing is."""
    if settings.PEELIAN_SMTP_URL:
        try:
            parse_smtp_url(settings.PEELIAN_SMTP_URL)
        except ValueError as wrong:
            return str(wrong)
    return ""
