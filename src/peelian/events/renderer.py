"""What goes to those who signed up for an event: to each the link, the place, the waiting list; to all at once what
changed, a reminder, what came of it. Each says how things stand when it is sent, in the language of its reader."""

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
from peelian.core.messages import TOKEN, EmailParts, Spoken
from peelian.core.spoken import read_aloud
from peelian.events import tokens
from peelian.events.calendars import shown_postcode
from peelian.events.models import Event, SignUp, Telling
from peelian.events.queries import coming

State, What = SignUp.State, Telling.What


@dataclass(frozen=True)
class Said:
    """A message in words: what it is called, one or two sentences, and what the button says."""

    title: str
    sentences: list[str]
    button: str
    text: str  # the same in a text: one sentence before the link
    calendar: bool = field(default=False)


def _names(event: Event) -> dict[str, str]:
    return {"event": event.title, "when": wording.uk_datetime(event.starts_at)}


def sign_up(row: SignUp) -> Said:
    """How somebody's own place stands."""
    names = _names(row.event)
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


def changed(event: Event) -> Said:
    names = _names(event)
    if event.state == Event.State.CANCELLED:
        return Said(
            _("This event does not take place: %(event)s") % names,
            [event.cancelled_because],
            _("See the event"),
            _("%(event)s, %(when)s, does not take place. Why:") % names,
        )
    sentences = [_("When and where it takes place now stands below. If you cannot come any more, please cancel.")]
    if event.is_shown and event.longitude is not None:
        sentences.append(_("The event’s page shows the place on a map."))
    return Said(
        _("This event has changed: %(event)s") % names,
        sentences,
        _("Change or cancel"),
        _("%(event)s has changed. It is now on %(when)s. Change or cancel:") % names,
        calendar=True,
    )


def reminder(event: Event) -> Said:
    names = _names(event)
    return Said(
        _("Tomorrow: %(event)s") % names,
        [_("You have a place at this event tomorrow. If you cannot come, please cancel, so that others can.")],
        _("Change or cancel"),
        _("tomorrow, %(when)s: %(event)s. If you cannot come, cancel:") % names,
    )


def back(event: Event) -> Said:
    names = _names(event)
    return Said(
        _("What came of it: %(event)s") % names,
        [_("You asked to hear what came of this event. What people said, what we learned and what we do next stands on "
           "its page.")],
        _("Read what came of it"),
        _("what came of %(event)s:") % names,
    )  # fmt: skip


WORDS: dict[str, Callable[[Event], Said]] = {What.CHANGED: changed, What.REMINDER: reminder, What.BACK: back}


class SignUpRenderer:
    """Renders a sign-up (object id)."""

    def email(self, object_id: int) -> EmailParts:
        row = _row(object_id)
        with languages.reading(coming.language_of(row)):
            said = sign_up(row)
            context = {**_about(row.event), "said": said, "url": place_url(row), **languages.written_in()}
            context["shows_link"] = row.state == State.BOOKED
            return _email(row.event, said, context)

    def text(self, object_id: int) -> str:
        row = _row(object_id)
        with languages.reading(coming.language_of(row)):
            return _text(sign_up(row), place_url(row))

    def voice(self, object_id: int) -> str:
        row = _row(object_id)
        with languages.reading(languages.ENGLISH):
            return _spoken(row.event, sign_up(row))


class TellingRenderer:
    """Renders what is told to all who signed up (object id: a Telling), in the language of each."""

    translated = True

    def email(self, object_id: int, language: str = "") -> EmailParts:
        telling = _telling(object_id)
        with languages.reading(telling.language or language):
            said = WORDS[telling.what](telling.event)
            context = {**_about(telling.event), "said": said, "url": _url(telling), **languages.written_in()}
            context["shows_link"] = telling.event.is_shown or telling.what == What.REMINDER  # to those with a place
            context["asked_back"] = telling.what == What.BACK
            return _email(telling.event, said, context)

    def text(self, object_id: int, language: str = "") -> str:
        telling = _telling(object_id)
        with languages.reading(telling.language or language):
            return _text(WORDS[telling.what](telling.event), _url(telling))

    def voice(self, object_id: int, language: str = "") -> str:
        telling = _telling(object_id)
        with languages.reading(languages.ENGLISH):
            return Spoken(_spoken(telling.event, WORDS[telling.what](telling.event)), languages.ENGLISH)


def _telling(pk: int) -> Telling:
    return Telling.objects.select_related("event__area", "event__team").get(pk=pk)


def _url(telling: Telling) -> str:
    """To one's own place, TOKEN standing for whose it is; of what came of it to the event."""
    if telling.what == What.BACK:
        return page_url(telling.event)
    return f"{settings.PEELIAN_BASE_URL}{reverse('events:place', args=[TOKEN])}"


def _text(said: Said, url: str) -> str:
    return languages.without_isolates(f"{settings.PEELIAN_FORCE_NAME}: {said.text} {url}")


def _spoken(event: Event, said: Said) -> str:
    when, sentences = wording.uk_datetime(event.starts_at), " ".join(said.sentences)
    return read_aloud(
        f"This is {settings.PEELIAN_FORCE_NAME}. {said.title}, {when}. {sentences} To speak to us, call 101."
    )


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


def _about(event: Event) -> dict[str, Any]:
    parts = [event.venue, event.address, shown_postcode(event)]
    return {
        "force": the_force(),
        "event": event,
        "when": wording.uk_range(event.starts_at, event.ends_at),
        "where": ", ".join(part for part in parts if part),
        "calendar_url": f"{settings.PEELIAN_BASE_URL}{reverse('events:file', args=[event.ref])}",
    }
