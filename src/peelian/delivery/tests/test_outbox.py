"""The local outbox: staff see it in demo mode, and nobody else ever does."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMessage

from peelian.accounts.models import Staff
from peelian.delivery.backend import EmailBackend
from peelian.delivery.models import Outgoing

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client, settings):
    settings.PEELIAN_DEMO = True
    staff = Staff.objects.create(email="pcso@heartshire.example", role="officer", is_demo=True)
    client.force_login(staff)
    return client


@pytest.fixture
def kept(db):
    EmailBackend().send_messages([EmailMessage("Your code is 1", "Hello <b>you</b>", "a@x.example", ["b@y.example"])])
    return Outgoing.objects.get()


def test_messages_are_listed_and_opened(officer, kept):
    assert officer.page("/outbox/").texts(".p-list__title") == ["Your code is 1"]
    page = officer.page(f"/outbox/{kept.pk}/")
    assert "Hello <b>you</b>" in page.text()


def test_the_html_part_has_a_policy_of_its_own(officer, kept):
    content = b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p style='color:red'>Hi</p>"
    Outgoing.objects.filter(pk=kept.pk).update(content=content)
    answer = officer.get(f"/outbox/{kept.pk}/html/")
    assert b"color:red" in answer.content
    assert "script-src" not in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "sandbox" in answer["Content-Security-Policy"]


def test_nobody_sees_it_outside_demo_mode_or_without_signing_in(officer, kept, client, settings):
    settings.PEELIAN_DEMO = False
    assert officer.get(f"/outbox/{kept.pk}/").status_code in (302, 404)
    client.logout()
    settings.PEELIAN_DEMO = True
    assert client.get("/outbox/").status_code == 302


def test_an_empty_outbox_says_so(officer):
    assert "Nothing has been sent yet" in officer.page("/outbox/").text()


def test_one_finds_the_message_to_an_address_among_hundreds(officer, kept):
    Outgoing.objects.bulk_create(
        Outgoing(recipient=f"n{n}@z.example", subject="An alert", content=b"x") for n in range(30)
    )
    assert "Your code is 1" not in officer.page("/outbox/").texts(".p-list__title")
    assert officer.page("/outbox/?to=B@y").texts(".p-list__title") == ["Your code is 1"]
    page = officer.page("/outbox/?to=z.example")
    assert any("to=z.example" in link for link in page.links())
    assert "Nothing to that address" in officer.page("/outbox/?to=nobody").text()


def test_pictures_of_our_own_stand_in_the_email(officer, kept):
    assert "img-src 'self'" in officer.get(f"/outbox/{kept.pk}/html/")["Content-Security-Policy"]
