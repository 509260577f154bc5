"""The answer to a text of HELP: who we are, whom to call, how to stop. Somebody may have meant the word."""

from django.conf import settings
from django.utils.translation import gettext as _

from peelian.core.languages import reading, without_isolates
from peelian.core.messages import EmailParts
from peelian.members.queries import language_at

NAME = "conversations.help"


class HelpRenderer:
    """The same for everybody who reads a language; the object's id is the address it goes to."""

    def email(self, object_id: int) -> EmailParts:
        with reading(language_at(object_id)):
            subject = _("Who we are, and how to stop")
        return EmailParts(subject, self.text(object_id), "", settings.PEELIAN_SERVICE_NAME)

    def text(self, object_id: int) -> str:
        names = {
            "service": settings.PEELIAN_SERVICE_NAME,
            "force": settings.PEELIAN_FORCE_NAME,
            "url": f"{settings.PEELIAN_BASE_URL}/me/",
        }
        with reading(language_at(object_id)):
            said = _(
                "In danger? Call 999. Not urgent: 101. This is %(service)s of %(force)s: messages about your "
                "neighbourhood, because this number joined. Text STOP to end them, or choose at %(url)s"
            )
            return without_isolates(said % names)

    def voice(self, object_id: int) -> str:
        return self.text(object_id)
