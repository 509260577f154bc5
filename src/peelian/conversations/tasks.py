"""Jobs of conversations. Thin, by id, and may run twice."""

from peelian.conversations.inbound import attachments
from peelian.core import jobs


@jobs.task("conversations.check_file")
def check_file(*, attachment_id: int) -> None:
    attachments.check(attachment_id)
