"""Plain dates and numbers; small groups that are never counted out."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.conf import settings
from django.utils import translation

from peelian.core import wording
from peelian.core.tests.pages import NOW, render, said


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "nought"),
        (19, "nineteen"),
        (40, "forty"),
        (101, "one hundred and one"),
        (1_000, "one thousand"),
        (1_005, "one thousand and five"),
        (12_300, "twelve thousand three hundred"),
        (85_728, "eighty-five thousand seven hundred and twenty-eight"),
        (1_500_021, "one million five hundred thousand and twenty-one"),
    ],
)
def test_a_number_in_words(value: int, words: str) -> None:
    assert wording.in_words(value) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW, "Wednesday 3 October 2018, 6pm"),
        (NOW + timedelta(minutes=30), "Wednesday 3 October 2018, 6:30pm"),
        (datetime(2018, 10, 3, 11, tzinfo=UTC), "Wednesday 3 October 2018, midday"),
        (datetime(2018, 10, 3, 23, tzinfo=UTC), "Thursday 4 October 2018, midnight"),
        (datetime(2018, 12, 3, 0, 5, tzinfo=UTC), "Monday 3 December 2018, 12:05am"),
        (datetime(2018, 10, 28, 0, 30, tzinfo=UTC), "Sunday 28 October 2018, 1:30am"),
        (datetime(2018, 10, 28, 1, 30, tzinfo=UTC), "Sunday 28 October 2018, 1:30am"),
    ],
)
def test_moments_are_said_in_london_time(moment: datetime, words: str) -> None:
    assert wording.uk_datetime(moment) == words


@pytest.mark.parametrize(
    ("at", "in_urdu", "without_catalogue"),
    [
        (time(0), "آدھی رات", "północ"),
        (time(12), "دوپہر", "12:00"),
        (time(3, 5), "رات 3:05 بجے", "03:05"),
        (time(7), "صبح 7 بجے", "07:00"),
        (time(12, 30), "دوپہر 12:30 بجے", "12:30"),
        (time(18), "شام 6 بجے", "18:00"),
        (time(21), "رات 9 بجے", "21:00"),
    ],
)
def test_other_languages_have_no_am_and_pm(at: time, in_urdu: str, without_catalogue: str) -> None:
    """A word for the part of the day, as CLDR has them; where there is no catalogue of ours, the 24-hour
    clock (midnight has a word in Django's)."""
    with translation.override("ur"):
        assert wording.time_of_day(at) == in_urdu
        assert in_urdu in wording.uk_datetime(datetime.combine(date(2018, 10, 3), at, wording.LONDON))
    with translation.override("pl"):
        assert wording.time_of_day(at) == without_catalogue


@pytest.mark.parametrize("code", [code for code, _ in settings.LANGUAGES if not code.startswith("en")])
def test_every_catalogue_names_the_parts_of_the_day(code: str) -> None:
    with translation.override(code):
        said = {wording.time_of_day(time(hour, 30)) for hour in range(24)}
    assert not [one for one in said if re.search(r"[ap]m|%|^\d", one)]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2018, 10, 3), date(2018, 10, 5), "Wednesday 3 to Friday 5 October 2018"),
        (date(2018, 9, 28), date(2018, 10, 3), "Friday 28 September to Wednesday 3 October 2018"),
        (date(2018, 12, 31), date(2019, 1, 1), "Monday 31 December 2018 to Tuesday 1 January 2019"),
        (date(2018, 10, 3), date(2018, 10, 3), "Wednesday 3 October 2018"),
        (NOW, NOW + timedelta(hours=2), "Wednesday 3 October 2018, 6pm to 8pm"),
        (NOW, NOW + timedelta(days=1), "Wednesday 3 October 2018, 6pm to Thursday 4 October 2018, 6pm"),
    ],
)
def test_ranges_repeat_nothing(start: wording.Day, end: wording.Day, words: str) -> None:
    assert wording.uk_range(start, end) == words


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (timedelta(seconds=40), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=1), "Wednesday 3 October 2018, 6pm"),
        (-timedelta(minutes=5), "in 5 minutes"),
        (-timedelta(seconds=5), "in a moment"),
    ],
)
def test_only_within_a_day_is_time_relative(gap: timedelta, words: str) -> None:
    assert wording.ago(NOW, now=NOW + gap) == words


def test_an_email_address_may_break_at_its_sign_and_nowhere_is_it_trusted() -> None:
    page = render("<p>{{ one|breakable }}</p>", one="<b>anik@heartshire.example")
    assert said(page) == "<b>anik@heartshire.example"
    assert len(page.xpath(".//wbr")) == 1
    assert not page.xpath(".//b")
    assert [one.get("dir") for one in page.xpath(".//bdi")] == ["ltr"], "wherever the words around it run"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "nobody"),
        (1, "fewer than 5 people"),
        (4, "fewer than 5 people"),
        (5, "5 people"),
        (1204, "1,204 people"),
    ],
)
def test_small_groups_are_never_counted_out(count: int, words: str) -> None:
    assert wording.people(count) == words


def test_a_mean_is_said_with_its_base() -> None:
    assert wording.of_base(5.44, 334) == "5.4 of 6, from 334 ratings"
    assert wording.of_base(5.0, 1) == "5.0 of 6, from 1 rating"
    assert wording.of_base(None, 0) == "no ratings yet"


def test_counts_take_the_right_plural() -> None:
    assert [wording.plural_count(n, "reply,replies") for n in (0, 1, 1204)] == [
        "no replies",
        "1 reply",
        "1,204 replies",
    ]


def test_a_share_never_rounds_to_nothing_or_to_all() -> None:
    assert [wording.share(part, 1000) for part in (0, 1, 999, 1000, 824)] == [
        "0%",
        "under 1%",
        "over 99%",
        "100%",
        "82%",
    ]
    assert wording.share(0, 0) == "0%"


def test_a_time_carries_its_machine_form() -> None:
    page = render('{% when moment "datetime" %} {% when nothing %}', moment=NOW, nothing=None)
    (time,) = page.xpath(".//time")
    assert time.get("datetime") == "2018-10-03T17:00:00+00:00"
    assert said(page) == "Wednesday 3 October 2018, 6pm not yet"
