"""Jobs of conversations. Thin, by id, and may run twice."""

from peelian.conversations import raising
from peelian.conversations.inbound import attachments
from peelian.core import jobs


@jobs.task("conversations.check_file")
def check_file(*, attachment_id: int) -> None:
    attachments.check(attachment_id)


@jobs.task("conversations.tell_duty")
def tell_duty() -> None:
    raising.tell_duty()


@jobs.periodic("* * * * *", "conversations.tell_duty_again")
def tell_duty_again() -> None:
    raising.tell_duty()
