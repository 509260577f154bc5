"""What a writer is told to look at again, and why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from peelian.accounts.models import Team
from peelian.alerts import identifying, words
from peelian.alerts.advice import Phrase, look, promises_nothing
from peelian.alerts.models import Alert
from peelian.members.models import Topic

PHRASES = [Phrase("RTC", "“a crash”"), Phrase("MO", "“the way they do it”"), Phrase("premises", "“building”")]
MESSAGES = Path(__file__).resolve().parents[4] / "docs" / "reference" / "messages.md"


def alert(*, about_crime: bool = True, **texts: str) -> Alert:
    team = Team(name="Elm Bridge team", public_phone="01632 960 001", public_email="elm.bridge@heartshire.example")
    return Alert(team=team, topic=Topic(slug="vehicle-crime", name="Vehicle crime", about_crime=about_crime), **texts)


def said(**texts: str) -> list[tuple[str, str, str]]:
    texts = {"doing": "We patrol at night."} | texts
    return [(one.code, one.part, one.words) for one in look(alert(**texts), PHRASES).advice]


def test_a_plain_message_has_nothing_to_look_at_again() -> None:
    found = look(
        alert(
            title="Two sheds broken into on Mill Lane",
            happening="Two sheds on Mill Lane were broken into on Wednesday, 3 October 2018. A bicycle was taken.",
            doing="We walk the lane each night until Sunday. Call 101 or 01632 960001, or write to"
            " elm.bridge@heartshire.example.",
            can_do="Lock your shed. If you saw something, call us on 101 or Crimestoppers on 0800 555 111.",
        ),
        PHRASES,
    )
    assert found.advice == []
    assert found.codes == []
    parts = [found.parts[name].measure.words for name in ("happening", "doing", "can_do")]
    assert found.whole.words == sum(parts) > 40


def test_jargon_is_found_as_whole_words_and_abbreviations_only_in_capitals() -> None:
    assert said(happening="After the RTC the MO was clear. The Premises are shut.", can_do="Wait a mo. Promote.") == [
        ("jargon", "happening", "RTC"),
        ("jargon", "happening", "MO"),
        ("jargon", "happening", "premises"),
    ]
    (one,) = look(alert(happening="An RTC.", doing="We were there."), PHRASES).advice
    assert one.sentence == "“RTC” is police language; write “a crash”"
    assert one.heading == "What is happening"


def test_words_that_frighten_come_with_a_reason_and_the_longest_alone() -> None:
    found = look(alert(title="Man on violent rampage", doing="We arrested him."), []).advice
    assert [one.sentence for one in found] == ["“violent rampage” may frighten; say what happened"]
    assert said(happening="Thugs and scum were there.") == [
        ("frightening", "happening", "thugs"),
        ("blaming", "happening", "scum"),
    ]


def test_shouting_is_found_and_abbreviations_are_not_shouting() -> None:
    assert said(title="BEWARE THIEVES on Mill Lane!!") == [
        ("capitals", "title", "BEWARE THIEVES"),
        ("shouting", "title", "!"),
    ]
    assert said(happening="Call 101. CCTV from the BBC. The NHS helped! Thank you.") == []


@pytest.mark.parametrize(
    ("doing", "nothing"),
    [
        ("", True),
        ("Enquiries are ongoing.", True),
        ("Our enquiries into this are still under way. Police are investigating.", True),
        ("- Inquiries continue\n- We are aware of it", True),
        ("**Investigations remain ongoing at this time.**", True),
        ("We are looking into these incidents.", True),
        ("Enquiries are ongoing. We walk the lane at night.", False),
        ("We are investigating and have asked every house on the lane for films of that night.", False),
        ("One man was arrested.", False),
    ],
)
def test_whether_a_part_says_what_is_done(doing: str, nothing: bool) -> None:
    assert promises_nothing(doing) == nothing


def test_a_crime_needs_an_action_and_other_news_does_not() -> None:
    assert said(happening="A van was taken.", doing="Enquiries are ongoing.") == [("no-action", "doing", "")]
    assert said(happening="A van was taken.", doing="") == [("no-action", "doing", "")]
    assert look(alert(about_crime=False, happening="We meet on Monday.", doing=""), []).advice == []
    assert look(alert(title="Only a title so far"), []).advice == []


@pytest.mark.parametrize(
    ("text", "kind", "words_"),
    [
        ("Ask Mr Smith at the shop", "name", "Mr Smith"),
        ("Mrs. Jane O’Brien saw it", "name", "Mrs. Jane O’Brien"),
        ("a Dr Müller", "name", "Dr Müller"),
        ("a blue Ford, AB12 CDE, drove off", "plate", "AB12 CDE"),
        ("plate ab12cde", "plate", "ab12cde"),
        ("A123 BCD was seen", "plate", "A123 BCD"),
        ("ABC 123D was seen", "plate", "ABC 123D"),
        ("AIG 1234 from Belfast", "plate", "AIG 1234"),
        ("at 12 Mill Lane", "house", "12 Mill Lane"),
        ("at 4a Old Elm Road", "house", "4a Old Elm Road"),
        ("in Flat 3", "house", "Flat 3"),
        ("near B12 8QX", "postcode", "B12 8QX"),
        ("call 07700 900123", "phone", "07700 900123"),
        ("call +44 7700 900 123 now", "phone", "+44 7700 900 123"),
        ("call (01632) 960 123", "phone", "01632) 960 123"),
        ("write to jo.bloggs@home.example", "email", "jo.bloggs@home.example"),
    ],
)
def test_what_may_point_at_somebody(text: str, kind: str, words_: str) -> None:
    assert [(mark.kind, mark.words) for mark in identifying.marks(text)] == [(kind, words_)]


@pytest.mark.parametrize(
    "text",
    [
        "Call 101 or 999, or Crimestoppers on 0800 555 111. Our desk is on 0300 123 4567.",
        "On 12 May Street parties begin. On 3 October Mill Lane is closed. 14 vans were seen.",
        "Write to us at elm@heartshire.police.uk or council@elm.gov.uk.",
        "PC Ali and PCSO Jones are on Mill Lane. The M6 and the A452 are closed. Crime number 20/123456/21.",
        "Dr Lane is closed. Bus 12 stops at the Green.",
        "On 2026-11-21 at 18:30; 3,500 people; £1,200.50; 0.5 miles.",
    ],
)
def test_what_points_at_nobody(text: str) -> None:
    assert identifying.marks(text) == []


def test_the_teams_own_contacts_are_meant_to_be_read() -> None:
    known = frozenset({"01632 960001", "Elm.Bridge@heartshire.example"})
    text = "Call +44 1632 960 001 or write to elm.bridge@heartshire.example"
    assert identifying.marks(text, known=known) == []


def test_a_long_sentence_is_said_and_the_codes_hold_no_text() -> None:
    long = "They went " + "up and down " * 9 + "the lane."
    found = look(alert(title="BEWARE THIEVES", happening=f"{long} Ask Mr Smith.", doing="We patrol."), PHRASES)
    assert found.codes == ["capitals", "long-sentence", "name"]
    assert (
        found.parts["happening"].advice[-1].sentence == "One sentence has 31 words. Two short ones are easier to read"
    )


def test_the_page_of_words_lists_exactly_what_the_code_looks_for() -> None:
    page = MESSAGES.read_text()
    for title, listed in {
        "may frighten": words.FRIGHTENING,
        "put a label": words.BLAMING,
        "longer": words.LONG,
    }.items():
        table = re.search(rf"## Words that [^\n]*{title}.*?(?=\n## |\Z)", page, re.DOTALL)
        assert table, title
        rows = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", table.group(), re.MULTILINE)[1:])
        assert rows == listed
