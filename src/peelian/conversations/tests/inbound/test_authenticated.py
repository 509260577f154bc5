"""RFC 8601: what our own mail server found out about who an email is from, and what somebody else wrote there."""

from __future__ import annotations

from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.conversations.inbound.authenticated import results, why_not
from peelian.conversations.models import Inbound
from peelian.conversations.tests.inbound import support
from peelian.conversations.tests.inbound.support import came, kept, mail, said

OURS = "mx.heartshire.example"
FAIL = (
    f"{OURS}; spf=softfail (sender IP is 203.0.113.9; see http://spf.example) smtp.mailfrom=evil.example;\r\n"
    " dkim=none; dmarc=fail (p=NONE sp=NONE; dis=none) header.from=home.example"
)


@pytest.fixture(autouse=True)
def ours(settings):
    settings.PEELIAN_AUTHSERV_ID = OURS


def with_fields(*fields: str) -> Message:
    message = Message()
    for field in fields:
        message["Authentication-Results"] = field
    return message


@pytest.mark.parametrize(
    ("field", "found"),
    [
        # RFC 8601 appendix B.3 to B.6, under our server's name
        (f"{OURS}; spf=pass smtp.mailfrom=example.net", {"spf": {"pass"}}),
        (f"{OURS} 1; none", {}),
        (f"{OURS};\r\n auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n spf=fail smtp.mailfrom=example.net",
         {"spf": {"fail"}}),
        (f'"{OURS.upper()}"; dkim/1=FAIL reason="signature; bad" header.i=@a.example; dmarc = pass (x)',
         {"dkim": {"fail"}, "dmarc": {"pass"}}),
        (FAIL.replace("\r\n", ""), {"spf": {"softfail"}, "dkim": {"none"}, "dmarc": {"fail"}}),
        (f"{OURS} (not dmarc=fail; at all); dmarc=none", {"dmarc": {"none"}}),
        ("mx.evil.example; dmarc=fail", {}),
        (f"{OURS}.evil.example; dmarc=fail", {}),
    ],
)  # fmt: skip
def test_rfc_8601_fields_are_read_as_our_server_meant_them(field, found):
    assert results(with_fields(field)) == found


def test_a_forged_pass_hides_no_fail():
    assert why_not(with_fields(f"{OURS}; dmarc=fail", f"{OURS}; dmarc=pass"))
    assert not why_not(with_fields("mx.evil.example; dmarc=fail", f"{OURS}; dmarc=pass"))


def test_without_the_setting_nothing_is_believed(settings):
    settings.PEELIAN_AUTHSERV_ID = ""
    assert not why_not(with_fields("; dmarc=fail", f"{OURS}; dmarc=fail"))


@given(st.lists(st.text(), max_size=4))
def test_whatever_stands_there_is_read(fields):
    message = Message()
    message._headers = [("Authentication-Results", f"{OURS};{field}") for field in fields]  # type: ignore[attr-defined]
    assert why_not(message) in ("",) or "DMARC" in why_not(message)


@pytest.mark.django_db
def test_an_answer_that_its_domain_disowns_is_kept_aside_with_its_team(ours: None):
    world = support.make_world()
    came(mail(Authentication_Results=FAIL.replace("\r\n", "")), world.reply_to)
    came(mail("I saw it too.", number=2, Authentication_Results=f"{OURS}; dmarc=pass"), world.reply_to)
    reason = "The domain it says to be from disowns it (DMARC fail; SPF softfail, DKIM none)."
    assert sorted(kept()) == [("aside", reason), ("taken", "")]
    assert said() == [("email", "I saw it too.")]
    aside = Inbound.objects.get(state="aside")
    assert (aside.team, aside.text.strip()) == (world.team, "I saw a red van.")
