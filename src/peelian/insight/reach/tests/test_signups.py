"""Who joins, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.core import clock
from peelian.insight.reach import signups
from peelian.insight.reach.tests.factories import days_ago, people, refresh
from peelian.insight.reach.tests.test_representation import ground, load  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db
ETHNIC = "area_code,category,people\n" + "".join(
    f"S{at},{group},{n}\n" for at in range(6) for group, n in {"asian": 300, "black": 200, "white": 500}.items()
)


@pytest.fixture
def city(ground, tmp_path):  # noqa: F811
    """Since long: 20 Asian, 80 Black and 200 White members of an area that is 30%, 20% and 50%."""
    load(tmp_path, ETHNIC, "ethnic-group-5", vintage="2021")
    for group, number in (("asian-indian", 20), ("black-african", 80), ("white-british", 200)):
        people(number, ground["W00"], ethnic_group=group, joined_on=days_ago(300))
    return ground


def days(shown) -> dict[str, object]:
    return {row[0]: row[-1] for row in shown.calendar.table.rows}


def last_month():
    return signups.frozen_choices()[1]


def test_E18_appendix_A_L375_groups_stay_those_of_the_day_they_were_frozen_on(city):
    """Under-represented as of 1 September: sign-ups since that bring a group up do not take it out of the picture, and
    a group that has fallen behind since does not come in."""
    refresh()
    before = signups.sign_ups(city["W00"], "ethnic-group-5", last_month())
    assert before.groups == ["Asian"]
    people(400, city["W00"], ethnic_group="asian-indian", joined_on=last_month())
    people(7, city["W00"], ethnic_group="black-african", joined_on=last_month())
    refresh()
    since = signups.sign_ups(city["W00"], "ethnic-group-5", last_month())
    assert since.groups == before.groups
    assert since.calendar.finding.startswith("400 people of these groups joined on one day with five or more")
    today = signups.sign_ups(city["W00"], "ethnic-group-5", clock.today() + timedelta(days=1))
    assert "Asian" not in today.groups


def test_who_had_left_by_then_is_no_member_of_then(city):
    people(300, city["W00"], ethnic_group="asian-indian", joined_on=days_ago(200), left_at=clock.now() - timedelta(100))
    refresh()
    assert signups.sign_ups(city["W00"], "ethnic-group-5", last_month()).groups == ["Asian"]


def test_a_day_with_one_to_four_is_told_as_such(city):
    people(3, city["W00"], ethnic_group="asian-indian", joined_on=days_ago(2))
    refresh()
    shown = signups.sign_ups(city["W00"], "ethnic-group-5", last_month())
    text = " ".join(str(cell) for row in shown.calendar.table.rows for cell in row)
    assert "1 to 4" in text
    assert shown.calendar.finding == "On one day one to four of these groups joined; on all other days nobody did."


def test_months_by_group_add_up_and_hide_what_is_small(city):
    for group, number in (("asian-indian", 12), ("black-african", 2), ("white-british", 30)):
        people(number, city["W00"], ethnic_group=group, joined_on=clock.today().replace(day=1))
    refresh()
    table = signups.sign_ups(city["W00"], "ethnic-group-5", last_month()).months[0].table
    row = dict(zip(table.heads, table.rows[-1], strict=True))
    assert row["All"] == 44
    assert row["Black, Black British, Black Welsh, Caribbean or African"] == "not told"
    assert sum(cell == "not told" for cell in row.values()) >= 2


def test_E18_appendix_A_L261_a_running_sum_never_falls(city):
    """Indian 1,487 in June and 1,339 in July, Pakistani 1,250 and 1,208: no sum of sign-ups can do that."""
    for months in range(6):
        day = clock.months_after(clock.today().replace(day=1), -months)
        people(6 + months, city["W00"], ethnic_group="asian-indian", joined_on=day, left_at=clock.now())
    refresh()
    running = signups.sign_ups(city["W00"], "ethnic-group-5", last_month()).months[1]
    columns = list(zip(*[row[1:] for row in running.table.rows], strict=True))
    assert columns
    assert all(list(one) == sorted(one) for one in columns)
    assert max(columns[0]) == 20 + sum(6 + months for months in range(6))


def test_without_members_or_population_there_is_a_sentence(ground):  # noqa: F811
    shown = signups.sign_ups(ground["F"], "ethnic-group-5", last_month())
    assert "have not been counted yet" in shown.refused
    refresh()
    assert "load one first" in signups.sign_ups(ground["F"], "ethnic-group-5", last_month()).refused
    assert "Fewer than five members" in signups.sign_ups(ground["F"], "sex", last_month()).refused


def test_the_page_opens_with_its_charts_and_files(client, city):
    people(9, city["W00"], ethnic_group="asian-indian", joined_on=days_ago(2))
    refresh()
    sign_in(client, make_staff(Role.ANALYST))
    url = f"{reverse('insight_staff:sign_ups')}?area=W00&topic=ethnic-group-5&frozen={last_month()}"
    text = client.get(url).content.decode()
    for words in ("These stay the groups", 'id="days"', 'id="months"', 'id="running"', 'id="sources"'):
        assert words in text, words
    assert client.get(f"{url}&csv=days").status_code == 200
    assert client.get(f"{reverse('insight_staff:sign_ups')}?frozen=x&topic=<").status_code == 200
