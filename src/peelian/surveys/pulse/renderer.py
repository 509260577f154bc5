"""The message of a pulse, by email and text: the same for whoever got the alert and whoever did not."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from peelian.core import gsm, languages, wording
from peelian.core.context import the_force
from peelian.core.languages import ENGLISH
from peelian.core.messages import TOKEN, EmailParts, Spoken, Topic
from peelian.core.spoken import read_aloud
from peelian.surveys.doors import language_of
from peelian.surveys.models import Survey
from peelian.surveys.pulse.models import PulseSlice


class PulseRenderer:
    """Renders the PulseSlice whose id it is given, in a language where the questions have been translated into it."""

    translated = True

    def email(self, object_id: int, language: str = "") -> EmailParts:
        one, survey = _asked(object_id)
        code = language_of(survey, languages.base(language))
        with languages.reading(code):
            context = _context(one, survey, code)
            return EmailParts(
                subject=context["title"],
                text=render_to_string("surveys/email/invitation.txt", context),
                html=render_to_string("surveys/email/invitation.html", context),
                from_name=f"{survey.team.name}, {settings.PEELIAN_FORCE_NAME}",
                unsubscribe=True,
            )

    def text(self, object_id: int, language: str = "") -> str:
        _one, survey = _asked(object_id)
        code = language_of(survey, languages.base(language))
        with languages.reading(code):
            asked = languages.without_isolates(_("Two short questions about where you live:"))
            return f"{settings.PEELIAN_FORCE_NAME}: {asked} {_link(code)}"

    def voice(self, object_id: int, language: str = "") -> str:
        """Nobody is called about it; should it be asked for all the same, it says where to read on."""
        _one, survey = _asked(object_id)
        said = f"This is {settings.PEELIAN_FORCE_NAME}, {survey.team.name}. Please read our email."
        return Spoken(read_aloud(said), ENGLISH)

    def topic(self, object_id: int) -> Topic | None:
        """Whose message it was, for its links to get less."""
        _one, survey = _asked(object_id)
        return Topic(survey.team_id, survey.title, f"survey:{survey.ref}")


def _context(one: PulseSlice, survey: Survey, code: str) -> dict[str, Any]:
    title = survey.words("title", code)
    return {
        "force": the_force(),
        **languages.written_in(),
        "survey": survey,
        "title": title,
        "subject": title,
        "purpose": survey.words("purpose", code),
        "words_lang": code or ENGLISH,
        "words_dir": languages.direction(code or "en"),
        "again": False,
        "url": _link(code),
        "less_url": f"{settings.PEELIAN_BASE_URL}/m/{TOKEN}/less/",
        "until": wording.uk_date(one.round.closes),
    }


def _asked(object_id: int) -> tuple[PulseSlice, Survey]:
    one = PulseSlice.objects.select_related("round").get(pk=object_id)
    return one, Survey.objects.select_related("team__organisation").get(pulse__isnull=False)


def _link(code: str) -> str:
    return f"{settings.PEELIAN_BASE_URL}/q/{TOKEN}/two/" + (f"?lang={code}" if code else "")


def text_parts(one: PulseSlice) -> int:
    """How many parts a text of it has, in English."""
    return gsm.parts(PulseRenderer().text(one.pk).replace(TOKEN, "A" * 28)).parts
