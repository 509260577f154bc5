"""One defect, many ways of saying it: each found, and silent with the right figure."""

from __future__ import annotations

import pytest

from peelian.insight.checker import check_text

# the text with {} for the figure, the wrong figure, the right one, the kind
SAID = [
    ("Visits fell by {} from 1,232 to 1,094.", "13%", "11%", "wrong-base"),
    ("The plots gave 1,094 kg this year, {} less than the 1,232 kg of last year.", "13%", "11%", "wrong-base"),
    ("Attendance was down {} on last year (1,094 compared to 1,232).", "13%", "11.2%", "wrong-base"),
    ("Attendance decreased from 1,232 in 2015/16 to 1,094 in 2017/18 - a {} reduction.", "13%", "11%", "wrong-base"),
    ("Loans were 450, against 500 in the previous year (a fall of {}).", "11%", "10%", "wrong-base"),
    ("Sales were cut by {} to 300 from 500 in 2018.", "50%", "40%", "wrong-base"),
    (
        "In 2020 there were 840 visits. This was an increase of {} from 2019 when it was 600.",
        "29%",
        "40%",
        "wrong-base",
    ),
    ("Costs rose from £1.2m to £1.5m, an increase of {}.", "45%", "25%", "wrong-base"),
    ("Loans rose from 40 to 50, and that is a rise of {}.", "20%", "25%", "wrong-base"),
    ("In all 45 of 60 ({}) came.", "80%", "75%", "denominator"),
    ("We wrote to 400 people. Of these, {} (120) answered.", "40%", "30%", "denominator"),
    ("Membership now stands at 640, up from {} last year.", "700", "600", "direction"),
    ("The queue dropped from 30 to {} people.", "45", "25", "direction"),
    ("Stock rose by {} from 1,000 to 1,400.", "300", "400", "two-values"),
    ("There were 14 trips by bus, 3 by train and 712 by car, {} trips in total.", "728", "729", "double-count"),
    ("We lent {} items: 500 books, 120 discs and 21 maps.", "640", "641", "double-count"),
    (
        "Membership grew by {} over the year to 85,737. Twelve months earlier membership was 53,408.",
        "40,000",
        "32,329",
        "two-values",
    ),
    ("On 3 October 2018 we had 1,204 members. We had {} members on 3 October 2018.", "1,240", "1,204", "two-values"),
]


@pytest.mark.parametrize(("text", "wrong", "right", "kind"), SAID)
def test_found_when_wrong_and_silent_when_right(text: str, wrong: str, right: str, kind: str):
    found = check_text(text.format(wrong))
    assert [f.kind for f in found] == [kind]
    assert [f.as_line() for f in check_text(text.format(right))] == []
