import asyncio
import json

import pytest

from peelian.core import clock
from peelian.delivery import references
from peelian.delivery.carriers import registry
from peelian.delivery.carriers.base import Fate
from peelian.delivery.carriers.notify.tests.fake import KEY, TEMPLATE, URL, Notify, error
from peelian.delivery.carriers.tests import faking
from peelian.delivery.database import Connections
from peelian.delivery.models import Channel, Lane, Reason, State

TEXT = Channel.TEXT
NUMBER = "+447700900123"


@pytest.fixture
def fake():
    with faking.served(Notify()) as one:
        yield one


def test_a_text_arrives_with_our_reference(fake):
    assert faking.hand_over(URL + fake.api, [faking.words_to(11, NUMBER)], TEXT) == {11: (Fate.TAKEN, "")}
    assert json.loads(fake.orders[0].body) == {
        "phone_number": NUMBER,
        "template_id": TEMPLATE,
        "personalisation": {"message": "Sheds were opened <in> Mill Lane & more. £5"},
        "reference": references.make(faking.SEND, 11),
    }


def test_what_it_says_of_recipients_and_of_us(fake):
    messages = [faking.words_to(n, f"+44770090{n:04}") for n in (1, 2, 3)]
    fates = {number: fate for number, (fate, _) in faking.hand_over(URL + fake.api, messages, TEXT).items()}
    assert fates == {1: Fate.REFUSED, 2: Fate.LATER, 3: Fate.TAKEN}


def test_a_number_abroad_is_no_trouble_of_the_carrier(fake):
    """Many services may not send there; a key for tests alone says the same of every number."""
    refused = error(400, "BadRequestError", "Cannot send to international mobile numbers")
    fates = []
    for recipient in ("+353851234567", NUMBER):
        fake.instead.append(refused)
        fates.append(faking.hand_over(URL + fake.api, [faking.words_to(1, recipient)], TEXT)[1][0])
    assert fates == [Fate.DEFERRED, Fate.LATER]


FAULTS = [
    *faking.EVERYWHERE,
    (error(429, "RateLimitError"), Fate.LATER),
    (error(429, "TooManyRequestsError"), Fate.LATER),
    (error(403, "AuthError"), Fate.UNREACHABLE),
    (error(500, "Exception", "Internal server error"), Fate.LATER),
    (faking.Reply(201, '{"id": '), Fate.UNKNOWN),
]


@pytest.mark.parametrize(("reply", "fate"), FAULTS)
def test_when_it_breaks(fake, monkeypatch, capsys, caplog, reply, fate):
    faking.impatient(monkeypatch, reply)
    assert faking.meets(fake, reply, URL + fake.api, faking.words_to(1, NUMBER), TEXT) is fate
    assert "7700900" not in "".join(capsys.readouterr()) + caplog.text


def test_nobody_there(unused_tcp_port):
    url = f"{URL}http://127.0.0.1:{unused_tcp_port}"
    assert faking.hand_over(url, [faking.words_to(1, NUMBER)], TEXT)[1][0] is Fate.UNREACHABLE
    assert faking.checked(url, TEXT) == "GOV.UK Notify cannot be reached."


def find(url, address_id):
    async def ask():
        carrier = registry.make(faking.named(url, TEXT), Lane.ROUTINE, Connections())
        try:
            return await carrier.find(faking.SEND, address_id, NUMBER, clock.now(), True)
        finally:
            await carrier.close()

    return asyncio.run(ask())


def test_a_text_whose_answer_was_lost_is_found_by_our_reference(fake, django_db_serialized_rollback, transactional_db):
    """The order is taken, the answer never comes: unknown, until Notify is asked."""
    notify = fake.answer
    fake.answer = lambda asked: notify(asked) if asked.method == "GET" else (notify(asked), faking.DROPPED)[1]
    assert faking.hand_over(URL + fake.api, [faking.words_to(11, NUMBER)], TEXT)[11][0] is Fate.UNKNOWN
    found = find(URL + fake.api, 11)
    assert (found.send_id, found.address_id, found.state, found.code) == (7, 11, State.HANDED_OVER, "sending")
    notify.kept[0] |= {"status": "permanent-failure", "completed_at": "2026-11-20T10:00:00.000000Z"}
    found = find(URL + fake.api, 11)
    assert (found.state, found.reason, found.at.year) == (State.FAILED, Reason.BOUNCED, 2026)
    assert find(URL + fake.api, 12) is None
    fake.answer = lambda asked: faking.Reply(500)
    with pytest.raises(LookupError):
        find(URL + fake.api, 11)


def test_check_looks_at_the_key_and_the_template(fake):
    assert faking.checked(URL + fake.api, TEXT) == ""
    fake.answer.body = "Hello ((name))"
    assert "is not a text message that holds ((message))" in faking.checked(URL + fake.api, TEXT)
    wrong = URL.replace(KEY, KEY[:-1] + "1")
    assert faking.checked(wrong + fake.api, TEXT) == "GOV.UK Notify refuses our key."
    elsewhere = URL.replace(TEMPLATE, TEMPLATE[:-1] + "b")
    assert faking.checked(elsewhere + fake.api, TEXT) == "GOV.UK Notify does not know our template."
