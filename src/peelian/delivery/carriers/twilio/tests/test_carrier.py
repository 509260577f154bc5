from xml.etree import ElementTree

import pytest

from peelian.contacts.models import Address
from peelian.delivery import references
from peelian.delivery.carriers.base import Fate
from peelian.delivery.carriers.tests import faking
from peelian.delivery.carriers.twilio import twiml
from peelian.delivery.carriers.twilio.tests.fake import FROM, SID, URL, answer, error, form_of
from peelian.delivery.models import Channel

TEXT, VOICE = Channel.TEXT, Channel.VOICE
NUMBER = "+447700900123"
WORDS = "Sheds were opened <in> Mill Lane & more. £5"


@pytest.fixture
def fake():
    with faking.served(answer) as one:
        yield one


def callback(address_id):
    return f"http://testserver/webhooks/twilio/{references.make(faking.SEND, address_id)}/"


def test_a_text_arrives_with_a_callback_of_its_own(fake):
    assert faking.hand_over(URL + fake.api, [faking.words_to(11, NUMBER)], TEXT) == {11: (Fate.TAKEN, "")}
    assert form_of(fake.orders[0]) == {"To": NUMBER, "From": FROM, "Body": WORDS, "StatusCallback": callback(11)}


def test_a_call_reads_our_words_and_offers_a_key(fake):
    assert faking.hand_over(URL + fake.api, [faking.words_to(11, NUMBER)], VOICE) == {11: (Fate.TAKEN, "")}
    form = form_of(fake.orders[0])
    assert fake.orders[0].path.endswith("/Calls.json")
    assert (form["To"], form["From"], form["StatusCallback"]) == (NUMBER, FROM, callback(11))
    gather = ElementTree.fromstring(form["Twiml"]).find("Gather")
    assert gather.attrib["action"] == callback(11)
    assert [one.text for one in gather] == [WORDS, twiml.PRESS]
    assert all(one.attrib == {"voice": "Polly.Amy", "language": "en-GB"} for one in gather)


@pytest.mark.parametrize(
    ("given", "spoken"),
    [("pl-PL", "pl-PL"), ("cy", "cy-GB"), ("en-US", "en-GB"), ("ur", "en-GB"), ("", "en-GB"), ("plx", "en-GB")],
)
def test_a_voice_and_its_language_go_together(given, spoken):
    """Twilio may refuse to read anything otherwise."""
    say = ElementTree.fromstring(twiml.call("Words", language=given)).find("Say")
    assert say.attrib == {"voice": twiml.VOICES[spoken], "language": spoken}


def test_a_machine_that_nobody_can_reach_gives_no_callback(settings):
    """Twilio would refuse the order for it."""
    from peelian.delivery import carrier_urls
    from peelian.delivery.carriers.twilio.carrier import TwilioClient

    settings.PEELIAN_BASE_URL = "http://localhost:8000"
    client = TwilioClient(carrier_urls.read(f"twilio://{SID}:x@/?from={FROM}"), "twilio", TEXT)
    assert client._callback("reference") == ""
    client.close()


def test_words_too_long_for_a_call_end_with_a_sentence_that_says_so():
    written = twiml.call("A fine & short sentence. " * 300, keypad="https://now.example.org/webhooks/twilio/x/")
    assert 3_800 < len(written) <= twiml.LONGEST
    said = ElementTree.fromstring(written).find("Gather")[0].text
    assert said.endswith(f"A fine & short sentence. {twiml.MORE}")
    endless = twiml.call("word " * 2_000)
    assert len(endless) <= twiml.LONGEST
    ElementTree.fromstring(endless)
    ElementTree.fromstring(twiml.call("a\x00b\x1f]]> &amp; \"'<", keypad="https://a.example/?a=1&b='\""))


def test_what_it_says_of_recipients_and_of_us(fake, django_db_serialized_rollback, transactional_db):
    stopped = Address.objects.create(pk=3, kind=2, value="+447700900003")
    messages = [faking.words_to(n, f"+44770090{n:04}") for n in range(1, 7)]
    fates = faking.hand_over(URL + fake.api, messages, TEXT)
    assert fates == {
        1: (Fate.REFUSED, "5.1.3"),
        2: (Fate.REFUSED, "5.1.1"),
        3: (Fate.REFUSED, ""),
        4: (Fate.UNREACHABLE, ""),
        5: (Fate.REFUSED, ""),
        6: (Fate.TAKEN, ""),
    }
    stopped.refresh_from_db()
    assert stopped.suppression == Address.Suppression.STOPPED


FAULTS = [
    *faking.EVERYWHERE,
    (error(429, 20429), Fate.LATER),
    (error(500, 20500), Fate.UNKNOWN),
    (faking.Reply(201, '{"sid": '), Fate.UNKNOWN),
    (faking.Reply(201, "[]"), Fate.UNKNOWN),
    (faking.Reply(301, "", {"Location": "http://127.0.0.1:9/"}), Fate.UNKNOWN),
]


@pytest.mark.parametrize("channel", [TEXT, VOICE])
@pytest.mark.parametrize(("reply", "fate"), FAULTS)
def test_when_it_breaks(fake, monkeypatch, capsys, reply, fate, channel):
    faking.impatient(monkeypatch, reply)
    assert faking.meets(fake, reply, URL + fake.api, faking.words_to(1, NUMBER), channel) is fate
    assert "7700900" not in "".join(capsys.readouterr())


def test_certificates_that_are_not_there(monkeypatch, unused_tcp_port):
    """`requests` says so with an OSError of its own kind, before it connects: the text may go by another."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    url = f"{URL}https://127.0.0.1:{unused_tcp_port}"
    assert faking.hand_over(url, [faking.words_to(1, NUMBER)], TEXT)[1][0] is Fate.UNREACHABLE
    assert faking.checked(url, TEXT) == "Twilio cannot be reached."


def test_nobody_there(unused_tcp_port):
    url = f"{URL}http://127.0.0.1:{unused_tcp_port}"
    assert faking.hand_over(url, [faking.words_to(1, NUMBER)], TEXT)[1][0] is Fate.UNREACHABLE
    assert faking.checked(url, TEXT) == "Twilio cannot be reached."


def test_check(fake):
    assert faking.checked(URL + fake.api, VOICE) == ""
    assert faking.checked(f"twilio://{SID}:wrong@/?from={FROM}&api={fake.api}", TEXT) == "Twilio refuses our key."
    fake.answer = lambda asked: faking.Reply(200, {"sid": SID, "status": "suspended"})
    assert faking.checked(URL + fake.api, TEXT) == "Our account with Twilio is not active."
