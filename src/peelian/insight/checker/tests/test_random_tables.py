"""Random tables: consistent ones are silent, whatever they look like; one digit changed in a total is found."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.insight.checker import check_csv, check_text

PLACES = [
    "Aston",
    "Birchfield",
    "Castle",
    "Deritend",
    "Edgbaston",
    "Frankley",
    "Gosta",
    "Harborne",
    "Icknield",
    "Jewellery",
    "Kingstanding",
    "Ladywood",
]
MONTHS = ["Apr-23", "May-23", "Jun-23", "Jul-23", "Aug-23", "Sep-23"]
TOTALS = ["Total", "TOTAL", "Grand total", "All", "**Total**", "Total[1]"]


def grid(random: Random, rows: int, columns: int, most: int) -> list[list[int]]:
    return [[random.randint(0, most) for _ in range(columns)] for _ in range(rows)]


def table(random: Random, *, as_csv: bool = True, subtotals: bool = False) -> tuple[list[list[str]], int]:
    """Cells of a consistent table with a total below and, at times, one on the right; and how many columns it has."""
    rows, columns = random.randint(2, 8), random.randint(1, 6)
    counts = grid(random, rows, columns, random.choice([9, 99, 999, 99_999]))
    across = random.random() < 0.5 and columns > 1
    comma = random.random() < 0.5
    shown = (lambda n: f"{n:,}") if comma else str
    lines = [["", *random.sample(MONTHS, columns), *(["Total"] if across else [])]]
    labels = random.sample(PLACES, rows)
    for at, (label, row) in enumerate(zip(labels, counts, strict=True)):
        lines.append([label, *map(shown, row), *([shown(sum(row))] if across else [])])
        if subtotals and at == rows // 2 and 0 < at < rows - 1:
            part = [sum(c) for c in zip(*counts[: at + 1], strict=True)]
            lines.append(["Subtotal", *map(shown, part), *([shown(sum(part))] if across else [])])
    if subtotals and len(lines) > rows + 1:
        part = [sum(c) for c in zip(*counts[rows // 2 + 1 :], strict=True)]
        lines.append(["Subtotal", *map(shown, part), *([shown(sum(part))] if across else [])])
    total = [sum(c) for c in zip(*counts, strict=True)]
    lines.append([random.choice(TOTALS), *map(shown, total), *([shown(sum(total))] if across else [])])
    return lines, columns


def csv(lines: list[list[str]]) -> str:
    return "\n".join(",".join(f'"{c}"' for c in line) for line in lines) + "\n"


def markdown(lines: list[list[str]]) -> str:
    rows = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join(["# A paper", "", rows[0], "|" + "---|" * len(lines[0]), *rows[1:], "", "Words after it."]) + "\n"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.booleans())
def test_consistent_tables_are_silent(seed: int, subtotals: bool):
    lines, _ = table(Random(seed), subtotals=subtotals)
    assert [f.as_line() for f in check_csv(csv(lines))] == []
    assert [f.as_line() for f in check_text(markdown(lines))] == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_one_digit_changed_in_a_total_is_found(seed: int):
    random = Random(seed)
    rows, columns = random.randint(3, 8), random.randint(1, 6)
    counts = [[random.randint(10, 9_999) for _ in range(columns)] for _ in range(rows)]
    total = [sum(c) for c in zip(*counts, strict=True)]
    at = random.randrange(columns)
    digits = list(str(total[at]))
    place = random.randrange(len(digits))
    digits[place] = random.choice([d for d in "123456789" if d != digits[place]])
    printed = [*map(str, total)]
    printed[at] = "".join(digits)
    labels = random.sample(PLACES, rows)
    lines = [
        ["Ward", *MONTHS[:columns]],
        *([label, *map(str, row)] for label, row in zip(labels, counts, strict=True)),
        ["Total", *printed],
    ]
    found = [(f.kind, f.printed.replace(",", ""), f.expected.replace(",", "")) for f in check_csv(csv(lines))]
    assert found == [("column-total", printed[at], str(total[at]))]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_shares_that_round_to_about_100_are_silent(seed: int):
    random = Random(seed)
    counts = [random.randint(1, 5_000) for _ in range(random.randint(3, 9))]
    places = random.choice([0, 1, 2])
    whole = sum(counts)
    lines = [["Area", "Members", "Share"]]
    lines += [
        [name, f"{n:,}", f"{100 * n / whole:.{places}f}%"]
        for name, n in zip(random.sample(PLACES, len(counts)), counts, strict=True)
    ]
    lines.append(["Total", f"{whole:,}", random.choice(["100%", f"{100:.{places}f}%", ""])])
    assert [f.as_line() for f in check_csv(csv(lines))] == []


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_changes_worked_out_rightly_are_silent_and_one_with_the_wrong_sign_is_not(seed: int):
    random = Random(seed)
    pairs = [(random.randint(100, 5_000), random.randint(100, 5_000)) for _ in range(random.randint(5, 9))]
    names = random.sample(PLACES, len(pairs))
    lines = [
        ["Area", "2022", "2023", "Change"],
        *([n, str(a), str(b), f"{b - a:+d}"] for n, (a, b) in zip(names, pairs, strict=True)),
    ]
    assert [f.as_line() for f in check_csv(csv(lines))] == []
    at = random.randrange(len(pairs))
    if pairs[at][0] == pairs[at][1]:
        return
    lines[at + 1][3] = f"{pairs[at][0] - pairs[at][1]:+d}"
    assert [f.kind for f in check_csv(csv(lines))] == ["direction"]


@settings(max_examples=40, deadline=None)
@given(st.integers(50, 20_000), st.integers(50, 20_000), st.sampled_from([0, 1]))
def test_a_change_told_rightly_is_silent_and_on_the_other_base_is_not(old: int, new: int, places: int):
    way, noun = ("rose", "an increase") if new > old else ("fell", "a reduction")
    right, other = (f"{100 * abs(new - old) / base:.{places}f}" for base in (old, new))
    if old == new or float(right) == 0:
        return
    told = [
        f"Visits {way} by {{p}}% from {old:,} to {new:,}.",
        f"In 2021 there were {new:,} visits. This was {noun} of {{p}}% from 2019 when there were {old:,}.",
        f"Visits {way} from {old:,} in 2019 to {new:,} in 2021, {noun} of {{p}}%.",
    ]
    for text in told:
        assert [f.as_line() for f in check_text(text.format(p=right))] == []
        if abs(float(other) - float(right)) > 1.1 and float(right) < 300:
            assert {f.kind for f in check_text(text.format(p=other))} == {"wrong-base"}


@pytest.mark.parametrize("seed", range(20))
def test_random_numbers_without_totals_are_silent(seed: int):
    random = Random(seed)
    counts = grid(random, random.randint(3, 20), random.randint(2, 6), random.choice([20, 200, 5_000]))
    lines = [
        ["Team", *(f"Kind {i}" for i in range(len(counts[0])))],
        *([f"Team {i}", *map(str, row)] for i, row in enumerate(counts)),
    ]
    assert [f.as_line() for f in check_csv(csv(lines))] == []
