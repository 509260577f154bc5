import json

from peelian.delivery import references
from peelian.delivery.carriers.base import Fate
from peelian.delivery.carriers.postmark.tests.fake import URL, answer
from peelian.delivery.carriers.tests import faking

fake = faking.fixture(answer)


def test_an_email_arrives_with_its_parts_and_header_fields(fake):
    message = faking.email_to(11, "resident@home.example")
    assert faking.hand_over(URL + fake.api, [message]) == {11: (Fate.TAKEN, "")}
    sent = json.loads(fake.orders[0].body)
    fields = {one["Name"]: one["Value"] for one in sent["Headers"]}
    assert sent["From"] == "Elm Bridge team <alerts@now.peelian.example>"
    assert sent["To"] == "resident@home.example"
    assert sent["Subject"] == "Shed break-ins – Mill Lane"
    assert sent["ReplyTo"] == "r-abc@now.peelian.example"
    assert "£5 marks." in sent["TextBody"]
    assert sent["HtmlBody"].startswith("<p>Three sheds were opened.</p>")
    assert sent["Metadata"] == {"delivery": references.make(faking.SEND, 11)}
    assert fields["Message-ID"].encode() in message.content
    assert fields["X-PM-KeepID"] == "true"
    assert fields["List-Unsubscribe"].startswith("<http://testserver/unsubscribe/")
    assert fields["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert fields["Auto-Submitted"] == "auto-generated"
    assert "List-Id" in fields
    assert (sent["TrackOpens"], sent["TrackLinks"], sent["MessageStream"]) == (False, "None", "broadcast")


def test_what_it_says_of_recipients_and_of_us(fake):
    who = ["gone@home.example", "odd@home.example", "unsigned@home.example", "fine@home.example"]
    assert faking.fates(URL + fake.api, who) == [Fate.REFUSED, Fate.REFUSED, Fate.UNREACHABLE, Fate.TAKEN]


def test_check(fake):
    assert faking.checked(URL + fake.api) == ""
    assert faking.checked(f"postmark://wrong?api={fake.api}") == "Postmark refuses our key."
    fake.answer = lambda asked: faking.Reply(500)
    assert faking.checked(URL + fake.api) == "Postmark answers with status 500."
