"""Whether PEELIAN_SMTP_URL can be used, asked before anything is sent by it."""

import asyncio
from dataclasses import replace

from django.conf import settings

from peelian.delivery.carriers.smtp.channel import Limits, Unavailable
from peelian.delivery.carriers.smtp.connection import SmtpConnection
from peelian.delivery.carriers.smtp.url import SmtpSettings, parse_smtp_url

PATIENCE = Limits(connect=5.0, command=5.0)


def problem() -> str:
    """What is wrong with the setting, as a sentence that repeats nothing of it; empty when nothing is."""
    if settings.PEELIAN_SMTP_URL:
        try:
            parse_smtp_url(settings.PEELIAN_SMTP_URL)
        except ValueError as wrong:
            return str(wrong)
    return ""


def no_answer() -> str:
    """Greet the server, sign in and leave. What went wrong, as a sentence; empty when nothing did or none is set."""
    if not settings.PEELIAN_SMTP_URL or problem():
        return ""
    given = replace(parse_smtp_url(settings.PEELIAN_SMTP_URL), name=settings.PEELIAN_MAIL_DOMAIN)
    try:
        asyncio.run(_greet(given))
    except Unavailable as refused:
        said = " ".join(str(refused).split()).rstrip(".")
        return f"PEELIAN_SMTP_URL: {said}. Messages wait until the mail server answers."
    return ""


async def _greet(given: SmtpSettings) -> None:
    connection = SmtpConnection(given, limits=PATIENCE)
    await connection.connect()
    connection.leave()
    await connection.lost
