import json

import pytest

from peelian.delivery import references
from peelian.delivery.carriers.base import Fate
from peelian.delivery.carriers.ses.tests.fake import URL, answer, error, sent
from peelian.delivery.carriers.tests import faking


@pytest.fixture
def fake():
    with faking.served(answer) as one:
        yield one


def test_an_email_arrives_byte_for_byte_behind_our_reference(fake):
    message = faking.email_to(11, "resident@home.example")
    assert faking.hand_over(URL + fake.api, [message]) == {11: (Fate.TAKEN, "")}
    order = json.loads(fake.orders[0].body)
    reference = references.make(faking.SEND, 11)
    assert sent(fake.orders[0]) == f'X-Metadata: {{"delivery": "{reference}"}}\r\n'.encode() + message.content
    assert order["EmailTags"] == [{"Name": "delivery", "Value": reference}]
    assert order["Destination"] == {"ToAddresses": ["resident@home.example"]}
    assert order["ConfigurationSetName"] == "peelian"
    assert "FromEmailAddress" not in order  # it would put a From of its own in the place of ours


def test_what_it_says_of_recipients_and_of_us(fake):
    messages = [
        faking.email_to(1, "odd@home.example"),
        faking.email_to(2, "paused@home.example"),
        faking.email_to(3, "fine@home.example"),
    ]
    fates = {number: fate for number, (fate, _) in faking.hand_over(URL + fake.api, messages).items()}
    assert fates == {1: Fate.REFUSED, 2: Fate.UNREACHABLE, 3: Fate.TAKEN}


FAULTS = [
    *faking.EVERYWHERE,
    (error(429, "TooManyRequestsException"), Fate.LATER),
    (error(400, "LimitExceededException"), Fate.LATER),
    (error(400, "MessageRejected"), Fate.LATER),
    (error(403, "SignatureDoesNotMatch"), Fate.UNREACHABLE),
    (error(400, "MailFromDomainNotVerifiedException"), Fate.UNREACHABLE),
    (error(500, "InternalFailure"), Fate.LATER),
    (faking.Reply(200, '{"MessageId'), Fate.UNKNOWN),
]


@pytest.mark.parametrize(("reply", "fate"), FAULTS)
def test_when_it_breaks(fake, monkeypatch, capsys, reply, fate):
    faking.impatient(monkeypatch)
    assert faking.meets(fake, reply, URL + fake.api, faking.email_to(1, "resident@home.example")) is fate
    assert "resident@" not in "".join(capsys.readouterr())


def test_nobody_there(unused_tcp_port):
    url = f"{URL}http://127.0.0.1:{unused_tcp_port}"
    assert faking.hand_over(url, [faking.email_to(1, "resident@home.example")])[1][0] is Fate.UNREACHABLE
    assert faking.checked(url) == "Amazon SES cannot be reached."


def test_check(fake):
    assert faking.checked(URL + fake.api) == ""
    assert faking.checked(f"ses://AKIAWRONG:x@eu-west-2?api={fake.api}") == "Amazon SES refuses our key."
    fake.answer = lambda asked: faking.Reply(200, {"SendingEnabled": False})
    assert faking.checked(URL + fake.api) == "Amazon SES has paused sending from this account."
    fake.answer = lambda asked: error(403, "AccessDeniedException")
    assert faking.checked(URL + fake.api) == ""  # a key that may only send
