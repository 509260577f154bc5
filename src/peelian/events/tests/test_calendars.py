"""Calendar files, read back by the library as a calendar program would (RFC 5545)."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from peelian.accounts.models import Team
from peelian.core.clock import LONDON
from peelian.events import calendars
from peelian.events.models import Event
from peelian.places.models import Area

AWKWARD = "Chai, cake; and\nmore 🎉 at “St John's” \\ hall: " + "ä" * 200


def an_event(**given) -> Event:
    """In memory: a calendar needs no database."""
    starts = datetime(2026, 10, 24, 23, 30, tzinfo=LONDON)
    values = {
        "ref": "bcdfghjk", "kind": "cafe", "title": "World Café", "starts_at": starts, "state": "published",
        "ends_at": datetime(2026, 10, 25, 2, 30, tzinfo=LONDON), "changed_at": starts, "sequence": 3,
        "area": Area(name="Elm Bridge"), "team": Team(name="Elm Bridge team"), "longitude": -19_000_000,
        "latitude": 524_000_000,
    }  # fmt: skip
    return Event(**{**values, **given})


def read(content: bytes):
    made = Calendar.from_ical(content)
    return made, made.walk("VEVENT")[0]


def test_commas_newlines_emoji_and_long_lines_come_back_whole():
    content = calendars.calendar(
        [an_event(title=AWKWARD.replace("\n", " "), venue=AWKWARD, summary=AWKWARD)], "A, b; c"
    )
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert content.replace(b"\r\n", b"").count(b"\n") == 0
    made, entry = read(content)
    assert str(made["X-WR-CALNAME"]) == "A, b; c"
    assert str(entry["SUMMARY"]) == AWKWARD.replace("\n", " ")
    assert str(entry["LOCATION"]).startswith(AWKWARD)
    assert "🎉" in str(entry["DESCRIPTION"])
    assert "\n" in str(entry["DESCRIPTION"])


# What a form can hold: browsers send no control characters but line breaks, and no halves of pairs
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=120)


@settings(max_examples=25, deadline=None)
@given(WORDS)
def test_any_title_comes_back_as_it_was(title):
    _, entry = read(calendars.calendar([an_event(title=title)]))
    assert str(entry["SUMMARY"]) == title


def test_hours_are_london_s_with_its_rules_beside_them():
    made, entry = read(calendars.calendar([an_event()]))
    assert entry["DTSTART"].params["TZID"] == "Europe/London"
    assert [zone["TZID"] for zone in made.walk("VTIMEZONE")] == ["Europe/London"]
    starts, ends = entry.decoded("DTSTART"), entry.decoded("DTEND")
    assert (ends.timestamp() - starts.timestamp()) == 4 * 3600  # the clocks went back in between
    assert starts == datetime(2026, 10, 24, 23, 30, tzinfo=LONDON)


@pytest.mark.parametrize(("state", "said"), [("published", "CONFIRMED"), ("cancelled", "CANCELLED")])
def test_a_calendar_that_has_it_already_finds_it_again(state, said):
    _, entry = read(calendars.calendar([an_event(state=state, cancelled_because="The hall is flooded.")]))
    assert str(entry["UID"]).startswith("bcdfghjk@")
    assert (int(entry["SEQUENCE"]), str(entry["STATUS"])) == (3, said)
    assert ("flooded" in str(entry["DESCRIPTION"])) == (state == "cancelled")
    assert (entry["GEO"].latitude, entry["GEO"].longitude) == (52.4, -1.9)
