"""Whatever is in a file: it is refused with a sentence, or every record comes out as one line, good or with its
problems."""

import csv
import datetime as dt
import io
import json
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from peelian.members.errors import FileRefused
from peelian.members.importing.checking import STAGED, Checker, Known
from peelian.members.importing.columns import COLUMNS
from peelian.members.importing.reader import MembersFile
from peelian.members.importing.report import harmless

KNOWN = Known({"good-news": 1}, {"email": 1}, {"police": 1}, {"dogs": 7}, dt.date(2026, 6, 1))
words = st.sampled_from(["a@b.example", "07700 900123", "en", "52.1", "-1", "2026-01-01", "=1"])
cells = st.one_of(st.text(max_size=20), words)


def read(content: bytes) -> tuple[list[str], list[list[str]]]:
    """(header, staged lines split into values)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(content)
        with MembersFile(path) as file:
            checker = Checker(file.header, KNOWN)
            lines = b"".join(checker.lines(block) for block in file.blocks(3)).decode()
            return file.header, [line.split("\t") for line in lines.split("\n")[:-1]]


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)), st.booleans())
@example(b'A,"', True)
@example(b"\x00", True)
def test_any_bytes_are_refused_or_read(content, with_header):
    try:
        read((b"external_id,email\n" if with_header else b"") + content)
    except FileRefused as problem:
        said = str(problem)
        if not said.startswith("x.csv, line "):
            raise AssertionError(said) from problem


@settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(cells, min_size=1, max_size=len(COLUMNS) + 1), max_size=8))
def test_no_record_is_lost(rows):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    content = out.getvalue().encode("utf-8", "replace")
    expected = [r for r in csv.reader(io.StringIO(content.decode(), newline=""), strict=True) if r][1:]
    _, staged = read(content)
    assert len(staged) == len(expected)
    for values, fields in zip(staged, expected, strict=True):
        assert len(values) == len(STAGED)
        wrong = values[-1] != r"\N"
        if wrong:
            problems = json.loads(values[-1].replace("\\\\", "\\"))
            assert problems
            assert all(reason for _, reason in problems)
        if len(fields) != len(COLUMNS) or not fields[0].strip():
            assert wrong


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=20))
@example("=1+1")
@example(" @x")
@example("-")
def test_no_spreadsheet_takes_a_bad_row_for_a_formula(value):
    shown = harmless(value)
    if shown.lstrip()[:1] in ("=", "@") and shown.strip():
        raise AssertionError(shown)
    if shown.lstrip()[:1] in ("+", "-"):
        assert shown[1:].replace(" ", "").replace(".", "").isdigit()
