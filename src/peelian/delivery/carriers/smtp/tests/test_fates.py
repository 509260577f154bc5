"""What a mail server's answer means: for the resident, and for the share of the server that gave it."""

from __future__ import annotations

import pytest

from peelian.delivery.carriers.base import Fate
from peelian.delivery.carriers.smtp.carrier import fate_of
from peelian.delivery.carriers.smtp.wire import DATA, DOT, MAIL, RCPT, from_reply


@pytest.mark.parametrize(
    ("stage", "answer", "fate"),
    [
        (RCPT, "451 4.7.1 greylisted, come back in five minutes", Fate.DEFERRED),
        (RCPT, "450 try again", Fate.DEFERRED),
        (RCPT, "452 4.2.2 mailbox full", Fate.DEFERRED),
        (RCPT, "452 4.3.1 insufficient system storage", Fate.LATER),
        (RCPT, "421 4.7.0 too many connections", Fate.LATER),
        (MAIL, "451 4.7.1 slow down", Fate.LATER),
        (DATA, "451 4.3.0 queue file", Fate.LATER),
        (DOT, "451 4.3.0 queue file", Fate.LATER),
        (MAIL, "550 5.7.1 not from you", Fate.LATER),  # our sender, not their address
        (RCPT, "550 5.1.1 no such user", Fate.REFUSED),
        (DOT, "250 2.0.0 queued", Fate.TAKEN),
    ],
)
def test_an_answer_is_about_one_recipient_or_about_the_server(stage: str, answer: str, fate: Fate) -> None:
    assert fate_of(from_reply(1, int(answer[:3]), answer[4:].encode(), stage)) is fate
