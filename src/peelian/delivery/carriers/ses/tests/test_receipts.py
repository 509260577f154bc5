"""Amazon SES over SNS: a certificate authority of our own at the wire, messages in the shapes that the guides show."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from peelian.delivery import carrier_urls
from peelian.delivery.carriers.ses import sns
from peelian.delivery.carriers.ses.tests.fake import TOPIC, URL
from peelian.delivery.carriers.tests import faking
from peelian.delivery.carriers.tests.hooks import Posted, fresh_door  # noqa: F401
from peelian.delivery.models import Channel, Reason, State
from peelian.delivery.receipts import BadSignature

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_door")]
KEY = rsa.generate_private_key(65537, 2048)
SIGNED = ("Message", "MessageId", "SubscribeURL", "Subject", "Timestamp", "Token", "TopicArn", "Type")


def certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(KEY, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM)


PEM = certificate()


@pytest.fixture
def amazon():
    def answer(asked):
        found = {"/cert.pem": PEM, "/broken.pem": b"no certificate", "/confirm?Token=t": b"<Confirmed/>"}
        got.append(asked.path)
        return faking.Reply(200, found[asked.path]) if asked.path in found else faking.Reply(404)

    got: list[str] = []
    sns._key.cache_clear()
    with faking.served(answer) as one:
        one.got = got
        yield one


@pytest.fixture
def posted(settings, amazon):
    one = Posted(settings, URL + amazon.api, Channel.EMAIL, "resident@home.example")
    one.amazon = amazon
    return one


def tell(posted, told, *, version: str = "2", key=KEY, **instead) -> int:
    message = {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Message": json.dumps(told),
        "Timestamp": "2026-11-20T10:00:01.000Z",
        "SignatureVersion": version,
        "SigningCertURL": f"{posted.amazon.api}/cert.pem",
        **instead,
    }
    fields = "".join(f"{name}\n{message[name]}\n" for name in SIGNED if name in message)
    algorithm = hashes.SHA1() if version == "1" else hashes.SHA256()
    message["Signature"] = base64.b64encode(key.sign(fields.encode(), padding.PKCS1v15(), algorithm)).decode()
    headers = {"X-Amz-Sns-Message-Type": message["Type"], "X-Amz-Sns-Message-Id": message["MessageId"]}
    return posted.post(message, **headers)


def mail(reference: str, *, by: str = "tags") -> dict:
    found = {
        "timestamp": "2026-11-20T10:00:00.000Z",
        "messageId": "010b0190-1111",
        "source": "alerts@now.peelian.example",
        "destination": ["resident@home.example"],
    }
    if by == "tags":
        return found | {"tags": {"ses:configuration-set": ["peelian"], "delivery": [reference]}}
    headers = [{"name": "X-Metadata", "value": json.dumps({"delivery": reference})}]
    return found | {"headersTruncated": False, "headers": headers}


def bounce(reference: str, kind: str, subkind: str, status: str = "", words: str = "") -> dict:
    recipient = {"emailAddress": "resident@home.example", "action": "failed", "status": status, "diagnosticCode": words}
    told = {"bounceType": kind, "bounceSubType": subkind, "bouncedRecipients": [recipient], "feedbackId": "f"}
    return {"eventType": "Bounce", "bounce": told, "mail": mail(reference)}


def delivery(reference: str) -> dict:
    told = {"timestamp": "2026-11-20T10:00:01.000Z", "recipients": ["resident@home.example"], "smtpResponse": "250 ok"}
    return {"eventType": "Delivery", "delivery": told, "mail": mail(reference)}


@pytest.mark.parametrize("version", ["1", "2"])
def test_delivered_once_however_often_it_is_told(posted, version):
    for _ in range(2):
        assert tell(posted, delivery(posted.reference), version=version) == 200
    assert posted.state == (State.DELIVERED, "")
    assert posted.amazon.got == ["/cert.pem"]


def test_a_notification_knows_us_by_the_header_field(posted):
    told = delivery(posted.reference) | {"mail": mail(posted.reference, by="header")}
    told["notificationType"] = told.pop("eventType")
    assert tell(posted, told) == 200
    assert posted.state == (State.DELIVERED, "")


@pytest.mark.parametrize(
    ("kind", "subkind", "status", "words", "reason", "suppressed"),
    [
        ("Permanent", "General", "5.1.1", "smtp; 550 5.1.1 user unknown", Reason.BOUNCED, "bounced"),
        ("Permanent", "General", "5.7.1", "smtp; 550 5.7.1 policy", Reason.BLOCKED, ""),
        ("Permanent", "General", "", "", Reason.BOUNCED, "bounced"),
        ("Permanent", "OnAccountSuppressionList", "", "", Reason.BOUNCED, "bounced"),
        ("Transient", "MailboxFull", "", "", Reason.FULL, ""),
        ("Transient", "ContentRejected", "", "", Reason.BLOCKED, ""),
        ("Transient", "SomethingNew", "", "", Reason.FULL, ""),
        ("Undetermined", "Undetermined", "", "", Reason.REFUSED, ""),
    ],
)
def test_bounces(posted, kind, subkind, status, words, reason, suppressed):
    assert tell(posted, bounce(posted.reference, kind, subkind, status, words)) == 200
    assert posted.state == (State.FAILED, reason)
    assert posted.suppression == suppressed


def complaint(reference: str, kind: str) -> dict:
    told = {"complainedRecipients": [{"emailAddress": "resident@home.example"}], "complaintFeedbackType": kind}
    return {"eventType": "Complaint", "complaint": told, "mail": mail(reference)}


def test_complaints(posted):
    assert tell(posted, complaint(posted.reference, "not-spam")) == 200
    assert posted.state == (State.HANDED_OVER, "")
    assert tell(posted, complaint(posted.reference, "abuse")) == 200
    assert posted.state == (State.FAILED, Reason.COMPLAINED)


def test_what_is_no_outcome_changes_nothing(posted):
    delayed = {"eventType": "DeliveryDelay", "deliveryDelay": {"delayType": "MailboxFull"}, "mail": mail("x")}
    assert tell(posted, delayed) == 200
    assert tell(posted, delivery("somebody-elses")) == 200
    assert tell(posted, None, Message="Successfully validated SNS topic for Amazon SES event publishing.") == 200
    assert posted.state == (State.HANDED_OVER, "")


def test_our_topic_is_confirmed_by_itself(posted):
    confirm = {"Token": "t", "SubscribeURL": f"{posted.amazon.api}/confirm?Token=t", "Message": "You have chosen …"}
    assert tell(posted, None, Type="SubscriptionConfirmation", **confirm) == 200
    assert "/confirm?Token=t" in posted.amazon.got


def test_what_is_not_signed_for_us_is_not_heard(posted):
    told = delivery(posted.reference)
    assert tell(posted, told, key=rsa.generate_private_key(65537, 2048)) == 403
    assert tell(posted, told, TopicArn=f"{TOPIC}-of-others") == 403
    assert tell(posted, told, SignatureVersion="3") == 403
    assert tell(posted, told, SigningCertURL=f"{posted.amazon.api}/broken.pem") == 403
    assert tell(posted, told, SigningCertURL=f"{posted.amazon.api}/gone.pem") == 403
    assert tell(posted, told, Type="Something") == 400
    assert posted.post("{") == 400
    assert posted.state == (State.HANDED_OVER, "")


@pytest.mark.parametrize(
    "address",
    [
        "http://sns.eu-west-2.amazonaws.com/cert.pem",
        "https://sns.eu-west-2.amazonaws.com.evil.example/cert.pem",
        "https://evil.example/sns.eu-west-2.amazonaws.com/cert.pem",
        "https://bucket.s3.amazonaws.com/cert.pem",
        "https://me@sns.eu-west-2.amazonaws.com/cert.pem",
        "https://sns.eu-west-2.amazonaws.com:8443/cert.pem",
        "http://127.0.0.1:8001/cert.pem",
        "",
    ],
)
def test_certificates_come_from_amazon_alone(address):
    url = carrier_urls.read(f"ses://a:b@eu-west-2?topic={TOPIC}")
    with pytest.raises(BadSignature):
        sns._allowed(address, url)
    good = "https://sns.eu-west-2.amazonaws.com/SimpleNotificationService-0.pem"
    assert sns._allowed(good, url) == good
