"""The short link on a poster, and what the registration remembers of it."""

from datetime import timedelta

import pytest

from peelian.accounts.tests.factories import make_team
from peelian.audit.models import Event
from peelian.core import clock
from peelian.members import actions
from peelian.members.models import Campaign, Member
from peelian.members.models_campaigns import ALPHABET
from peelian.members.tests.factories import make_campaign
from peelian.members.tests.test_joining import join

pytestmark = pytest.mark.django_db


def register(client) -> Member:
    join(client)
    return Member.objects.get()


def test_the_campaign_is_kept_for_whoever_registers(client):
    campaign = make_campaign()
    assert client.get(f"/j/{campaign.code}/").url == "/register/"
    member = register(client)
    assert member.campaign == campaign
    assert member.source == "web"


def test_a_code_typed_in_capitals_is_the_same(client):
    campaign = make_campaign()
    client.get(f"/j/{campaign.code.upper()}/")
    assert register(client).campaign == campaign


def test_an_ended_campaign_works_and_says_nothing(client):
    campaign = make_campaign()
    actions.end_campaign(campaign=campaign, by=campaign.created_by)
    page = client.get(f"/j/{campaign.code}/", follow=True)
    assert page.status_code == 200
    assert b"Library" not in page.content
    assert page.redirect_chain == [("/register/", 302)]
    assert register(client).campaign == campaign


def test_a_code_that_is_nobodys_still_leads_to_joining(client):
    assert client.get("/j/xxxxxx/").url == "/register/"
    assert register(client).campaign is None


def test_a_head_request_leaves_no_session(client):
    campaign = make_campaign()
    assert client.head(f"/j/{campaign.code}/").url == "/register/"
    assert "sessionid" not in client.cookies


def test_the_last_poster_counts(client):
    first, second = make_campaign("First"), make_campaign("Second", team=make_team("Other team"))
    client.get(f"/j/{first.code}/")
    client.get(f"/j/{second.code}/")
    assert register(client).campaign == second


def test_codes_are_unambiguous_and_kept_in_the_trail_by_number():
    campaign = make_campaign()
    assert len(campaign.code) == 6
    assert set(campaign.code) <= set(ALPHABET)
    assert not set(ALPHABET) & set("aeiou01l")
    event = Event.objects.get(verb="campaign.made")
    assert event.object_id == str(campaign.pk)
    assert event.data == {"what": "campaign", "team": campaign.team_id}


def test_ending_twice_is_ending_once():
    campaign = make_campaign()
    assert campaign.state == "Running"
    for _ in range(2):
        actions.end_campaign(campaign=campaign, by=campaign.created_by)
    assert Campaign.objects.get().state == "Ended"
    assert Event.objects.filter(verb="campaign.ended").count() == 1


def test_the_days_of_a_campaign_decide_its_state():
    today = clock.today()
    day = timedelta(days=1)
    assert Campaign(starts=today, ends=today).state == "Running"
    assert Campaign(starts=today - day, ends=today - day).state == "Ended"
    assert Campaign(starts=today + day).state == "To come"
