"""Wards beside each other, and those clearly below the rest."""

from __future__ import annotations

import pytest
from django.urls import reverse

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.insight.reach import wards
from peelian.insight.reach.tests.factories import days_ago, people, refresh
from peelian.insight.reach.tests.test_representation import ground, load  # noqa: F401 (a fixture)
from peelian.members import audience
from peelian.members.models import Member
from peelian.places.models import PopulationTable

pytestmark = pytest.mark.django_db
ETHNIC = "area_code,category,people\n" + "".join(
    f"S{at},asian,{900 if at == 0 else 100}\nS{at},white,{100 if at == 0 else 900}\n" for at in range(6)
)


@pytest.fixture
def city(ground, tmp_path):  # noqa: F811
    """Six wards of 1,000; Ward 00, where most Asian residents live, has few members."""
    load(tmp_path, ETHNIC, "ethnic-group-5", vintage="2031", source="Invented")
    load(tmp_path, ETHNIC.replace("asian", "female").replace("white", "male"), "sex", vintage="2031", source="Invented")
    for code in ("W01", "W10", "W11", "W20", "W21"):
        people(100, ground[code], ethnic_group="white-british", joined_on=days_ago(20))
    people(30, ground["W00"], ethnic_group="asian-indian", joined_on=days_ago(20))
    refresh()
    return ground


def test_the_low_ward_is_named_with_what_it_lacks_and_what_it_is_made_up_of(city):
    shown = wards.wards(city["F"], "registered")
    (low,) = shown.lowest
    assert (low.area, low.rate, low.base, low.short) == (city["W00"], 30.0, 1000, 58)
    assert low.low < 30 < low.high
    ethnic = "in the whole area, where they are 23% (ethnic group, five groups: Asian)."
    assert any(why.startswith("90% of its residents are of groups") and why.endswith(ethnic) for why in low.why)
    assert any("30 joined, 30.0 for every 1,000" in why for why in low.why)
    assert "Ward 00" in shown.chart.finding


def test_wards_that_differ_by_chance_are_not_ranked(city):
    people(68, city["W00"], joined_on=days_ago(20))
    refresh()
    assert wards.wards(city["F"], "registered").lowest == []


def test_a_ward_of_few_members_is_not_told_and_another_with_it(city):
    keep = Member.objects.filter(area=city["W20"]).values_list("pk", flat=True)[:3]
    gone = Member.objects.filter(area=city["W20"]).exclude(pk__in=list(keep))
    ids = list(gone.values_list("pk", flat=True))
    gone.update(area=None)
    audience.refresh(ids)
    refresh()
    shown = wards.wards(city["F"], "registered")
    assert set(shown.untold) == {"Ward 20", "Ward 21"}


def test_what_cannot_be_is_a_sentence(ground):  # noqa: F811
    assert "not been counted" in wards.wards(ground["F"], "registered").refused
    refresh()
    assert "not measured" in wards.wards(ground["F"], "opened").refused
    PopulationTable.objects.all().delete()
    assert "so there are no rates" in wards.wards(ground["F"], "registered").refused


def test_an_area_without_residents_has_no_rate(ground, tmp_path):  # noqa: F811
    load(
        tmp_path,
        "area_code,category,people\nW00,female,0\nW00,male,0\nW01,female,50\nW01,male,50\n",
        "sex",
        vintage="2041",
    )
    people(20, ground["W00"])
    people(20, ground["W01"])
    refresh()
    shown = wards.wards(ground["P0"], "registered")
    assert shown.untold == ("Ward 00",)


def test_the_page_opens_with_its_file_and_keeps_to_the_scope(client, city):
    sign_in(client, make_staff(Role.SUPERVISOR, city["P0"]))
    url = reverse("insight_staff:wards")
    assert "Clearly below the rest" in client.get(url).content.decode()
    assert client.get(f"{url}?area=P0&csv=wards").status_code == 200
    assert client.get(f"{url}?area=F").status_code == 404
