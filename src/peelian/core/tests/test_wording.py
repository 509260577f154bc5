"""Numbers in words, as people write them on a cheque."""

import pytest

from peelian.core.wording import in_words


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
    assert in_words(value) == words
