"""Carriers in the environment: read, or refused by name when the settings are loaded."""

import pytest

from peelian.config.tests.test_settings import loaded, settings_of

NOTIFY = "notify://peelian-hush?template=f33517ff-2a88-4f6e-b855-c550268ce08a&callback=token"
TWILIO = "twilio://AC123:hush@/?from=+441632960000"


def test_a_file_can_hold_them(tmp_path):
    (tmp_path / "carriers").write_text(f"{NOTIFY}\n{TWILIO}\n")
    found = settings_of(tmp_path, PEELIAN_TEXT_CARRIERS_FILE=str(tmp_path / "carriers"), PEELIAN_VOICE_CARRIERS=TWILIO)
    assert found["PEELIAN_TEXT_CARRIERS"] == f"{NOTIFY}\n{TWILIO}"
    assert found["PEELIAN_VOICE_CARRIERS"] == TWILIO
    assert found["PEELIAN_EMAIL_CARRIERS"] == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PEELIAN_EMAIL_CARRIERS", "postmark://hush?api=http://mail.example.org"),
        ("PEELIAN_EMAIL_CARRIERS", "ses://AKIA:hush/hush@eu-west-2"),
        ("PEELIAN_TEXT_CARRIERS", "postmark://hush"),
        ("PEELIAN_VOICE_CARRIERS", f"{TWILIO}&share=60"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(tmp_path, name, value):
    ran = loaded(tmp_path, **{name: value})
    last = ran.stderr.strip().splitlines()[-1]
    assert ran.returncode
    assert last.startswith(f"peelian.config.env.ConfigurationError: {name}: "), last
    assert "hush" not in ran.stderr


def test_the_mail_server_is_the_first_and_takes_part_in_the_shares(tmp_path):
    smtp = "smtp://127.0.0.1:2525?tls=none"
    settings_of(tmp_path, PEELIAN_SMTP_URL=smtp, PEELIAN_EMAIL_CARRIERS="postmark://hush?share=40")
    ran = loaded(tmp_path, PEELIAN_SMTP_URL=smtp, PEELIAN_EMAIL_CARRIERS="postmark://hush?share=100")
    assert "PEELIAN_EMAIL_CARRIERS: the shares in it should come to 100." in ran.stderr
