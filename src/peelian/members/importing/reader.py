"""A members file, record by record, in blocks. Every record comes out, with the number of the line it begins on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from peelian.members.errors import FileRefused
from peelian.members.importing.columns import read_header

BLOCK = 2_000
Record = tuple[int, list[str]]  # line it begins on, fields


class MembersFile:
    """An open members file: `header`, then `blocks()`. Whatever stops it from being read is FileRefused with file
    and line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        try:
            self._bytes: BinaryIO = path.open("rb")
            self.size = path.stat().st_size
        except OSError as problem:
            raise FileRefused(f"{path} cannot be read: {problem.strerror}.") from problem
        text = io.TextIOWrapper(self._bytes, encoding="utf-8-sig", newline="")
        self._reader = csv.reader(text, strict=True)
        self._next_line = 1
        first = self._one()
        while first is not None and not any(first[1]):
            first = self._one()
        if first is None:
            raise FileRefused(
                f"{self.name}, line 1: the file is empty. It needs a header row and a row for each member."
            )
        self.header = read_header(first[1], self.name)

    def __enter__(self) -> MembersFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        self._bytes.close()

    @property
    def done(self) -> int:
        """Bytes read so far, of `size`."""
        return self._bytes.tell()

    def blocks(self, size: int = BLOCK) -> Iterator[list[Record]]:
        """The records in order, SIZE at a time. Lines with nothing on them are no records."""
        block: list[Record] = []
        while (record := self._one()) is not None:
            if record[1]:
                block.append(record)
            if len(block) == size:
                yield block
                block = []
        if block:
            yield block

    def _one(self) -> Record | None:
        line = self._next_line
        try:
            fields = next(self._reader)
        except StopIteration:
            return None
        except UnicodeDecodeError as problem:
            where = _line_that_is_not_utf8(self.path)
            raise FileRefused(
                f"{self.name}, line {where}: this is not UTF-8 text. Save the file as CSV UTF-8."
            ) from problem
        except csv.Error as problem:
            raise FileRefused(f"{self.name}, line {line}: {_sentence(problem)}") from problem
        except OSError as problem:
            raise FileRefused(
                f"{self.name}, line {line}: the file cannot be read further: {problem.strerror}."
            ) from problem
        self._next_line = self._reader.line_num + 1
        return line, fields


def _sentence(problem: csv.Error) -> str:
    said = str(problem)
    if "expected after" in said:
        return "there is something after a closing quotation mark. Write a quotation mark inside a field twice."
    if "unexpected end" in said or "field larger" in said:
        return "a field begins with a quotation mark and does not end with one."
    return f"this is not CSV ({said})."


def _line_that_is_not_utf8(path: Path) -> int:
    """The number of the first line whose bytes are not UTF-8. Read again, because only a bad file needs it."""
    number = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return number
