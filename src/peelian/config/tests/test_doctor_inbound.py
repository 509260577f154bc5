"""`peelian doctor` on what takes in answers, and on the scanner of what comes with them."""

from __future__ import annotations

import pytest

from peelian.config import doctor
from peelian.core.tests import scanner

WAY_IN = "answers and returned mail cannot come in"


def said(settings, **given: str) -> bool:
    for name, value in {
        "PEELIAN_LMTP_LISTEN": "",
        "PEELIAN_MAILDIR": "",
        "PEELIAN_EMAIL_CARRIERS": "",
        **given,
    }.items():
        setattr(settings, name, value)
    return any(WAY_IN in problem for problem in doctor.addresses())


@pytest.mark.django_db
def test_mail_needs_a_way_in(settings):
    settings.PEELIAN_DEMO = False
    relay = "smtp://127.0.0.1:2525?tls=none"
    assert said(settings, PEELIAN_EMAIL_CARRIERS=relay)
    assert not said(settings, PEELIAN_EMAIL_CARRIERS=relay, PEELIAN_LMTP_LISTEN="127.0.0.1:2424")
    assert not said(settings, PEELIAN_EMAIL_CARRIERS=relay, PEELIAN_MAILDIR="/var/mail/peelian")
    assert not said(settings, PEELIAN_EMAIL_CARRIERS="postmark://token?webhook=secret")


def test_the_scanner_is_looked_at_where_there_is_one(settings, tmp_path):
    assert doctor.scanner() == []
    settings.PEELIAN_CLAMD = f"unix:{tmp_path}/nobody"
    assert doctor.scanner() == [
        "The virus scanner cannot be reached: files from residents and with alerts wait and are not shown."
    ]
    with scanner.running(str(tmp_path / "clamd")) as daemon:
        settings.PEELIAN_CLAMD = daemon.where
        assert doctor.scanner() == []
