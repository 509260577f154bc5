"""The answer to a text of HELP: who we are, whom to call, how to stop. Somebody may have meant the word."""

from django.conf import settings

from peelian.core.messages import EmailParts

NAME = "conversations.help"


class HelpRenderer:
    """The same for everybody; the object's id says nothing."""

    def email(self, object_id: int) -> EmailParts:
        return EmailParts("Who we are, and how to stop", self.text(object_id), "", settings.PEELIAN_SERVICE_NAME)

    def text(self, object_id: int) -> str:
        force, service, host = settings.PEELIAN_FORCE_NAME, settings.PEELIAN_SERVICE_NAME, settings.PEELIAN_BASE_URL
        return (
            f"In danger? Call 999. Not urgent: 101. This is {service} of {force}: messages about your neighbourhood, "
            f"because this number joined. Text STOP to end them, or choose at {host}/me/"
        )

    def voice(self, object_id: int) -> str:
        return self.text(object_id)
