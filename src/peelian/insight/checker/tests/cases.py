# ruff: noqa: E501  -- the papers' own lines are long
"""The twenty contradictions of the papers (systems.md 14), each three times: in the papers' words, the same defect in invented words and
figures, and the papers' words put right. R23, H19, E18, C21 and N17 are the papers; ¶ their paragraphs, L their lines."""

from __future__ import annotations

from dataclasses import dataclass

from peelian.insight.checker.tests import cases_of_prose, cases_of_tables


@dataclass(frozen=True)
class Expected:
    kind: str
    printed: str
    expected: str


@dataclass(frozen=True)
class Case:
    number: int
    name: str
    paper: tuple[str, ...]
    in_paper: tuple[Expected, ...]
    invented: tuple[str, ...]
    in_invented: tuple[Expected, ...]
    corrected: tuple[str, ...]
    csv: bool = False


def _case(
    number: int,
    name: str,
    texts: dict[str, object],
    kind: str,
    papers: list[tuple[str, str]],
    inventions: list[tuple[str, str]],
    *,
    csv: bool = False,
) -> Case:
    def several(key: str) -> tuple[str, ...]:
        text = texts[key]
        return (text,) if isinstance(text, str) else tuple(text)  # type: ignore[arg-type]

    return Case(
        number, name, several("paper"), tuple(Expected(kind, *p) for p in papers),
        several("invented"), tuple(Expected(kind, *p) for p in inventions), several("corrected"), csv,
    )  # fmt: skip


T, P = cases_of_tables, cases_of_prose

CASES = [
    _case(1, "R23 Table 3, April", T.APRIL, "column-total", [("247", "195")], [("£2,150", "£2,015")], csv=True),
    _case(2, "R23 Table 3, August", T.AUGUST, "column-total", [("239", "240")], [("1,904", "1,905")], csv=True),
    _case(3, "H19 young first-time entrants", P.ENTRANTS, "wrong-base", [("13%", "11.2%")], [("25%", "20.0%")]),
    _case(4, "E18 L285-313, message types", P.TYPES, "residual", [("", "200")], [("", "75")]),
    _case(5, "E18 L287-346, alerts by channel", P.CHANNELS, "double-count", [("728", "729")], [("410", "415")]),
    _case(
        6, "E18 Appendix A, Origins digits", T.ORIGINS, "damaged-digits",
        [("8.63%", "0.63%"), ("8.59%", "0.59%"), ("8.41%", "0.41%"), ("8.39%", "0.39%"), ("8.78%", "6.78%")],
        [("7.8%", "1.8%"), ("6.4%", "0.4%")],
    ),
    _case(
        7, "E18 Appendix A, Origins labels", T.LABELS, "repeated-row",
        [("29,454, 411, 1.36%", "figures other than those of Dominican"), ("26,891, 481, 5.18%", "figures other than those of Pakistani"),
         ("88,224, 1,730, 3.27%", "figures other than those of Irish")],
        [("4,817, 362", "figures other than those of Elm Road")],
    ),
    _case(
        8, "E18 Appendix A L261-278, sign-ups", T.SIGNUPS, "non-monotone",
        [("1,339", "at least 1,487"), ("1,208", "at least 1,250"), ("100", "at least 104")], [("1,905", "at least 1,950")],
    ),
    _case(9, "E18 ¶64, Specials", T.SPECIALS, "definition", [("132", "152")], [("30", "40")]),
    _case(10, "N17 L69 and L127, signed up", P.SIGNED_UP, "two-values", [("more than 30,000", "27,032")], [("more than 5,000", "4,120")]),
    _case(11, "N17 L127 and E18 ¶25, launch", P.LAUNCH, "two-values", [("2017", "October 2016")], [("2021", "March 2019")]),
    _case(
        12, "H19 L305 and E18 L247, growth", P.GROWTH, "two-values",
        [("85,737 after an increase of 40,000", "an increase of about 32,329")], [("9,400 after an increase of 5,000", "an increase of about 3,300")],
    ),
    _case(13, "E18 ¶33-37, Wholestone", P.WHOLESTONE, "denominator", [("2,124", "1,680")], [("900", "600")]),
    _case(14, "H19 overview", P.OVERVIEW, "ambiguous-cell", [("5.44 📈 5.39/6 📉 -0.04", "one value"), ("75.57% 📈 78.29% 📉 -2.00%", "one value")], [("412 ▲ 398", "one value")]),
    _case(15, "N17 L261, offences", P.OFFENCES, "definition", [("71% + 29%", "shares for Bilking and Burglary (non-residential) too")], [("64% + 36%", "shares for tents too")]),
    _case(16, "H19 L242, Livechat", P.LIVECHAT, "denominator", [("36% (66,000)", "260,914")], [("40% (1,200)", "4,800")]),
    _case(17, "R23 ¶18, cadet units", P.UNITS, "double-count", [("1", "0")], [("2", "0")]),
    _case(
        18, "C21 Tables 1 and 2, Diagram 4; R23 ¶5", P.ABSENT, "not-supplied",
        [("Table 1", "the thing itself"), ("Table 2", "the thing itself"), ("Diagram 4", "the thing itself"), ("The map below", "the thing itself")],
        [("Table 4", "the thing itself"), ("The chart below", "the thing itself")],
    ),
    _case(
        19, "H19 L24-36, aims", P.AIMS, "missing-section",
        [("Reductions in the disparities of confidence in the police across different areas", "a section of its own"), ("Reductions in the fear of crime", "a section of its own")],
        [("Quieter reading rooms", "a section of its own")],
    ),
    _case(20, "E18 Appendix B, Neighbourhood Watch", P.DECIMALS, "decimals", [("23.9%", "23.90%")], [("41.5%", "41.50%")]),
]  # fmt: skip
