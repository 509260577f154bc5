"""The trail as an auditor sees it."""

import csv
import io

import pytest

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_area, make_staff, sign_in
from peelian.audit.actions import SYSTEM, record
from peelian.audit.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client):
    return sign_in(client, make_staff(Role.AUDITOR))


def what(page) -> list[str]:
    return page.texts("tbody td:nth-child(3)")


def test_filters_narrow_the_list(client, auditor):
    officer = make_staff(Role.OFFICER)
    record("alert.approved", "alert", "abc", by=officer, people=12)
    record("alert.sent", "alert", "xyz", by=officer)
    record("staff.disabled", "staff", 9, by=SYSTEM)
    assert what(client.page("/staff/audit/")) == ["staff.disabled", "alert.sent", "alert.approved"]
    assert what(client.page("/staff/audit/?verb=alert.")) == ["alert.sent", "alert.approved"]
    assert what(client.page("/staff/audit/?actor_kind=system")) == ["staff.disabled"]
    assert what(client.page(f"/staff/audit/?actor_id={officer.pk}&object_id=abc")) == ["alert.approved"]
    assert what(client.page("/staff/audit/?since=2001-01-01&until=2001-01-02")) == []
    page = client.page("/staff/audit/?object_kind=alert&object_id=abc")
    assert page.texts("tbody td:nth-child(5)") == ["people: 12"]


def test_a_filter_that_cannot_be_read_says_so_and_narrows_nothing(client, auditor):
    record("alert.sent", "alert", "xyz", by=SYSTEM)
    page = client.page("/staff/audit/?since=yesterday&actor_id=me")
    assert "Give “From” as a real date" in page.text()
    assert what(page) == ["alert.sent"]
    page = client.page("/staff/audit/?since=2020-02-02&until=2020-02-01")
    assert "“To” has to be the same day as “From”, or later" in page.text()


def test_pages_keep_the_filter(client, auditor):
    for n in range(30):
        record("alert.sent", "alert", n, by=SYSTEM)
        record("alert.approved", "alert", n, by=SYSTEM)
    page = client.page("/staff/audit/?verb=alert.sent")
    older = next(link for link in page.links() if "page=" in link)
    second = client.page(f"/staff/audit/{older}")
    assert (len(what(page)), what(second)) == (25, ["alert.sent"] * 5)
    newer = next(link for link in second.links() if "page=p" in link)
    assert page.texts("tbody td:nth-child(4)") == client.page(f"/staff/audit/{newer}").texts("tbody td:nth-child(4)")


def test_the_csv_holds_what_was_asked_for_and_is_recorded(client, auditor):
    record("alert.sent", "alert", "=HYPERLINK(1)", by=SYSTEM)
    record("staff.disabled", "staff", 9, by=SYSTEM)
    response = client.get("/staff/audit/trail.csv?verb=alert.")
    assert response.streaming
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert [row["object_id"] for row in rows] == ["'=HYPERLINK(1)"]
    taken = Event.objects.get(verb="audit.exported")
    assert (taken.actor_id, taken.data) == (auditor.pk, {"asked": {"verb": "alert."}})


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.AUDITOR])
def test_nobody_but_auditors_finds_it(client, role):
    sign_in(client, make_staff(role))
    assert client.get("/staff/audit/").status_code == 404
    assert client.get("/staff/audit/trail.csv").status_code == 404


def test_an_auditor_of_some_areas_finds_none_of_it(client, auditor):
    record("alert.sent", "alert", "a", by=SYSTEM)
    assert what(client.page("/staff/audit/")) == ["alert.sent"]
    auditor.scope.add(make_area("W01"))
    assert client.get("/staff/audit/").status_code == 404
    assert client.get("/staff/audit/trail.csv").status_code == 404
    assert not Event.objects.filter(verb="audit.exported").exists()
    assert client.get("/staff/").status_code == 200
    auditor.scope.clear()
    assert client.get("/staff/audit/").status_code == 200


def test_a_key_named_items_is_shown_like_any_other(client, auditor):
    record("alert.sent", "alert", "a", by=SYSTEM, items=3)
    assert client.page("/staff/audit/").texts("tbody td:nth-child(5)") == ["items: 3"]


def test_details_are_words_and_not_python(client, auditor):
    after = {"per_day": "500", "allowed": True, "until": None, "areas": ["W01", "W02"]}
    record("limit.changed", "limit", 1, by=SYSTEM, before={}, after=after)
    details = client.page("/staff/audit/").texts("tbody td:nth-child(5)")[0]
    for words in ("before: none", "per day: 500", "allowed: yes", "until: none", "areas: W01, W02"):
        assert words in details
    assert not set("{}[]'") & set(details)
