"""Carriers as the settings name them: read or refused with a sentence, their shares, their rows."""

import pytest

from peelian.delivery import carrier_urls
from peelian.delivery.carriers import registry
from peelian.delivery.models import Carrier, Channel

HUSH = "hush-hush"
NOTIFY = f"notify://peelian-{HUSH}?template=f33517ff-2a88-4f6e-b855-c550268ce08a&callback=token"
TWILIO = "twilio://AC123:hush-hush@/?from=+441632960000"


def shares(value: str, channel: str = "email", first: str = "") -> dict[str, int]:
    return {one.name: one.share for one in carrier_urls.read_all(value, "PEELIAN_EMAIL_CARRIERS", channel, first)}


def test_urls_are_taken_apart_with_case_and_plus_signs_kept():
    ses = carrier_urls.read("ses://AKIAX:a%2Fb+C@eu-west-2?topic=arn:aws:sns:eu-west-2:1234:bounces")
    assert (ses.user, ses.password, ses.host) == ("AKIAX", "a/b+C", "eu-west-2")
    assert ses.options == {"topic": "arn:aws:sns:eu-west-2:1234:bounces"}
    assert carrier_urls.read("sendgrid://SG.aB.cD?webhook=MFk+a/b==").user == "SG.aB.cD"
    assert carrier_urls.read("sendgrid://SG.aB.cD?webhook=MFk+a/b==").options["webhook"] == "MFk+a/b=="
    twilio = carrier_urls.read(TWILIO + "&api=http://127.0.0.1:8001/")
    assert (twilio.user, twilio.password, twilio.options["from"]) == ("AC123", HUSH, "+441632960000")
    assert twilio.api == "http://127.0.0.1:8001"
    assert carrier_urls.read("mailgun://key@now.example.org?webhook=s").host == "now.example.org"
    smtp = carrier_urls.read("smtp://127.0.0.1:2525?name=relay&tls=none&share=40")
    assert (smtp.url, smtp.options) == ("smtp://127.0.0.1:2525?tls=none", {"name": "relay", "share": "40"})


@pytest.mark.parametrize(
    ("value", "channel", "said"),
    [
        (f"mailgum://{HUSH}@now.example.org", "email", "it begins with none of smtp://"),
        (f"ses://AKIA:{HUSH}/x@eu-west-2", "email", "there is something after the host"),
        (f"ses://{HUSH}@eu-west-2", "email", "it is written ses://"),
        (f"postmark://{HUSH}@api.example.org", "email", "it is written postmark://"),
        (f"postmark://{HUSH}?api=http://mail.example.org", "email", "its api= has to begin with https://"),
        (f"postmark://{HUSH}?api=https://a:{HUSH}@mail.example.org", "email", "its api= should be a web address"),
        (f"postmark://{HUSH}?share=some", "email", "its share= should be a whole number"),
        (f"postmark://{HUSH}?name=Post", "email", "its name= should be small letters"),
        (f"postmark://{HUSH}?{HUSH}=1", "email", "after the question mark only webhook="),
        (f"postmark://{HUSH}#x", "email", "there is something after the host"),
        (f"postmark://[{HUSH}", "email", "it is not readable as a URL"),
        (f"smtp://somebody:{HUSH}@", "email", "the host is missing"),
        (f"notify://peelian-{HUSH}", "text", "template= is missing"),
        (f"twilio://AC123:{HUSH}@/?from=+44", "email", "twilio does not carry by email"),
        (f"postmark://{HUSH}?name=one sendgrid://SG?name=one", "email", "two carriers in it have the same name="),
        (f"postmark://{HUSH}?share=60 sendgrid://SG?share=60", "email", "the shares in it should come to 100"),
        (f"postmark://{HUSH}?share=60", "email", "the shares in it should come to 100"),
        (f"postmark://{HUSH}?share=100 sendgrid://SG", "email", "the shares in it should come to 100"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence_without_the_secret(value, channel, said):
    with pytest.raises(carrier_urls.Wrong) as refused:
        carrier_urls.read_all(value, "PEELIAN_SOME_CARRIERS", channel)
    sentence = str(refused.value)
    assert sentence.startswith("PEELIAN_SOME_CARRIERS: ")
    assert said in sentence
    assert "hush" not in sentence
    assert "\n" not in sentence
    assert refused.value.__cause__ is None


def test_which_of_several_is_wrong_is_said():
    with pytest.raises(carrier_urls.Wrong, match=r"^PEELIAN_SOME_CARRIERS: URL 2 in it cannot be used: after the"):
        carrier_urls.read_all("postmark://one\n  sendgrid://two?x=1", "PEELIAN_SOME_CARRIERS", "email")


def test_shares_and_names():
    assert shares("postmark://a") == {"postmark": 100}
    assert shares("postmark://a sendgrid://b") == {"postmark": 51, "sendgrid": 49}
    assert shares("postmark://a", first="smtp://relay") == {"smtp": 51, "postmark": 49}
    assert shares("postmark://a?share=20", first="smtp://relay") == {"smtp": 80, "postmark": 20}
    assert shares("postmark://a postmark://b postmark://c") == {"postmark": 34, "postmark-2": 33, "postmark-3": 33}
    assert shares("postmark://a postmark://b?name=postmark") == {"postmark-2": 51, "postmark": 49}
    assert shares("postmark://a?share=0 sendgrid://b?share=100") == {"postmark": 0, "sendgrid": 100}


def test_without_settings_nothing_leaves_the_machine(settings):
    settings.PEELIAN_SMTP_URL = settings.PEELIAN_EMAIL_CARRIERS = ""
    settings.PEELIAN_TEXT_CARRIERS = settings.PEELIAN_VOICE_CARRIERS = ""
    assert [[one.name for one in registry.configured(channel)] for channel in Channel] == [
        ["outbox"],
        ["simulator"],
        ["simulator"],
    ]
    settings.PEELIAN_SMTP_URL = "smtp://127.0.0.1?tls=none"
    assert [one.kind for one in registry.configured(Channel.EMAIL)] == ["smtp"]
    settings.PEELIAN_TEXT_CARRIERS = f"{NOTIFY} {TWILIO}"
    found = registry.configured(Channel.TEXT)
    assert [(one.name, one.share) for one in found] == [("notify", 51), ("twilio", 49)]
    assert "hush" not in repr(found)


def test_rows_are_made_once_and_follow_the_settings(db, settings):
    settings.PEELIAN_TEXT_CARRIERS = f"{NOTIFY} {TWILIO}"
    ids = registry.row_ids()
    assert registry.row_ids() == ids
    assert set(ids) == {("outbox", 1), ("notify", 2), ("twilio", 2), ("simulator", 4)}
    Carrier.objects.filter(name="notify").update(weight=0)
    settings.PEELIAN_TEXT_CARRIERS = f"{NOTIFY}&share=70 {TWILIO}"
    assert registry.row_ids() == ids
    rows = Carrier.objects.filter(channel=Channel.TEXT).order_by("name")
    assert list(rows.values_list("name", "resting", "weight")) == [("notify", 70, 0), ("twilio", 30, 30)]
