"""The contradiction checker: what a table or a paper says against itself.

`check_text(markdown, name)` reads a paper, `check_csv(text, name)` a table, `check_files` several files together,
so that two papers can contradict each other. Pure Python: no database, no Django. Which kinds there are is in
`findings.KINDS`; what no rule sees is in `CANNOT_SEE` and in docs/reference/checker.md.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from peelian.insight.checker.document import Document, from_csv, from_markdown
from peelian.insight.checker.findings import KINDS, Finding
from peelian.insight.checker.registry import RULES, RULES_FOR_ALL
from peelian.insight.checker.unseen import CANNOT_SEE

__all__ = [
    "CANNOT_SEE",
    "KINDS",
    "Finding",
    "NotReadable",
    "check_csv",
    "check_documents",
    "check_files",
    "check_text",
    "read_bytes",
    "read_file",
    "read_pasted",
]

MOST_BYTES = 10_000_000


class NotReadable(Exception):
    """A file that cannot be checked; the message is a sentence that names it."""


def check_text(markdown: str, name: str = "paper") -> list[Finding]:
    """What a paper in Markdown says against itself, in the order of its lines."""
    return _check([from_markdown(markdown, name)])


def check_csv(text: str, name: str = "table.csv") -> list[Finding]:
    """What a table in CSV says against itself."""
    return _check([from_csv(text, name)])


def check_files(paths: Sequence[str | Path]) -> list[Finding]:
    """Check files, each alone and all together. Raises NotReadable for the first that cannot be read."""
    return _check([read_file(path) for path in paths])


def read_file(path: str | Path) -> Document:
    """Read a file as a table where its name ends in .csv or .tsv, as a paper otherwise."""
    name, file = str(path), Path(path)
    try:
        if file.is_dir():
            raise NotReadable(f"{name} is a folder. Name the files in it.")
        content = file.read_bytes()
    except OSError as problem:
        raise NotReadable(f"{name} cannot be read: {problem.strerror or problem}.") from problem
    return read_bytes(content, name)


def read_bytes(content: bytes, name: str) -> Document:
    """Read what a file holds. Raises NotReadable with a sentence."""
    if len(content) > MOST_BYTES:
        raise NotReadable(f"{name} is larger than 10 MB. Check a part of it at a time.")
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotReadable(f"{name} is not a text file. Save it as CSV or as Markdown first.")
    text = _decoded(content)
    if not text.strip():
        raise NotReadable(f"{name} is empty.")
    if name.casefold().endswith((".csv", ".tsv")):
        document = from_csv(text, name)
        if not document.tables:
            raise NotReadable(f"{name} holds no table: a head and rows with at least two columns are needed.")
        return document
    return from_markdown(text, name)


def read_pasted(text: str) -> Document:
    """Read what somebody pasted: rows of a CSV file where it looks like them, a paper otherwise."""
    return from_csv(text, "what was pasted") if _is_csv(text) else from_markdown(text, "what was pasted")


def _is_csv(text: str) -> bool:
    """Whether nearly all lines are short cells between one and the same mark, as many as in the line before."""
    lines = [line for line in text.splitlines() if line.strip()][:30]
    if len(lines) < 2 or any(line.lstrip().startswith(("|", "#")) for line in lines):
        return False
    if 2 * sum(line.rstrip().endswith((".", ":", "!", "?")) for line in lines) > len(lines):
        return False  # sentences, with commas
    for mark in ("\t", ";", ","):
        widths = [len(row) for row in csv.reader(lines, delimiter=mark, skipinitialspace=True)]
        usual = max(set(widths), key=widths.count)
        if usual > 1 and widths.count(usual) >= 0.8 * len(widths) and sum(map(len, lines)) <= 60 * usual * len(lines):
            return True
    return False


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # what spreadsheets on Windows write


def check_documents(documents: Sequence[Document]) -> list[Finding]:
    """Check papers already read."""
    return _check(documents)


def _check(documents: Sequence[Document]) -> list[Finding]:
    found: list[Finding] = []
    for document in documents:
        for rule in RULES:
            found += rule(document)
    for rule_for_all in RULES_FOR_ALL:
        found += rule_for_all(documents)
    order = {document.name: i for i, document in enumerate(documents)}
    return sorted(_once(found), key=lambda f: (order.get(f.file, 0), f.line, f.place, f.kind))


def _once(found: Iterable[Finding]) -> list[Finding]:
    """Each contradiction once: the first rule that sees a cell speaks for it."""
    seen: dict[tuple[str, str, str, str], Finding] = {}
    for finding in found:
        seen.setdefault((finding.file, finding.place, finding.kind, finding.printed), finding)
    return list(seen.values())
