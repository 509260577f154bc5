"""Reading ease, sentences, syllables and the list of words."""

import pytest

from peelian.alerts import wording


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1), ("area", 3), ("people", 2), ("police", 2), ("officer", 3), ("burglary", 3), ("neighbourhood", 3),
        ("today", 2), ("idea", 3), ("vehicle", 3), ("suspicious", 3), ("locked", 1), ("wanted", 2), ("stolen", 2),
        ("houses", 2), ("information", 4), ("video", 3), ("table", 2), ("well-known", 2), ("don't", 1), ("999", 3),
    ],
)  # fmt: skip
def test_syllables(word, count):
    assert wording.syllables(word) == count


def test_the_two_formulas_by_hand():
    # 100 words in 5 sentences with 140 syllables
    assert wording.reading_ease(100, 5, 140) == pytest.approx(206.835 - 20.3 - 118.44)
    assert wording.reading_grade(100, 5, 140) == pytest.approx(7.8 + 16.52 - 15.59)


def test_sentences_end_at_stops_paragraphs_and_list_items_but_not_at_abbreviations():
    plain = "Mr. Hill saw it at 6 p.m. on Elm Rd. near the shop. Did you?\n\nCall us\n- Lock the door\n- Use a light"
    assert [part.split()[0] for part in wording.sentences(plain)] == ["Mr", "Did", "Call", "-", "-"]


def test_a_plain_alert_reads_easily_and_a_stiff_one_does_not():
    plain = (
        "Two vans were broken into on Mill Lane last night. We now walk the lane each night. Take your tools in. " * 2
    )
    stiff = (
        "Following the commission of several aggravated offences involving the appropriation of commercial equipment,"
        " residents are requested to exercise considerable vigilance regarding individuals demonstrating suspicious"
        " behaviour in the vicinity of industrial premises."
    )
    easy, hard = wording.measure(plain), wording.measure(stiff)
    assert easy.ease > 80 > 30 > hard.ease
    assert easy.grade < 4 < 12 < hard.grade
    assert (easy.sentences, hard.longest_sentence > wording.LONG_SENTENCE) == (6, True)
    assert (easy.said, hard.said) == ("Very easy to read", "Very hard to read")


def test_a_few_words_have_counts_but_no_score():
    found = wording.measure("Two **vans** were taken.", "", "- Lock\n- Look")
    assert (found.words, found.sentences, found.ease, found.grade) == (6, 3, None, None)
    assert found.said == "Too short to say how easily it reads"
    assert wording.measure("").longest_sentence == 0


def test_hints_name_the_word_how_often_and_what_instead():
    found = wording.measure("A vicious male, a vicious dog. We utilise cameras in relation to\nthe premises.").hints
    assert [(hint.words, hint.times, hint.kind) for hint in found] == [
        ("vicious", 2, "alarming"),
        ("male", 1, "trade"),
        ("premises", 1, "trade"),
        ("in relation to", 1, "long"),
        ("utilise", 1, "long"),
    ]
    assert found[4].instead == "“use”"


def test_parts_of_words_are_no_hints():
    assert wording.hints("Females and malefactors; the evildoer, re-commence") == []


def test_other_scripts_and_nothing_do_not_fail():
    for text in ("", "   ", "چوری ہوئی ہے", "!!!", "é" * 40):
        assert wording.measure(text).words >= 0


def test_what_is_written_in_another_script_is_not_measured_as_english():
    urdu = "بدھ کی رات میل لین پر دو شیڈ توڑے گئے۔ نیلی سائیکل Raleigh چوری ہوئی، 999 پر کال کریں۔"
    measured = wording.measure(urdu, "")
    assert (measured.words, measured.ease, measured.hints) == (0, None, [])
    assert wording.measure(f"A blue bicycle was taken from Mill Lane on Wednesday. {urdu[:20]}").words == 10
