"""What whoever raised something is told of a promise. It repeats the promise's public words and never what the person
wrote themselves: mail is forwarded, and the public words name nobody. Our own words are in the language that the
recipient asked for, where we have a catalogue for it."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from peelian.alerts.renderer import short_message
from peelian.core import languages
from peelian.core.context import the_force
from peelian.core.languages import ENGLISH
from peelian.core.messages import TOKEN, EmailParts, Spoken, Topic
from peelian.core.spoken import read_aloud
from peelian.core.wording import uk_date
from peelian.priorities.models import PromiseChange

SUBJECTS = {
    "promised": gettext_noop("You told us. This is what we promise"),
    "progress": gettext_noop("What we have done so far about what you told us"),
    "later": gettext_noop("What we promised takes longer"),
    "kept": gettext_noop("You said, we did"),
    "partly": gettext_noop("You said, we did a part of it"),
    "could-not": gettext_noop("We could not do what we promised"),
    "reopened": gettext_noop("We promise again what you told us about"),
}


class PromiseRenderer:
    """Renders the PromiseChange whose id it is given."""

    translated = True

    def email(self, object_id: int, language: str = "") -> EmailParts:
        change = _change(object_id)
        with languages.reading(language):
            context = {"force": the_force(), **languages.written_in(), **self._context(change)}
            return EmailParts(
                subject=_(SUBJECTS[change.what]),
                text=render_to_string("priorities/email/promise.txt", context),
                html=render_to_string("priorities/email/promise.html", context),
                from_name=f"{change.promise.team.name}, {settings.PEELIAN_FORCE_NAME}",
                answerable=True,
            )

    def topic(self, object_id: int) -> Topic | None:
        """What an answer to it is about."""
        change = PromiseChange.objects.select_related("promise").filter(pk=object_id).first()
        if change is None:
            return None
        promise = change.promise
        return Topic(promise.team_id, f"Promise: {promise.will_do}"[:200], f"promise:{promise.ref}")

    def text(self, object_id: int, language: str = "") -> str:
        change = _change(object_id)
        with languages.reading(language):
            subject = _(SUBJECTS[change.what])
        stop = f"{settings.PEELIAN_BASE_URL}{reverse('priorities:stop', args=[TOKEN])}"
        return short_message(f"{settings.PEELIAN_FORCE_NAME}: {subject}. ", change.text, f" {stop}")

    def voice(self, object_id: int, language: str = "") -> str:
        change = _change(object_id)
        team = change.promise.team.name
        words = f"{SUBJECTS[change.what]}. {change.text}"
        said = f"This is {settings.PEELIAN_FORCE_NAME}, {team}. {words} To speak to us, call 101."
        return Spoken(read_aloud(said), ENGLISH)

    def _context(self, change: PromiseChange) -> dict[str, object]:
        promise = change.promise
        return {
            "change": change,
            "promise": promise,
            "subject": _(SUBJECTS[change.what]),
            "by": uk_date(promise.due_on),
            "url": settings.PEELIAN_BASE_URL + promise.get_absolute_url(),
            "stop_url": f"{settings.PEELIAN_BASE_URL}{reverse('priorities:stop', args=[TOKEN])}",
        }


def _change(object_id: int) -> PromiseChange:
    return PromiseChange.objects.select_related("promise__team", "promise__area").get(pk=object_id)
