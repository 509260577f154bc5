"""What each carrier that anymail speaks to keeps, whoever it is: each fake has its faults, besides those of all."""

from __future__ import annotations

from types import ModuleType

import pytest

from peelian.delivery.carriers.base import Fate
from peelian.delivery.carriers.mailgun.tests import fake as mailgun
from peelian.delivery.carriers.postmark.tests import fake as postmark
from peelian.delivery.carriers.sendgrid.tests import fake as sendgrid
from peelian.delivery.carriers.ses.tests import fake as ses
from peelian.delivery.carriers.tests import faking

CARRIERS = [ses, postmark, mailgun, sendgrid]
RESIDENT = "resident@home.example"


@pytest.mark.parametrize(
    ("carrier", "reply", "fate"),
    [
        pytest.param(carrier, reply, fate, id=f"{carrier.NAME}-{number}")
        for carrier in CARRIERS
        for number, (reply, fate) in enumerate([*faking.EVERYWHERE, *carrier.FAULTS])
    ],
)
def test_when_it_breaks(carrier: ModuleType, reply: faking.Reply, fate: Fate, monkeypatch, capsys) -> None:
    faking.impatient(monkeypatch, reply)
    with faking.served(carrier.answer) as fake:
        assert faking.meets(fake, reply, carrier.URL + fake.api, faking.email_to(1, RESIDENT)) is fate
    assert "resident@" not in "".join(capsys.readouterr())


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.NAME)
def test_nobody_there(carrier: ModuleType, unused_tcp_port) -> None:
    url = f"{carrier.URL}http://127.0.0.1:{unused_tcp_port}"
    assert faking.hand_over(url, [faking.email_to(1, RESIDENT)])[1][0] is Fate.UNREACHABLE
    assert faking.checked(url) == f"{carrier.NAME} cannot be reached."
