"""What a voice reads out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.spoken import ordinal, read_aloud, year

EXAMPLES = {
    "Wednesday 3 October": "Wednesday the third of October",
    "On Wednesday 3 October 2018, 6pm.": "On Wednesday the third of October twenty eighteen, six p m.",
    "by 31st of December 2005": "by the thirty-first of December two thousand and five",
    "on 03/10/2018": "on the third of October twenty eighteen",
    "45/13/2018": "forty-five/thirteen/two thousand and eighteen",
    "Call 101.": "Call one oh one.",
    "call 999, not 101": "call nine nine nine, not one oh one",
    "101 people": "one hundred and one people",
    "Call 101 or 999 if you see 101 vans": "Call one oh one or nine nine nine if you see one hundred and one vans",
    "1,101 people": "one thousand one hundred and one people",
    "Crimestoppers on 0800 555 111": "Crimestoppers on oh eight oh oh, five five five, one one one",
    "+44 7700 900123": "oh seven seven oh oh, nine oh oh one two three",
    "the A45 and the M6": "the A four five and the M six",
    "the A1(M) or B4101": "the A one M or B four one oh one",
    "CV1 5FB": "C V one, five F B",
    "from 6:30pm to 11.05am": "from six thirty p m to eleven oh five a m",
    "at 14:00 and 00:30": "at two p m and twelve thirty a m",
    "£1,250 and £4.50 and £1": "one thousand two hundred and fifty pounds and four pounds fifty pence and one pound",
    "£0.99": "ninety-nine pence",
    "3 vans, 85,728 homes": "three vans, eighty-five thousand seven hundred and twenty-eight homes",
    "9.6 of 6": "nine point six of six",
    "2.05 miles": "two point nought five miles",
    "41% fewer": "forty-one per cent fewer",
    "30mph for 200 m": "thirty miles an hour for two hundred metres",
    "ages 13-17": "ages thirteen to seventeen",
    "the 1st, 2nd, 3rd and 12th of them": "the first, second, third and twelfth of them",
    "since 1984, in 2019": "since nineteen eighty-four, in twenty nineteen",
    "reference 20260011223344": "reference two oh two six oh oh one one two two three three four four",
    "reference 0042": "reference oh oh four two",
    "go to now.example/m/42": "go to now.example/m/42",
    "Covid19 and 4x4s": "Covid19 and 4x4s",
    "No numbers here": "No numbers here",
}


@pytest.mark.parametrize(("written", "said"), EXAMPLES.items())
def test_read_aloud(written, said):
    assert read_aloud(written) == said


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "first"),
        (8, "eighth"),
        (20, "twentieth"),
        (21, "twenty-first"),
        (100, "one hundredth"),
        (112, "one hundred and twelfth"),
    ],
)
def test_ordinals(number, words):
    assert ordinal(number) == words


def test_years():
    assert [year(one) for one in (1900, 1905, 2000, 2010, 2026)] == [
        "nineteen hundred", "nineteen oh five", "two thousand", "twenty ten", "twenty twenty-six",
    ]  # fmt: skip


@given(st.text(alphabet="0123456789 ,.:/£%-AMBmphkstndr", max_size=40))
def test_no_figures_break_it(text):
    read_aloud(text)
