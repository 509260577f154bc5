"""The invitation to a survey, by email and text. Everybody who reads the same language gets the same words; TOKEN
stands where the recipient's own token belongs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from peelian.core import languages, wording
from peelian.core.context import the_force
from peelian.core.languages import ENGLISH
from peelian.core.messages import TOKEN, EmailParts, Spoken, Topic
from peelian.core.spoken import read_aloud
from peelian.surveys.doors import language_of
from peelian.surveys.models import Mailing

LONGEST_TITLE = 60  # characters of the title in a text


class InvitationRenderer:
    """Renders the Mailing whose id it is given, in a language where the survey has been translated into it."""

    translated = True

    def email(self, object_id: int, language: str = "") -> EmailParts:
        mailing = _mailing(object_id)
        code = language_of(mailing.survey, languages.base(language))
        with languages.reading(code):
            context = self._context(mailing, code)
            return EmailParts(
                subject=context["subject"],
                text=render_to_string("surveys/email/invitation.txt", context),
                html=render_to_string("surveys/email/invitation.html", context),
                from_name=f"{mailing.survey.team.name}, {settings.PEELIAN_FORCE_NAME}",
                unsubscribe=True,
            )

    def text(self, object_id: int, language: str = "") -> str:
        """Who, what, one link."""
        mailing = _mailing(object_id)
        code = language_of(mailing.survey, languages.base(language))
        with languages.reading(code):
            title = mailing.survey.words("title", code)
            short = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 3].rstrip()}..."
            asked = languages.without_isolates(_("%(title)s Tell us here:") % {"title": _ended(short)})
            return f"{settings.PEELIAN_FORCE_NAME}: {asked} {_link(code)}"

    def voice(self, object_id: int, language: str = "") -> str:
        """Nobody is called about a survey; should it be asked for all the same, it says where to read on."""
        team = _mailing(object_id).survey.team.name
        return Spoken(read_aloud(f"This is {settings.PEELIAN_FORCE_NAME}, {team}. Please read our email."), ENGLISH)

    def topic(self, object_id: int) -> Topic | None:
        """Whose message it was, for its links to get less."""
        survey = _mailing(object_id).survey
        return Topic(survey.team_id, survey.title, f"survey:{survey.ref}")

    def _context(self, mailing: Mailing, code: str) -> dict[str, Any]:
        survey = mailing.survey
        title = survey.words("title", code)
        again = mailing.kind == Mailing.Kind.REMINDER
        return {
            "force": the_force(),
            **languages.written_in(),
            "survey": survey,
            "title": title,
            "subject": (_("Reminder: %(title)s") % {"title": title} if again else title)[:200],
            "purpose": survey.words("purpose", code),
            "words_lang": code or ENGLISH,
            "words_dir": languages.direction(code or "en"),
            "again": again,
            "url": _link(code),
            "less_url": f"{settings.PEELIAN_BASE_URL}/m/{TOKEN}/less/",
            "until": wording.uk_date(survey.closes) if survey.closes else "",
        }


def _mailing(object_id: int) -> Mailing:
    return Mailing.objects.select_related("survey__team__organisation").get(pk=object_id)


def _link(code: str) -> str:
    return f"{settings.PEELIAN_BASE_URL}/q/{TOKEN}/" + (f"?lang={code}" if code else "")


def _ended(title: str) -> str:
    return title if title[-1:] in ".!?…۔؟" else f"{title}."
