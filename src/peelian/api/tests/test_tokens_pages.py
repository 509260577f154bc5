"""/staff/api/: an administrator makes tokens, sees what they may do, and ends them."""

from datetime import timedelta

import pytest
from django.core import mail

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_area, make_staff, sign_in
from peelian.api import queries
from peelian.api.models import Token
from peelian.core import clock


@pytest.fixture
def officer(db):
    return make_staff(Role.OFFICER, make_area("W01"), name="Ruth Adeyemi")


@pytest.fixture
def administrator(client, officer):
    return sign_in(client, make_staff(Role.ADMINISTRATOR))


def given(officer, **more):
    day = clock.today() + timedelta(days=30)
    return {"name": "Council website", "staff": officer.pk, "scopes": ["alerts:read"], "expires_on": day} | more


def test_a_token_is_shown_once_and_works(client, administrator, officer):
    page = client.post("/staff/api/tokens/new/", given(officer)).content.decode()
    secret = page.split("<code>")[1].split("</code>")[0]
    assert queries.token_of(secret).staff == officer
    listed = client.get("/staff/api/").content.decode()
    assert "Council website" in listed
    assert "Ruth Adeyemi" in listed
    assert secret not in listed


def test_whoever_a_program_acts_for_hears_of_it(client, administrator, officer):
    client.post("/staff/api/tokens/new/", given(officer))
    (sent,) = mail.outbox
    assert sent.to == [officer.email]
    assert "Council website" in sent.body
    assert "Read the alerts of their teams" in sent.body
    assert "peelian_" not in sent.body  # the secret is nobody's but the administrator's


def test_an_ended_token_works_no_more(client, administrator, officer):
    client.post("/staff/api/tokens/new/", given(officer))
    token = Token.objects.get()
    client.post(f"/staff/api/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert not token.works
    assert "End it" not in client.get("/staff/api/").content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"expires_on": "2020-01-01"}, "from today on"),
        ({"expires_on": "2999-01-01"}, "a year from now at most"),
        ({"scopes": []}, "required"),
        ({"scopes": ["everything"]}, "everything"),
        ({"staff": 0}, "choices"),
        ({"name": ""}, "required"),
    ],
)
def test_what_is_not_right_is_said_and_no_token_is_made(client, administrator, officer, change, said):
    page = client.post("/staff/api/tokens/new/", given(officer, **change)).content.decode()
    assert said in page
    assert not Token.objects.exists()


def test_an_administrator_of_some_areas_makes_none_for_others(client, officer):
    sign_in(client, make_staff(Role.ADMINISTRATOR, make_area("W02", at=1)))
    client.post("/staff/api/tokens/new/", given(officer))
    assert not Token.objects.exists()
