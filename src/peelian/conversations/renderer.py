"""What goes out by email, text and voice: the team's answer, the receipt, the link that confirms a letter, and the word
to the duty contact. None repeats the resident's own words: mail is forwarded and read over shoulders. Where a thread is
sensitive, the answer itself is not in the message either. Our own words around it are in the language that the resident
asked for, where we have a catalogue for it."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from peelian.conversations import letters, queries, tokens, translating
from peelian.conversations.actions import one_line
from peelian.conversations.models import Message, MessageTranslation, Thread
from peelian.conversations.notices import in_both
from peelian.core import languages, page_parts
from peelian.core.context import the_force
from peelian.core.languages import ENGLISH, direction
from peelian.core.messages import TOKEN, EmailParts, Spoken
from peelian.core.spoken import read_aloud

REPLY = f"{settings.PEELIAN_BASE_URL}/m/{TOKEN}/reply/"


class AnswerRenderer:
    """Renders the Message whose id it is given, one of ours."""

    def email(self, object_id: int) -> EmailParts:
        message = queries.message(object_id)
        with languages.reading(translating.language_asked_for(message.thread)):
            return self._email(message)

    def _email(self, message: Message) -> EmailParts:
        context = self._context(message)
        return EmailParts(
            subject=one_line(
                str(context["verb"]) if context["sensitive"] else f"{context['verb']}: {message.thread.subject}"
            ),
            text=render_to_string("conversations/email/answer.txt", context),
            html=render_to_string("conversations/email/answer.html", context),
            from_name=one_line(message.thread.team.name),
            answerable=True,
        )

    def text(self, object_id: int) -> str:
        message = queries.message(object_id)
        begin = f"{settings.PEELIAN_FORCE_NAME}, {message.thread.team.name}"
        with languages.reading(translating.language_asked_for(message.thread)):
            if hidden(message):
                said = _("there is an answer for you. Read it with a code: %(url)s")
                return f"{begin}: {said % {'url': read_url(message)}}"
            made = _translation(message)
            words = f"{made.text}\n{made.note}\n{message.text}" if made else languages.without_isolates(message.text)
            offered = "".join(f"\n{one['title']}: {one['url']}" for one in _offered(message))
            return f"{begin}: {words}\n{_('Write back')}: {REPLY}{offered}"

    def voice(self, object_id: int) -> str:
        message = queries.message(object_id)
        team = message.thread.team.name
        if hidden(message):
            said = f"This is {settings.PEELIAN_FORCE_NAME}, {team}. There is an answer for you. Call 101 to hear it."
            return Spoken(read_aloud(said), ENGLISH)
        force = settings.PEELIAN_FORCE_NAME
        said = f"This is {force}, {team}, about your message to us. {message.text} To speak to us, call 101."
        return Spoken(read_aloud(said), ENGLISH)

    def _context(self, message: Message) -> dict[str, object]:
        thread = message.thread
        about_alert = thread.about.startswith("alert:")
        sensitive = hidden(message)
        own, english = in_both(message.text) if message.how == Message.How.NOTICE else ("", message.text)
        return {
            "force": the_force(),
            **languages.written_in(),
            "message": message,
            "translation": _translation(message),
            "note": _(translating.NOTE),
            "said_in": ENGLISH,
            "own": own,
            "words": english,
            "dir": direction(message.translation.target) if _translation(message) else "ltr",
            "thread": thread,
            "who": queries.who_said(message, thread),
            "verb": self._verb(message, sensitive=sensitive),
            "wrote": _wrote_about_alert(thread) if about_alert else _wrote_about(thread),
            "reply_url": REPLY,
            "sensitive": sensitive,
            "read_url": read_url(message) if sensitive else "",
            "notice": message.how == Message.How.NOTICE,
            "offered": _offered(message),
        }

    def _verb(self, message: Message, *, sensitive: bool) -> str:
        if sensitive:
            return _("There is an answer for you")
        if message.how == Message.How.NOTICE:
            return _("About your message")
        return _("We have closed your conversation") if message.closing else _("An answer to your message")


def _offered(message: Message) -> list[dict[str, str]]:
    """What stands beneath a closed conversation (a survey), with the letter that closes it. Not where it is sensitive:
    who reads along is to learn nothing of it."""
    if not message.closing or hidden(message):
        return []
    parts = page_parts.in_message("conversations.closed", message.thread_id)
    return [{"title": str(one["title"]), "url": f"{settings.PEELIAN_BASE_URL}{one['url']}"} for one in parts]


def _wrote_about_alert(thread: Thread) -> str:
    return _("You wrote to us about the alert “%(subject)s”.") % {"subject": thread.subject}


def _wrote_about(thread: Thread) -> str:
    return _("You wrote to us about “%(subject)s”.") % {"subject": thread.subject}


def _translation(message: Message) -> MessageTranslation | None:
    """What goes beside our English words."""
    made: MessageTranslation | None = getattr(message, "translation", None)
    return made if made is not None and made.state == MessageTranslation.State.MACHINE else None


def hidden(message: Message) -> bool:
    """Whether the message may only say that there is an answer. Receipts say nothing of the resident."""
    return message.thread.sensitive and message.how != Message.How.NOTICE


def read_url(message: Message) -> str:
    """Where the resident reads the thread, behind a code sent to the address it belongs to."""
    token = tokens.make(message.thread_id, message.thread.address_id or 0)
    return f"{settings.PEELIAN_BASE_URL}{reverse('conversations:read', args=[token])}"


class LetterRenderer:
    """Asks whoever wrote a letter (object id) to confirm their email address. Nothing of the letter is in it."""

    subject = gettext_noop("Please confirm your message")

    def email(self, object_id: int) -> EmailParts:
        letter = letters.letter(object_id)
        with languages.reading(letter.language):
            subject = _(self.subject)
            context = {
                "force": the_force(),
                **languages.written_in(),
                "team": letter.team,
                "subject": subject,
                "url": self._url(letter.pk, letter.address_id),
                "days": letters.KEPT.days,
            }
            return EmailParts(
                subject=subject,
                text=render_to_string("conversations/email/confirm.txt", context),
                html=render_to_string("conversations/email/confirm.html", context),
                from_name=settings.PEELIAN_SERVICE_NAME,
            )

    def text(self, object_id: int) -> str:
        letter = letters.letter(object_id)
        names = {"force": settings.PEELIAN_FORCE_NAME, "url": self._url(letter.pk, letter.address_id)}
        with languages.reading(letter.language):
            return languages.without_isolates(_("%(force)s: confirm your message: %(url)s") % names)

    def voice(self, object_id: int) -> str:
        return self.text(object_id)

    def _url(self, letter_id: int, address_id: int) -> str:
        token = tokens.make(letter_id, address_id, salt=tokens.LETTER)
        return f"{settings.PEELIAN_BASE_URL}{reverse('conversations:confirm', args=[token])}"


class DutyRenderer:
    """Tells the duty contact that a thread is raised (object id). Only that there is something, never what."""

    def email(self, object_id: int) -> EmailParts:
        context = {"force": the_force(), "team": queries.raised_team(object_id), "url": self._url()}
        return EmailParts(
            subject="A message from a resident needs somebody to look at it now",
            text=render_to_string("conversations/email/duty.txt", context),
            html=render_to_string("conversations/email/duty.html", context),
            from_name=settings.PEELIAN_SERVICE_NAME,
        )

    def text(self, object_id: int) -> str:
        team = queries.raised_team(object_id)
        service = settings.PEELIAN_SERVICE_NAME
        return f"{service}: a message to the {team} needs somebody to look at it now. Sign in: {self._url()}"

    def voice(self, object_id: int) -> str:
        team = queries.raised_team(object_id)
        service = settings.PEELIAN_SERVICE_NAME
        return f"A message to the {team} needs somebody to look at it now. Please sign in to {service}."

    def _url(self) -> str:
        return f"{settings.PEELIAN_BASE_URL}{reverse('conversations_staff:raised')}"
