"""Webhooks at the wire: a real https server, which fails as servers do; signed as Standard Webhooks say."""

import base64
import hmac
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core import mail

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_area, make_staff, make_team, sign_in
from peelian.alerts.tests.factories import hand_over, jobs_named, make_force, make_frozen
from peelian.api import actions, errors
from peelian.api.models import Happened, Telling, Webhook
from peelian.api.v1.interface import TOLD
from peelian.api.webhooks import happening, reach, sending, signing
from peelian.audit.actions import SYSTEM
from peelian.contacts.models import Address
from peelian.conversations import actions as conversations
from peelian.conversations.models import Message
from peelian.core import clock
from peelian.priorities.tests.factories import make_promise, publish

ALL = Webhook.Kind.values


# The other side --------------------------------------------------------------------------------------------------


class Listener(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, dict(self.headers.items()), body))
        status, headers = self.server.answers.pop(0) if self.server.answers else (204, {})
        if status == 0:
            self.connection.close()  # in the middle of everything
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """For hooks.example, signed by itself."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "both.pem"
    private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*private) + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def listening(certificate):
    server = HTTPServer(("127.0.0.1", 0), Listener)
    server.heard, server.answers = [], []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def other(certificate, monkeypatch):
    """hooks.example, on this machine, as if that were the open Internet."""
    with listening(certificate) as server:
        monkeypatch.setattr(reach, "TRUSTED", str(certificate))
        monkeypatch.setattr(reach, "resolve", lambda host, port: ["127.0.0.1"] if host == "hooks.example" else [])
        monkeypatch.setattr(reach, "is_public", lambda text: text == "127.0.0.1")
        server.url = f"https://hooks.example:{server.server_port}/told?from=us"
        yield server


@pytest.fixture
def told(db, other):
    """A webhook to the other side, its secret, and one thing to tell."""
    webhook, secret = actions.make_webhook(name="Board", url=other.url, kinds=ALL, by=make_staff(Role.ADMINISTRATOR))
    happening.note("test", "1", {"webhook": webhook.pk}, at=clock.now(), team_id=None, among=[webhook])
    return webhook, secret, Telling.objects.get()


def tell(telling):
    telling.refresh_from_db()
    sending.tell(telling_id=telling.pk, round=telling.round)
    telling.refresh_from_db()
    return telling


def verified(secret, headers, body):
    """As a receiver does it, from the words of the standard."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.split("_", 1)[1])
    expected = base64.b64encode(hmac.new(key, signed, "sha256").digest()).decode()
    return f"v1,{expected}" in headers["webhook-signature"].split(" ")


# Signing ---------------------------------------------------------------------------------------------------------


def test_the_example_of_standard_webhooks():
    """The values in the documentation of the standard's own libraries."""
    secret, uid, at = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
    made = signing.signature(secret, uid, at, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_is_kept_so_that_a_copy_of_the_database_does_not_sign(told):
    webhook, secret, _ = told
    assert secret not in webhook.secret
    assert signing.opened(webhook.secret) == secret


# Telling ---------------------------------------------------------------------------------------------------------


def test_it_is_told_once_signed_and_at_its_own_name(told, other):
    _webhook, secret, telling = told
    assert tell(telling).state == "taken"
    ((path, headers, body),) = other.heard
    assert path == "/told?from=us"
    assert headers["Host"] == f"hooks.example:{other.server_port}"
    assert verified(secret, headers, body)
    assert not verified(secret, headers, body + b" ")
    tell(telling)
    assert len(other.heard) == 1


@pytest.mark.parametrize("fault", [500, 302, 404, 429, 0])
def test_what_is_not_taken_is_told_again_under_the_same_id(told, other, fault, monkeypatch):
    _, _secret, telling = told
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    other.answers = [(fault, {"Location": "https://hooks.example/elsewhere"})]
    failed = tell(telling)
    assert (failed.state, failed.tries, failed.status) == ("waiting", 1, fault or None)
    assert failed.why.endswith(".")
    (_, at) = jobs_named("api.tell")[-1]
    assert timedelta(seconds=0) < at - now <= timedelta(seconds=5)
    assert tell(telling).state == "taken"
    first, second = other.heard
    assert first[1]["webhook-id"] == second[1]["webhook-id"]
    assert first[2] == second[2]
    assert [one[0] for one in other.heard] == ["/told?from=us"] * 2  # no redirect was followed


def test_who_asks_us_to_wait_is_waited_for(told, other):
    other.answers = [(503, {"Retry-After": "900"})]
    assert tell(told[2]).next_at - clock.now() > timedelta(minutes=14)


def test_after_eight_tries_it_is_given_up_and_can_be_told_again_by_hand(told, other):
    _, _, telling = told
    other.answers = [(500, {})] * 8
    for _ in range(8):
        tell(telling)
    assert (telling.state, telling.tries) == ("given-up", 8)
    sending.again(telling=telling, by=SYSTEM)
    assert tell(telling).state == "taken"
    assert len({headers["webhook-id"] for _, headers, _ in other.heard}) == 1


def test_an_old_job_does_not_tell_what_was_begun_anew(told, other):
    _, _, telling = told
    sending.again(telling=telling, by=SYSTEM)
    sending.tell(telling_id=telling.pk, round=1)
    assert other.heard == []


def test_an_address_that_takes_nothing_for_days_is_ended_and_somebody_hears_of_it(told, other):
    webhook, _, telling = told
    other.answers = [(500, {})]
    Webhook.objects.update(failing_since=clock.now() - sending.PATIENCE)
    tell(telling)
    webhook.refresh_from_db()
    assert webhook.ended_at
    assert "3 days" in webhook.ended_why
    happening.note("test", "2", {}, at=clock.now(), team_id=None, among=[webhook])
    assert tell(Telling.objects.latest("pk")).why == "The address was ended."
    assert jobs_named("delivery.transactional") or mail.outbox


def test_one_success_forgets_the_failures(told, other):
    Webhook.objects.update(failing_since=clock.now() - timedelta(days=2))
    tell(told[2])
    assert Webhook.objects.get().failing_since is None


def test_an_address_that_is_gone_is_ended_at_once(told, other):
    other.answers = [(410, {})]
    assert tell(told[2]).state == "given-up"
    assert Webhook.objects.get().ended_at


def test_a_certificate_of_somebody_else_is_not_trusted(told, other, monkeypatch):
    monkeypatch.setattr(reach, "TRUSTED", reach.certifi.where())
    assert tell(told[2]).why == "Its certificate is not one we can trust."
    assert other.heard == []


def test_a_certificate_of_another_name_is_not_trusted(told, other, monkeypatch):
    monkeypatch.setattr(reach, "resolve", lambda host, port: ["127.0.0.1"])
    Webhook.objects.update(url=other.url.replace("hooks.example", "other.example"))
    assert tell(told[2]).why == "Its certificate is not one we can trust."
    assert other.heard == []


# Only the open Internet -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001::1",
        "ff02::1",
        "255.255.255.255",
        "240.0.0.1",
        "",
        "x",
    ],
)
def test_no_address_of_a_private_network_is_public(address):
    assert not reach.is_public(address)


def test_addresses_of_the_open_internet_are():
    assert reach.is_public("81.2.69.160")
    assert reach.is_public("2a00:1450:4009::1")


def test_a_name_with_one_private_address_is_told_nothing(monkeypatch):
    monkeypatch.setattr(reach, "resolve", lambda host, port: ["81.2.69.160", "10.0.0.1"])
    with pytest.raises(reach.Unreachable, match="private network"):
        reach.public_address("hooks.example", 443)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "https://",
        "ftp://hooks.example",
        "https://me:pw@hooks.example/",
        "https://a b/",
        "x",
        "https://hooks.example:99999/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://localhost/",
        "https://h/#x",
        "https://2130706433/",
        "https://hooks.example/\r\nX: y",
        "https://höoks.example/",
        "https://h/" + "x" * 500,
    ],
)
def test_an_address_that_cannot_be_is_refused_in_words(db, url):
    with pytest.raises(errors.BadWebhookAddress, match=r"[.a-z/]$"):
        actions.make_webhook(name="x", url=url, kinds=ALL, by=make_staff(Role.ADMINISTRATOR))


# What happens ----------------------------------------------------------------------------------------------------


def hears(by, *kinds):
    return actions.make_webhook(name="x", url="https://hooks.example/", kinds=kinds or ALL, by=by)[0]


def test_an_alert_that_was_sent_is_told_without_words(db):
    force = make_force()
    hears(make_staff(Role.ADMINISTRATOR))
    hears(make_staff(Role.ADMINISTRATOR), "reply.received")
    hears(make_staff(Role.ADMINISTRATOR, force.areas["P2"]))  # does not see the team
    alert = make_frozen(force)
    assert not Happened.objects.exists()
    hand_over(alert)
    (happened,) = Happened.objects.all()
    assert happened.payload["type"] == "alert.sent"
    said = {"alert": alert.ref, "team": "elm-bridge-team", "priority": "routine", "public": True}
    assert happened.payload["data"] == said
    assert list(said) == TOLD["alert.sent"]
    assert Telling.objects.count() == len(jobs_named("api.tell")) == 1


def test_a_reply_is_told_once_without_words_or_people(db):
    team = make_team("Elm Bridge team", make_area("W01"))
    hears(make_staff(Role.ADMINISTRATOR))
    assert happening.look() == 0  # from the first look on
    address = Address.objects.create(kind=1, value="ruth@home.example")
    words = {"subject": "Bob next door", "text": "He shouts.", "how": Message.How.LINK, "by": SYSTEM}
    thread = conversations.open_or_continue(
        team=team, address_id=address.pk, member_id=None, about="alert:abc", **words
    )
    assert happening.look() == 1
    assert happening.look() == 0
    (happened,) = Happened.objects.all()
    message = thread.messages.exclude(how__in=Message.OURS).get()
    said = {"thread": thread.pk, "message": message.pk, "team": team.slug, "alert": "abc"}
    assert happened.payload["data"] == said
    assert list(said) == TOLD["reply.received"]


def test_a_word_about_a_promise_is_told_once(db):
    area = make_area("W01")
    team = make_team("Elm Bridge team", area)
    officer, supervisor = (make_staff(role, area, teams=[team]) for role in (Role.OFFICER, Role.SUPERVISOR))
    hears(make_staff(Role.ADMINISTRATOR))
    happening.look()
    promise = make_promise(area, officer)
    assert happening.look() == 0  # nobody has published it
    change = publish(promise, supervisor)
    assert happening.look() == 1
    assert happening.look() == 0
    (happened,) = Happened.objects.all()
    said = {"promise": promise.ref, "change": change.pk, "what": "promised", "state": "open", "team": team.slug}
    assert happened.payload["data"] == said | {"area": "W01"}
    assert [*said, "area"] == TOLD["promise.changed"]


def test_what_was_told_is_forgotten_after_a_month(told):
    assert happening.forget(clock.now() - timedelta(days=30)) == 0
    assert happening.forget(clock.now() + timedelta(minutes=1)) == 1
    assert not Telling.objects.exists()


# Pages -----------------------------------------------------------------------------------------------------------


def test_an_administrator_adds_tests_and_ends_a_webhook(client, db):
    sign_in(client, make_staff(Role.ADMINISTRATOR))
    given = {"name": "Duty board", "url": "https://hooks.example/told", "kinds": ["alert.sent"]}
    page = client.post("/staff/api/webhooks/new/", given).content.decode()
    webhook = Webhook.objects.get()
    assert signing.opened(webhook.secret) in page
    address = f"/staff/api/webhooks/{webhook.pk}/"
    client.post(f"{address}test/")
    shown = client.get(address).content.decode()
    assert signing.opened(webhook.secret) not in shown
    assert "Waiting" in shown
    Telling.objects.update(state="given-up", status=500)
    assert "Tell it again" in client.get(address).content.decode()
    client.post(f"{address}again/{Telling.objects.get().pk}/")
    assert Telling.objects.get().round == 2
    client.post(f"{address}end/")
    assert "told nothing now" in client.get(address).content.decode()
    client.post(f"{address}begin/")
    assert Webhook.objects.get().ended_at is None
    assert "Duty board" in client.get("/staff/api/webhooks/").content.decode()


def test_a_private_address_is_refused_beside_its_field(client, db):
    sign_in(client, make_staff(Role.ADMINISTRATOR))
    given = {"name": "x", "url": "https://10.0.0.1/", "kinds": ["alert.sent"]}
    assert "private network" in client.post("/staff/api/webhooks/new/", given).content.decode()
    assert not Webhook.objects.exists()
