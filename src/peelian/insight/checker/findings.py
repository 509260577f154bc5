"""What the checker says: one contradiction, where it stands, and what would be right."""

from __future__ import annotations

from dataclasses import dataclass, field

KINDS = {
    "column-total": "The parts of a column do not sum to its total",
    "row-total": "The parts of a row do not sum to its total, or a difference is not the difference",
    "residual": "A total leaves a number over that is not printed",
    "wrong-base": "A percentage is not that of the figures beside it",
    "direction": "A word or sign says up where the figures say down, or the other way round",
    "two-values": "One thing has two values at one date",
    "non-monotone": "A series that only adds up falls",
    "repeated-row": "A row repeats another row's numbers under another name",
    "damaged-digits": "A figure fits the others only with other digits",
    "definition": "The figures do not follow the definition, or count something else than the words",
    "missing-section": "Something is announced and has no section",
    "denominator": "The base that a percentage implies is not the base that is stated",
    "double-count": "Parts add up to more than the whole: something is counted twice",
    "ambiguous-cell": "A cell holds two values",
    "not-supplied": "A table, chart or map is referred to and is not there",
    "decimals": "The same measure is printed with differing decimals",
}


@dataclass(frozen=True)
class Finding:
    """One contradiction. `printed` and `expected` are words as a reader would write them, `why` is a sentence."""

    file: str
    place: str
    kind: str
    printed: str
    expected: str
    why: str
    line: int = field(default=0, compare=False)

    def as_dict(self) -> dict[str, str]:
        """The six fields of the command's JSON."""
        return {
            "file": self.file,
            "place": self.place,
            "kind": self.kind,
            "printed": self.printed,
            "expected": self.expected,
            "why": self.why,
        }

    def as_line(self) -> str:
        """The one line that the command prints."""
        return (
            f"{self.file}: {self.place}: {self.kind}: printed {self.printed or 'nothing'}, "
            f"expected {self.expected}. {self.why}"
        )
