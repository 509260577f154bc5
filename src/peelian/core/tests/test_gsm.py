"""Parts of text messages, at every border of the standard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core import gsm


@pytest.mark.parametrize(
    ("text", "is_gsm", "units", "parts"),
    [
        ("", True, 0, 1),
        ("a" * 160, True, 160, 1),
        ("a" * 161, True, 161, 2),
        ("a" * 306, True, 306, 2),
        ("a" * 307, True, 307, 3),
        ("€" * 80, True, 160, 1),
        ("€" * 81, True, 162, 2),
        ("a" + "€" * 152, True, 305, 2),
        ("€" * 153, True, 306, 3),  # 76 whole signs of two septets in 153
        ("ß" * 160, True, 160, 1),
        ("ç" + "a" * 69, False, 70, 1),  # only the capital is in the alphabet
        ("ہوشیار " * 10, False, 70, 1),
        ("ہوشیار " * 10 + "!", False, 71, 2),
        ("😀" * 35, False, 70, 1),
        ("😀" * 67, False, 134, 3),  # 33 whole pairs in 67
        ("x" * 134 + "ہ", False, 135, 3),
    ],
)
def test_parts(text: str, is_gsm: bool, units: int, parts: int) -> None:
    assert gsm.parts(text) == gsm.Parts(is_gsm, units, parts)


@given(st.text(st.sampled_from("aé€[ہ😀"), max_size=400))
def test_no_text_is_charged_less_than_it_fills_or_a_part_too_many(text: str) -> None:
    found = gsm.parts(text)
    room = gsm.JOINED[found.is_gsm]
    assert found.parts * room >= found.units or found.parts == 1
    assert (found.parts - 1) * (room - 1) < max(found.units, 1)
