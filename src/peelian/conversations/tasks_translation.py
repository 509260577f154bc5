"""Jobs that translate what is said in conversations. Thin, by id, and may run twice."""

from peelian.conversations import translating
from peelian.core import jobs


class NotTranslatedYet(Exception):
    """The translator could not be asked now; the job is tried again."""


@jobs.task("conversations.translate", tries=6)
def translate(*, message_id: int) -> None:
    if not translating.translate(message_id=message_id):
        raise NotTranslatedYet


@jobs.periodic("* * * * *", "conversations.send_what_is_stuck")
def send_what_is_stuck() -> None:
    translating.send_what_is_stuck()
