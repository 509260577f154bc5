from peelian.delivery import references
from peelian.delivery.carriers.base import Fate
from peelian.delivery.carriers.mailgun.tests.fake import DOMAIN, KEY, URL, answer, form_of
from peelian.delivery.carriers.tests import faking

fake = faking.fixture(answer)


def test_an_email_arrives_byte_for_byte(fake):
    message = faking.email_to(11, "resident@home.example")
    assert faking.hand_over(URL + fake.api, [message]) == {11: (Fate.TAKEN, "")}
    assert form_of(fake.orders[0]) == {
        "to": b"resident@home.example",
        "message": message.content,
        "v:delivery": references.make(faking.SEND, 11).encode(),
        "o:tracking": b"no",
    }
    for field in (b"Message-ID: <7.11.", b"List-Unsubscribe: ", b"List-Unsubscribe-Post: ", b"Reply-To: ", b"Auto-Sub"):
        assert field in message.content


def test_what_it_says_of_a_recipient(fake):
    messages = [faking.email_to(1, "odd@home.example"), faking.email_to(2, "fine@home.example")]
    assert faking.hand_over(URL + fake.api, messages) == {1: (Fate.REFUSED, ""), 2: (Fate.TAKEN, "")}


def test_check_sends_nothing(fake):
    assert faking.checked(URL + fake.api) == ""
    assert form_of(fake.orders[0]) == {}
    assert faking.checked(f"mailgun://wrong@{DOMAIN}?api={fake.api}") == "Mailgun refuses our key."
    assert faking.checked(f"mailgun://{KEY}@other.example?api={fake.api}") == "Mailgun answers with status 404."
