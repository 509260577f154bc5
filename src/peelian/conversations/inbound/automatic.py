"""Messages that a machine wrote (RFC 3834 section 2): vacation notices, bounces, mailing lists, our own mail come back.

They are kept, and nothing answers them: two machines that answer each other never stop.
"""

from __future__ import annotations

import re
from email.message import Message

from django.conf import settings

from peelian.delivery import queries as delivery

_PRECEDENCE = {"bulk", "junk", "list", "auto_reply"}
# Not X-Auto-Response-Suppress: some firms' servers write it on everything that their people send
_MARKS = ("X-Autoreply", "X-Autorespond", "X-Autorespond-From", "X-Failed-Recipients")
_LISTS = ("List-Id", "List-Unsubscribe", "List-Post", "List-Help")
_MACHINES = re.compile(r"(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+-=].*)?", re.IGNORECASE)
# What people's mail programs call such messages in a subject, for servers that mark nothing: at its beginning only
_SUBJECTS = re.compile(
    r"(automatic reply|auto(matic)?[- ]?reply|out of (the )?office|automatische antwort|abwesenheits"
    r"|réponse automatique"
    r"|risposta automatica|respuesta automática|resposta automática|automatyczna odpowiedź|răspuns automat"
    r"|automatisch antwoord|undeliverable|undelivered mail|delivery status notification|mail delivery failed"
    r"|returned mail)\b",
    re.IGNORECASE,
)


def why(message: Message, *, sender: str) -> str:
    """A sentence why this was not written by a person; empty where it may have been."""
    if message.get_content_type() == "multipart/report":
        return "It is a report of a mail system."
    if message.get("Return-Path") is not None and not _said(message, "Return-Path").strip("<> "):
        return "It has no return path: a mail system wrote it."
    submitted = _word(message, "Auto-Submitted")
    if submitted and submitted != "no":
        return "It says that it was sent automatically."
    if delivery.message_id_end() in _said(message, "Message-ID"):
        return "It is a message of our own that has come back."
    if any(message.get(name) for name in _MARKS):
        return "It is an automatic reply."
    if _word(message, "Precedence") in _PRECEDENCE or any(message.get(name) for name in _LISTS):
        return "It came by a mailing list."
    if _MACHINES.fullmatch(sender.partition("@")[0]) or sender.lower() == settings.PEELIAN_MAIL_FROM.lower():
        return "Its sender is a machine."
    if _SUBJECTS.match(_said(message, "Subject").strip()):
        return "Its subject says that it is an automatic reply."
    return ""


def _said(message: Message, name: str) -> str:
    return str(message.get(name) or "")


def _word(message: Message, name: str) -> str:
    return _said(message, name).split(";")[0].strip().lower()
