"""`peelian check FILE… [--json]`: exit codes, one finding a line, files that cannot be read. No database is opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from peelian.config.cli import WITHOUT_DATABASE, run

WRONG = "Ward,2022,2023\nNorth,10,20\nSouth,31,41\nTotal,41,62\n"
RIGHT = WRONG.replace("62", "61")


@pytest.fixture
def at_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong.csv").write_text(WRONG)
    (tmp_path / "right.csv").write_text(RIGHT)
    return tmp_path


def test_none_found(at_desk: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["check", "right.csv"]) == 0
    assert capsys.readouterr() == ("", "")


def test_one_finding_a_line_with_file_place_kind_printed_and_expected(
    at_desk: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(["check", "right.csv", "wrong.csv"]) == 1
    assert capsys.readouterr().out == (
        "wrong.csv: line 4, row Total, column 2023: column-total: printed 62, expected 61. "
        "The 2 parts sum to 61; what is printed is 1 more.\n"
    )


def test_json_is_one_line_and_a_list(at_desk: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["check", "--json", "wrong.csv"]) == 1
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert json.loads(out) == [
        {
            "file": "wrong.csv",
            "place": "line 4, row Total, column 2023",
            "kind": "column-total",
            "printed": "62",
            "expected": "61",
            "why": "The 2 parts sum to 61; what is printed is 1 more.",
        }
    ]
    assert run(["check", "--json", "right.csv"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_wrong_usage(at_desk: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["check"]) == 2
    assert run(["check", "right.csv", "--loudly"]) == 2


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("absent.csv", None, "absent.csv cannot be read: No such file or directory."),
        ("empty.md", b"  \n", "empty.md is empty."),
        ("photo.md", b"\x89PNG\x00\x00", "photo.md is not a text file. Save it as CSV or as Markdown first."),
        ("one.csv", b"only,a,head\n", "one.csv holds no table: a head and rows with at least two columns are needed."),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(
    at_desk: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, sentence: str
):
    if content is not None:
        (at_desk / name).write_bytes(content)
    assert run(["check", name, "right.csv"]) == 1
    assert capsys.readouterr().err.strip() == sentence


def test_a_folder_is_named(at_desk: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["check", str(at_desk)]) == 1
    assert capsys.readouterr().err.strip() == f"{at_desk} is a folder. Name the files in it."


def test_windows_files_are_read(at_desk: Path):
    (at_desk / "windows.csv").write_bytes("Place;Cost\r\nCafé;£1\r\nQuay;£2\r\nTotal;£4\r\n".encode("cp1252"))
    (at_desk / "excel.csv").write_bytes(b"\xef\xbb\xbf" + WRONG.encode())
    assert run(["check", "windows.csv"]) == 1
    assert run(["check", "excel.csv"]) == 1


def test_it_opens_no_database():
    assert "check" in WITHOUT_DATABASE
