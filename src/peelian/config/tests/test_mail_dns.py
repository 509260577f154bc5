"""SPF, DKIM and DMARC, asked of a real name server on loopback that knows a few names."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from peelian.config import doctor, mail_dns

GOOD = {
    ("now.heartshire.test", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 include:relay.test -all"', '"unrelated"'],
    ("now.heartshire.test", "MX"): ["10 mx.heartshire.test."],
    ("_dmarc.heartshire.test", "TXT"): ['"v=DMARC1; p=quarantine; rua=mailto:dmarc@heartshire.test"'],
    ("s1._domainkey.now.heartshire.test", "TXT"): ['"v=DKIM1; k=rsa; " "p=MIGfMA0" "GCSq"'],
}
DOMAIN = ("now.heartshire.test", "TXT")
DMARC = ("_dmarc.heartshire.test", "TXT")
KEY = ("s1._domainkey.now.heartshire.test", "TXT")


class NameServer:
    """Answers from `zone`, NXDOMAIN for what is not in it; says nothing while `silent`."""

    def __init__(self) -> None:
        self.zone = dict(GOOD)
        self.silent = False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            asked, where = self.socket.recvfrom(4096)
            if asked == b"end":
                return
            if not self.silent:
                self.socket.sendto(self._answer(dns.message.from_wire(asked)).to_wire(), where)

    def _answer(self, asked: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(asked)
        answer.flags |= dns.flags.RA
        question = asked.question[0]
        name = question.name.to_text().rstrip(".").lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        if values := self.zone.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *values))
        elif not any(known == name for known, _ in self.zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"end", self.socket.getsockname())
        self.thread.join(5)
        self.socket.close()


@pytest.fixture
def names(settings) -> Iterator[NameServer]:
    server = NameServer()
    settings.PEELIAN_DNS = server.address
    settings.PEELIAN_MAIL_DOMAIN = "now.heartshire.test"
    settings.PEELIAN_MAIL_FROM = "alerts@now.heartshire.test"
    settings.PEELIAN_DKIM_SELECTOR = "s1"
    settings.PEELIAN_DEMO = False
    yield server
    server.stop()


def test_a_domain_as_it_should_be(names):
    assert mail_dns.problems() == []
    assert doctor.sender() == []


CASES = [
    (DOMAIN, None, "now.heartshire.test has no SPF record"),
    (DOMAIN, ['"v=spf1 -all"', '"v=spf1 mx -all"'], "has 2 SPF records"),
    (DOMAIN, ['"v=spf1 mx +all"'], "lets everybody send"),
    (DOMAIN, ['"v=spf1 mx"'], "does not say what of other servers"),
    (DOMAIN, ['"v=spf1 ' + " ".join(f"include:i{n}.test" for n in range(11)) + ' ~all"'], "more than 10 look-ups"),
    (DMARC, None, "has no DMARC record"),
    (DMARC, ['"v=DMARC1; p=none"'], "says p=none"),
    (DMARC, ['"v=DMARC1; rua=mailto:x@y.test"'], "has no policy"),
    (DMARC, ['"v=DMARC1; p=reject"', '"v=DMARC1; p=none"'], "has 2 DMARC records"),
    (KEY, None, "There is no DKIM key at s1._domainkey.now.heartshire.test"),
    (KEY, ['"v=DKIM1; p="'], "has been withdrawn"),
    (KEY, ['"v=DKIM1; t=y:s; p=MIGf"'], "marked as a test"),
    (("now.heartshire.test", "MX"), None, "has no MX record"),
]


@pytest.mark.parametrize(("what", "values", "said"), CASES)
def test_what_is_wrong_is_said_once(names, what, values, said):
    del names.zone[what]
    if values:
        names.zone[what] = values

    (sentence,) = mail_dns.problems()

    assert said in sentence


def test_without_a_selector_no_key_is_looked_for(names, settings):
    settings.PEELIAN_DKIM_SELECTOR = ""
    del names.zone[KEY]

    assert mail_dns.problems() == []


def test_a_sender_elsewhere_is_said(names, settings):
    settings.PEELIAN_MAIL_FROM = "alerts@other.test"
    names.zone["_dmarc.other.test", "TXT"] = names.zone[DMARC]
    settings.PEELIAN_DKIM_SELECTOR = ""

    (sentence,) = mail_dns.problems()

    assert "SPF does not count for DMARC" in sentence


def test_no_answer_is_no_verdict(names, monkeypatch):
    monkeypatch.setattr(mail_dns, "PATIENCE", 0.3)
    names.silent = True

    (sentence,) = mail_dns.problems()

    assert "did not answer" in sentence


def test_a_domain_that_is_not_set_yet_is_not_asked_for(settings):
    settings.PEELIAN_MAIL_DOMAIN = "now.peelian.example"

    assert doctor.sender() == []
