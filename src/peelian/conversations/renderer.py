"""The team's answer as the resident gets it. It never repeats the resident's own words: mail is forwarded and read over
shoulders."""

from django.conf import settings
from django.template.loader import render_to_string

from peelian.conversations import queries
from peelian.conversations.actions import one_line
from peelian.conversations.models import Message, MessageTranslation
from peelian.core.context import the_force
from peelian.core.languages import ENGLISH, direction
from peelian.core.messages import TOKEN, EmailParts, Spoken
from peelian.core.spoken import read_aloud

REPLY = f"{settings.PEELIAN_BASE_URL}/m/{TOKEN}/reply/"


class AnswerRenderer:
    """Renders the Message whose id it is given, one that the team wrote."""

    def email(self, object_id: int) -> EmailParts:
        message = queries.message(object_id)
        context = self._context(message)
        return EmailParts(
            subject=one_line(f"{context['verb']}: {message.thread.subject}"),
            text=render_to_string("conversations/email/answer.txt", context),
            html=render_to_string("conversations/email/answer.html", context),
            from_name=one_line(message.thread.team.name),
            answerable=True,
        )

    def text(self, object_id: int) -> str:
        message = queries.message(object_id)
        team = message.thread.team.name
        made = _translation(message)
        words = f"{made.text}\n{made.note}\n{message.text}" if made else message.text
        return f"{settings.PEELIAN_FORCE_NAME}, {team}: {words}\nWrite back: {REPLY}"

    def voice(self, object_id: int) -> str:
        message = queries.message(object_id)
        team = message.thread.team.name
        force = settings.PEELIAN_FORCE_NAME
        said = f"This is {force}, {team}, about your message to us. {message.text} To speak to us, call 101."
        return Spoken(read_aloud(said), ENGLISH)

    def _context(self, message: Message) -> dict[str, object]:
        thread = message.thread
        about_alert = thread.about.startswith("alert:")
        return {
            "force": the_force(),
            "message": message,
            "translation": _translation(message),
            "dir": direction(message.translation.target) if _translation(message) else "ltr",
            "thread": thread,
            "who": queries.who_said(message, thread),
            "verb": "We have closed your conversation" if message.closing else "An answer to your message",
            "about": f"the alert “{thread.subject}”" if about_alert else f"“{thread.subject}”",
            "reply_url": REPLY,
        }


def _translation(message: Message) -> MessageTranslation | None:
    """What goes beside our English words."""
    made: MessageTranslation | None = getattr(message, "translation", None)
    return made if made is not None and made.state == MessageTranslation.State.MACHINE else None
