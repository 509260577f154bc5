"""What goes to somebody who signed up for an event: the link, the place, the waiting list, what changed, a reminder.
Each says how things stand when it is sent, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from peelian.core import languages, wording
from peelian.core.context import the_force
from peelian.core.messages import EmailParts
from peelian.core.spoken import read_aloud
from peelian.events import tokens
from peelian.events.calendars import shown_postcode
from peelian.events.models import Attendee, Event, SignUp
from peelian.events.queries import coming

State = SignUp.State


@dataclass(frozen=True)
class Said:
    """A message in words: what it is called, one or two sentences, and what the button says."""

    title: str
    sentences: list[str]
    button: str
    text: str  # the same in a text: one sentence before the link
    calendar: bool = field(default=False)


def _names(row: SignUp) -> dict[str, str]:
    return {"event": row.event.title, "when": wording.uk_datetime(row.event.starts_at)}


def sign_up(row: SignUp) -> Said:
    """How somebody's own place stands."""
    names = _names(row)
    if row.state == State.ASKED:
        return Said(
            _("Please confirm: %(event)s") % names,
            [_("Somebody, we think you, signed up for this event with this email address."),
             _("You have a place when you press the button. If it was not you, do nothing.")],
            _("Confirm that I am coming"),
            _("confirm that you come to %(event)s, %(when)s:") % names,
        )  # fmt: skip
    if row.state == State.WAITING:
        return Said(
            _("You are on the waiting list: %(event)s") % names,
            [_("All places are taken. When one becomes free we tell you, in the order in which people asked.")],
            _("Change or cancel"),
            _("you are on the waiting list of %(event)s, %(when)s. Change or cancel:") % names,
        )
    if row.state == State.BOOKED and row.moved_up_at:
        return Said(
            _("You have a place now: %(event)s") % names,
            [_("A place has become free, and it is yours. If you cannot come, please cancel, so that others can.")],
            _("Change or cancel"),
            _("you have a place now at %(event)s, %(when)s. If you cannot come, cancel:") % names,
            calendar=True,
        )
    if row.state == State.BOOKED:
        return Said(
            _("You have a place: %(event)s") % names,
            [_("We look forward to seeing you. If you cannot come, please cancel, so that others can.")],
            _("Change or cancel"),
            _("you have a place at %(event)s, %(when)s. If you cannot come, cancel:") % names,
            calendar=True,
        )
    return Said(
        _("You have cancelled: %(event)s") % names,
        [_("You are not signed up any more.")],
        _("See the event"),
        _("you are not signed up any more for %(event)s:") % names,
    )


def changed(row: SignUp) -> Said:
    names = _names(row)
    if row.event.state == Event.State.CANCELLED:
        return Said(
            _("This event does not take place: %(event)s") % names,
            [row.event.cancelled_because],
            _("See the event"),
            _("%(event)s, %(when)s, does not take place. Why:") % names,
        )
    return Said(
        _("This event has changed: %(event)s") % names,
        [_("When and where it takes place now stands below. If you cannot come any more, please cancel.")],
        _("Change or cancel"),
        _("%(event)s has changed. It is now on %(when)s. Change or cancel:") % names,
        calendar=True,
    )


def reminder(row: SignUp) -> Said:
    names = _names(row)
    return Said(
        _("Tomorrow: %(event)s") % names,
        [_("You have a place at this event tomorrow. If you cannot come, please cancel, so that others can.")],
        _("Change or cancel"),
        _("tomorrow, %(when)s: %(event)s. If you cannot come, cancel:") % names,
    )


def back(row: SignUp) -> Said:
    return _back(row.event)


def _back(event: Event) -> Said:
    names = {"event": event.title}
    return Said(
        _("What came of it: %(event)s") % names,
        [_("You asked to hear what came of this event. What people said, what we learned and what we do next stands on "
           "its page.")],
        _("Read what came of it"),
        _("what came of %(event)s:") % names,
    )  # fmt: skip


class NamedRenderer:
    """What came of an event, for somebody who came and gave their address (object id: Attendee). In English: nobody
    asked them for a language."""

    def email(self, object_id: int) -> EmailParts:
        row = Attendee.objects.select_related("event__area", "event__team").get(pk=object_id)
        with languages.reading(languages.ENGLISH):
            said = _back(row.event)
            context = {**_about(row.event), "said": said, "url": page_url(row.event), **languages.written_in()}
            return _email(row.event, said, context)

    def text(self, object_id: int) -> str:
        row = Attendee.objects.select_related("event").get(pk=object_id)
        with languages.reading(languages.ENGLISH):
            return f"{settings.PEELIAN_FORCE_NAME}: {_back(row.event).text} {page_url(row.event)}"

    def voice(self, object_id: int) -> str:
        return read_aloud(self.text(object_id))


class SignUpRenderer:
    """Renders a sign-up (object id)."""

    def __init__(self, words: Callable[[SignUp], Said], *, to_page: bool = False) -> None:
        """TO_PAGE: its button leads to the event's page, not to one's own place."""
        self.words, self.to_page = words, to_page

    def email(self, object_id: int) -> EmailParts:
        row = _row(object_id)
        with languages.reading(coming.language_of(row)):
            said = self.words(row)
            context = {**_context(row), "said": said, **languages.written_in()}
            if self.to_page:
                context["url"] = page_url(row.event)
            return _email(row.event, said, context)

    def text(self, object_id: int) -> str:
        row = _row(object_id)
        with languages.reading(coming.language_of(row)):
            said = self.words(row).text
            url = page_url(row.event) if self.to_page else place_url(row)
            return languages.without_isolates(f"{settings.PEELIAN_FORCE_NAME}: {said} {url}")

    def voice(self, object_id: int) -> str:
        row = _row(object_id)
        with languages.reading(languages.ENGLISH):
            said = self.words(row)
            when = wording.uk_datetime(row.event.starts_at)
            sentences = " ".join(said.sentences)
            words = (
                f"This is {settings.PEELIAN_FORCE_NAME}. {said.title}, {when}. {sentences} To speak to us, call 101."
            )
        return read_aloud(words)


def _row(pk: int) -> SignUp:
    return SignUp.objects.select_related("event__area", "event__team", "member", "address").get(pk=pk)


def place_url(row: SignUp) -> str:
    return f"{settings.PEELIAN_BASE_URL}{reverse('events:place', args=[tokens.make(row.pk, row.address_id)])}"


def page_url(event: Event) -> str:
    return f"{settings.PEELIAN_BASE_URL}{event.get_absolute_url()}"


def _email(event: Event, said: Said, context: dict[str, Any]) -> EmailParts:
    return EmailParts(
        subject=" ".join(said.title.split()),
        text=render_to_string("events/email/message.txt", context),
        html=render_to_string("events/email/message.html", context),
        from_name=" ".join(event.team.name.split()),
    )


def _context(row: SignUp) -> dict[str, Any]:
    return {**_about(row.event), "row": row, "url": place_url(row)}


def _about(event: Event) -> dict[str, Any]:
    parts = [event.venue, event.address, shown_postcode(event)]
    return {
        "force": the_force(),
        "event": event,
        "when": wording.uk_range(event.starts_at, event.ends_at),
        "where": ", ".join(part for part in parts if part),
        "calendar_url": f"{settings.PEELIAN_BASE_URL}{reverse('events:file', args=[event.ref])}",
    }
