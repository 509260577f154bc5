"""Setting limits: who may, what is refused and how, what the trail keeps."""

from __future__ import annotations

from datetime import date

import pytest

from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_area, make_staff, sign_in
from peelian.audit.models import Event
from peelian.core.testing.html import PageClient
from peelian.delivery.carriers import registry
from peelian.delivery.models import Carrier, Limit

pytestmark = pytest.mark.django_db
HERE = "/staff/delivery/limits/"


@pytest.fixture
def administrator(client: PageClient) -> Staff:
    registry.row_ids()
    return sign_in(client, make_staff(Role.ADMINISTRATOR))


def outbox() -> Carrier:
    return Carrier.objects.get(name="outbox")


def test_a_carrier_is_limited(client: PageClient, administrator: Staff) -> None:
    assert client.page(f"{HERE}add/").texts(".govuk-radios__label") == [
        "outbox (email)",
        "simulator (text)",
        "simulator (voice)",
        "Addresses of a mail domain",
    ]
    given = {"subject": str(outbox().pk), "per_second": "50", "per_day": "100000", "mail_domain": "ignored.example"}
    page = client.page(f"{HERE}add/", given, post=True)
    assert "outbox (email) is limited from now on." in page.text()
    limit = Limit.objects.get()
    assert (limit.carrier_id, limit.mail_domain, limit.per_second, limit.per_minute, limit.per_day) == (
        outbox().pk,
        "",
        50,
        None,
        100_000,
    )
    event = Event.objects.get(verb="limit.added")
    assert (event.actor_id, event.data["after"]) == (administrator.pk, {"per_second": "50", "per_day": "100000"})
    assert "outbox (email)" not in client.page(f"{HERE}add/").texts(".govuk-radios__label")


def test_a_mail_domain_starts_slowly(client: PageClient, administrator: Staff) -> None:
    given = {"subject": "domain", "mail_domain": " @Gmail.Example ", "ramp_first": "500", "ramp_from": "2026-12-01"}
    client.page(f"{HERE}add/", given, post=True)
    limit = Limit.objects.get()
    assert (limit.mail_domain, limit.ramp_first, limit.ramp_from) == ("gmail.example", 500, date(2026, 12, 1))
    assert "That has a limit already. Change that one." in client.page(f"{HERE}add/", given, post=True).text()
    assert Limit.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Choose a carrier or a mail domain"),
        ({"subject": "999", "per_day": "5"}, "Choose a carrier"),
        ({"subject": "domain", "per_day": "5"}, "Give a mail domain, like example.org"),
        ({"subject": "domain", "mail_domain": "sam@home.example", "per_day": "5"}, "Give a mail domain"),
        ({"subject": "domain", "mail_domain": "localhost", "per_day": "5"}, "Give a mail domain"),
        ({"subject": "domain", "mail_domain": "a.example"}, "Give at least one number"),
        ({"subject": "domain", "mail_domain": "a.example", "ramp_first": "5"}, "A slow start needs both"),
        ({"subject": "domain", "mail_domain": "a.example", "ramp_from": "2026-12-01"}, "A slow start needs both"),
        ({"subject": "domain", "mail_domain": "a.example", "per_day": "0"}, "of 1 or more"),
        ({"subject": "domain", "mail_domain": "a.example", "per_day": "many"}, "Give a whole number"),
    ],
)
def test_what_cannot_be_meant_is_said_in_a_sentence(client: PageClient, administrator, given, said) -> None:
    page = client.page(f"{HERE}add/", given, post=True)
    summary = " ".join(page.texts(".govuk-error-summary__list li"))
    assert said in summary
    assert "valid" not in summary.lower()
    assert not Limit.objects.exists()


def test_a_limit_is_changed_and_the_trail_keeps_both(client: PageClient, administrator: Staff) -> None:
    limit = Limit.objects.create(mail_domain="a.example", per_day=5)
    page = client.page(f"{HERE}{limit.pk}/")
    assert page.texts("h1") == ["Limit of a.example"]
    assert page.document.get_element_by_id("id_per_day").get("value") == "5"
    client.page(f"{HERE}{limit.pk}/", {"per_minute": "7"}, post=True)
    limit.refresh_from_db()
    assert (limit.per_minute, limit.per_day) == (7, None)
    data = Event.objects.get(verb="limit.changed").data
    assert (data["before"], data["after"]) == ({"per_day": "5"}, {"per_minute": "7"})
    assert "Give at least one number" in client.page(f"{HERE}{limit.pk}/", {}, post=True).text()


def test_removing_asks_first(client: PageClient, administrator: Staff) -> None:
    limit = Limit.objects.create(carrier=outbox(), per_second=8)
    page = client.page(f"{HERE}{limit.pk}/remove/")
    assert page.texts("h1") == ["Remove the limit of outbox (email)?"]
    assert "It is limited to 8 a second." in page.text()
    assert Limit.objects.exists()
    assert "has no limit any more" in client.page(f"{HERE}{limit.pk}/remove/", {}, post=True).text()
    assert not Limit.objects.exists()
    assert Event.objects.get(verb="limit.removed").data["before"] == {"per_second": "8"}
    client.page(f"{HERE}{limit.pk}/remove/", {}, post=True, expect=404)


@pytest.mark.parametrize("role", [Role.COMMUNICATIONS, Role.ANALYST, Role.SUPERVISOR])
def test_only_administrators_set_limits(client: PageClient, role) -> None:
    limit = Limit.objects.create(mail_domain="a.example", per_day=5)
    sign_in(client, make_staff(role))
    for path in ("add/", f"{limit.pk}/", f"{limit.pk}/remove/"):
        assert client.get(HERE + path).status_code == 404
        assert client.post(HERE + path, {"per_day": "9"}).status_code == 404
    assert Limit.objects.get().per_day == 5


def test_an_administrator_of_an_area_cannot_limit_the_whole_force(client: PageClient) -> None:
    limit = Limit.objects.create(mail_domain="a.example", per_day=5)
    sign_in(client, make_staff(Role.ADMINISTRATOR, make_area("W01")))
    for path in ("add/", f"{limit.pk}/", f"{limit.pk}/remove/"):
        assert "set for the whole force" in client.page(HERE + path, {}, post=True, expect=409).text()
    assert Limit.objects.get().per_day == 5
