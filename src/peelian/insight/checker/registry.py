"""The rules, in the order in which they are tried. A rule is a function from a paper, or from papers checked
together, to findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from peelian.insight.checker.document import Document
from peelian.insight.checker.findings import Finding
from peelian.insight.checker.rules import (
    bases,
    changes,
    channels,
    coverage,
    decimals,
    definitions,
    derived,
    events,
    few_rows,
    growth,
    parts,
    repeats,
    series,
    signs,
    statements,
    totals,
)

Rule = Callable[[Document], Iterable[Finding]]
RuleForAll = Callable[[Sequence[Document]], Iterable[Finding]]

RULES: list[Rule] = [
    totals.check,
    parts.check,
    channels.check,
    derived.check,
    derived.check_shares,
    few_rows.check,
    signs.check,
    series.check,
    repeats.check,
    decimals.check,
    changes.check,
    bases.check,
    definitions.check,
    coverage.check,
]
RULES_FOR_ALL: list[RuleForAll] = [
    statements.check_together,
    growth.check_together,
    events.check_together,
    repeats.check_together,
]
