"""Reading ease and age, sentences and syllables."""

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


@pytest.mark.parametrize(
    ("sentence", "words", "syllables", "ease", "grade"),
    [
        # Wikipedia, "Flesch-Kincaid readability tests", which prints counts and scores for these two
        ("The cat sat on the mat.", 6, 6, 116.1, -1.4),
        ("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 13, 24, 37.5, 11.3),
    ],
)
def test_published_examples(sentence, words, syllables, ease, grade):
    found = wording.measure(sentence)
    assert (found.words, found.sentences) == (words, 1)
    assert found.syllables == pytest.approx(syllables, abs=1)  # "reptilian" is said with three syllables or with four
    assert wording.reading_ease(words, 1, syllables) == pytest.approx(ease, abs=0.06)
    assert wording.reading_grade(words, 1, syllables) == pytest.approx(grade, abs=0.06)


def test_the_reading_age_is_five_years_more_than_the_grade():
    ages = {grade: wording.Measure(40, 4, 60, 10, 60.0, grade) for grade in (-2.0, 4.2, 8.6, 17.0)}
    assert [one.age_said for one in ages.values()] == ["6", "9", "14", "over 18"]
    assert wording.measure("Short.").age is None


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


def test_other_scripts_and_nothing_do_not_fail():
    for text in ("", "   ", "چوری ہوئی ہے", "!!!", "é" * 40):
        assert wording.measure(text).words >= 0


def test_what_is_written_in_another_script_is_not_measured_as_english():
    urdu = "بدھ کی رات میل لین پر دو شیڈ توڑے گئے۔ نیلی سائیکل Raleigh چوری ہوئی، 999 پر کال کریں۔"
    measured = wording.measure(urdu, "")
    assert (measured.words, measured.ease, measured.age_said) == (0, None, "")
    assert wording.measure(f"A blue bicycle was taken from Mill Lane on Wednesday. {urdu[:20]}").words == 10
