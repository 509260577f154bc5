import json

from peelian.delivery import references
from peelian.delivery.carriers.base import Fate
from peelian.delivery.carriers.ses.tests.fake import URL, answer, error, sent
from peelian.delivery.carriers.tests import faking

fake = faking.fixture(answer)


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
    who = ["odd@home.example", "paused@home.example", "fine@home.example"]
    assert faking.fates(URL + fake.api, who) == [Fate.REFUSED, Fate.UNREACHABLE, Fate.TAKEN]


def test_check(fake):
    assert faking.checked(URL + fake.api) == ""
    assert faking.checked(f"ses://AKIAWRONG:x@eu-west-2?api={fake.api}") == "Amazon SES refuses our key."
    fake.answer = lambda asked: faking.Reply(200, {"SendingEnabled": False})
    assert faking.checked(URL + fake.api) == "Amazon SES has paused sending from this account."
    fake.answer = lambda asked: error(403, "AccessDeniedException")
    assert faking.checked(URL + fake.api) == ""  # a key that may only send
