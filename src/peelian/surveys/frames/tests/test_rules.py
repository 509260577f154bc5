"""Who is never asked in a survey of victims: the one list of it."""

import pytest

from peelian.surveys.frames import rules
from peelian.surveys.frames.rules import CHILD, DOMESTIC, SEXUAL, NotInWords, Reason, about

# As the Home Office counting rules and crime systems name them
NAMED = {
    Reason.DOMESTIC: [
        "Domestic abuse - assault", "ABH (domestic)", "Common assault, DA flag", "DV incident",
        "Harassment by ex-partner",
        "Engage in controlling or coercive behaviour in an intimate or family relationship", "Stalking",
        "FORCED MARRIAGE",
        "Honour-based abuse", "Female genital mutilation", "Domestic burglary - domestic abuse",
    ],
    Reason.SEXUAL: [
        "Rape of a female aged 16 and over", "Sexual assault on a male", "SEXUAL OFFENCES", "Attempted rape",
        "Exposure", "Indecent exposure", "Revenge porn", "Sex with an adult relative", "Non-sexual: see sexual log",
    ],
    Reason.CHILD: [
        "Cruelty to and neglect of children", "Child abduction", "Assault on an infant", "Robbery of a person under 16",
        "Child’s bicycle stolen",
    ],
}  # fmt: skip
ASKED = (
    "Residential burglary", "Theft from a vehicle", "Criminal damage to a dwelling", "Robbery of personal property",
    "Assault occasioning actual bodily harm", "Essex Road robbery", "Theft of grapes", "Drape stolen",
    "Domestic burglary", "Burglary in a domestic building", "Burglary, domestic", "Non-domestic burglary",
    "Vandalism at a childminder’s", "Public order", "Madam’s purse stolen",
)  # fmt: skip


@pytest.mark.parametrize(("reason", "crime"), [(reason, one) for reason, found in NAMED.items() for one in found])
def test_types_of_crime_that_nobody_is_asked_about(reason, crime):
    assert about(crime) == reason
    assert about(crime.upper()) == reason


@pytest.mark.parametrize("crime", ASKED)
def test_types_of_crime_that_people_may_be_asked_about(crime):
    assert about(crime) is None


@pytest.mark.parametrize("words", [*DOMESTIC, *SEXUAL, *CHILD])
def test_every_word_of_the_list_is_found_whole_and_not_inside_another(words):
    assert about(f"Assault ({words})") is not None
    assert about(f"Assault xx{words.replace(' ', 'xx')}xx") is None


@pytest.mark.parametrize("code", ["19C", "8/06", "105A", "--", "8Q", "19/4 H"])
def test_a_code_cannot_be_looked_through(code):
    with pytest.raises(NotInWords, match="in words"):
        about(code)


def test_only_a_yes_is_a_yes_and_only_a_no_is_a_no():
    assert [rules.is_yes(said) for said in ("yes", "Y", " YES ", "true", "1", "", "no", "maybe")] == [True] * 3 + [
        False
    ] * 5
    assert [rules.is_no(said) for said in ("", "no", "N", "false", "unknown", "0", "yes")] == [True] * 3 + [False] * 4


def test_every_reason_has_its_words():
    assert set(rules.WORDS) == set(Reason)
