"""The invitation to somebody on a list of victims. Its words are fixed: mail and phones are read by others at home, so
nothing of what happened, nor of who asks beyond the force, nor the survey's own title is there to be put into them."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from peelian.core import languages, wording
from peelian.core.context import the_force
from peelian.core.languages import ENGLISH
from peelian.core.messages import TOKEN, EmailParts, Spoken, Topic
from peelian.surveys.models import Mailing


class FrameRenderer:
    """Renders the Mailing whose id it is given. In English: of people who are no members we know no language."""

    def email(self, object_id: int) -> EmailParts:
        return email_of(_mailing(object_id))

    def text(self, object_id: int) -> str:
        return words_of_text()

    def voice(self, object_id: int) -> str:
        """Nobody is called by a machine about it."""
        return Spoken(f"This is {settings.PEELIAN_FORCE_NAME}.", ENGLISH)

    def topic(self, object_id: int) -> Topic | None:
        """Whose message it was, for its links and for answers. The subject is the force's own and says nothing."""
        return Topic(_mailing(object_id).survey.team_id, _("Our service"), "survey")


def email_of(mailing: Mailing) -> EmailParts:
    """The email of a mailing, which need not be kept yet."""
    context = _context(mailing)
    return EmailParts(
        subject=str(context["subject"]),
        text=render_to_string("surveys/email/frame.txt", context),
        html=render_to_string("surveys/email/frame.html", context),
        from_name=settings.PEELIAN_FORCE_NAME,
        unsubscribe=True,
    )


def words_of_text() -> str:
    """Who, what, one link: the same whatever it is about."""
    said = languages.without_isolates(_("Please tell us about our service in a few short questions:"))
    return f"{settings.PEELIAN_FORCE_NAME}: {said} {_link()}"


def _context(mailing: Mailing) -> dict[str, object]:
    """Everything that the words may hold. The survey is not in it, and what it is about even less."""
    again = mailing.kind == Mailing.Kind.REMINDER
    subject = _("Please tell us about our service")
    closes = mailing.survey.closes
    return {
        "force": the_force(),
        **languages.written_in(),
        "subject": _("Reminder: %(title)s") % {"title": subject} if again else subject,
        "title": subject,
        "again": again,
        "anonymous": mailing.survey.is_anonymous,
        "url": _link(),
        "less_url": f"{settings.PEELIAN_BASE_URL}/m/{TOKEN}/less/",
        "until": wording.uk_date(closes) if closes else "",
    }


def _mailing(object_id: int) -> Mailing:
    return Mailing.objects.select_related("survey__team__organisation").get(pk=object_id)


def _link() -> str:
    return f"{settings.PEELIAN_BASE_URL}/q/{TOKEN}/"
