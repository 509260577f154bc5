"""A text with what was found beside its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from peelian.insight.checker.findings import KINDS, Finding

SHORT = 6  # more lines than this without a finding are folded away


@dataclass(frozen=True)
class Passage:
    """Lines of a text one after the other, and the findings that belong to them: all of one line, or none of
    several.
    """

    first: int
    lines: tuple[str, ...]
    findings: tuple[tuple[str, Finding], ...] = ()

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1

    @property
    def is_folded(self) -> bool:
        return not self.findings and len(self.lines) > SHORT


def beside(lines: Sequence[str], findings: Sequence[Finding]) -> list[Passage]:
    """The passages of a text, in order, blank lines at their ends left out."""
    at: dict[int, list[Finding]] = {}
    for finding in findings:
        at.setdefault(min(max(finding.line, 1), len(lines)), []).append(finding)
    passages: list[Passage] = []
    start = 1
    for line in [*sorted(at), len(lines) + 1]:
        if line > start and any(text.strip() for text in lines[start - 1 : line - 1]):
            passages.append(_quiet(start, lines[start - 1 : line - 1]))
        if line <= len(lines):
            told = tuple((KINDS[finding.kind], finding) for finding in at[line])
            passages.append(Passage(line, (lines[line - 1].expandtabs(4),), told))
        start = line + 1
    return passages


def _quiet(start: int, lines: Sequence[str]) -> Passage:
    kept = [i for i, text in enumerate(lines) if text.strip()]
    return Passage(start + kept[0], tuple(text.expandtabs(4) for text in lines[kept[0] : kept[-1] + 1]))
