import json

from peelian.delivery import references
from peelian.delivery.carriers.base import Fate
from peelian.delivery.carriers.sendgrid.tests.fake import URL, answer
from peelian.delivery.carriers.tests import faking

fake = faking.fixture(answer)


def test_an_email_arrives_with_its_parts_and_header_fields(fake):
    message = faking.email_to(11, "resident@home.example")
    assert faking.hand_over(URL + fake.api, [message]) == {11: (Fate.TAKEN, "")}
    sent = json.loads(fake.orders[0].body)
    assert sent["personalizations"] == [{"to": [{"email": "resident@home.example"}]}]
    assert sent["from"] == {"email": "alerts@now.peelian.example", "name": "Elm Bridge team"}
    assert sent["reply_to_list"] == [{"email": "r-abc@now.peelian.example"}]
    assert sent["subject"] == "Shed break-ins – Mill Lane"
    assert [part["type"] for part in sent["content"]] == ["text/plain", "text/html"]
    assert "£5 marks." in sent["content"][0]["value"]
    assert sent["custom_args"] == {"delivery": references.make(faking.SEND, 11)}
    fields = sent["headers"]
    assert fields["Message-ID"].encode() in message.content
    assert fields["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert fields["List-Unsubscribe"].startswith("<http://testserver/unsubscribe/")
    assert fields["Auto-Submitted"] == "auto-generated"
    off = {"enable": False}
    assert sent["tracking_settings"] == {"click_tracking": off, "open_tracking": off, "subscription_tracking": off}


def test_what_it_says_of_recipients_and_of_us(fake):
    who = ["odd@home.example", "unsigned@home.example", "fine@home.example"]
    assert faking.fates(URL + fake.api, who) == [Fate.REFUSED, Fate.UNREACHABLE, Fate.TAKEN]


def test_check(fake):
    assert faking.checked(URL + fake.api) == ""
    assert faking.checked(f"sendgrid://SG.wrong?api={fake.api}") == "SendGrid refuses our key."
