"""What members are compared by: which of their stored answers stands for which topic of the population.

A dimension is what is counted (by the stored answer); a topic is what is asked (by the census's categories). Age is
counted by year of birth, so that any table's bands can be answered.
"""

from __future__ import annotations

from dataclasses import dataclass

EVERYBODY = ""
NOT_SAID = ""  # the category of members who gave no answer

ANSWER = {  # dimension → column of members_equalityanswers
    "ethnic-group": "ethnic_group",
    "birth-year": "birth_year",
    "sex": "sex",
    "disability": "disability",
    "origins": "origin_code",
}
LANGUAGE = "language"
BY_SMALL_AREA = ("deprivation", "oac", "oac-group")  # the class of the small area they live in
BY_POSTCODE = ("mosaic", "acorn")
SIGN_UPS = (*ANSWER, LANGUAGE)  # of those who join; where they lived then is not kept so finely


@dataclass(frozen=True)
class Compared:
    """How a topic is asked of members: the dimension, and what a page has to say of the comparison."""

    dimension: str
    note: str = ""
    without: str = "Did not say"  # the row of members without an answer
    known: str = "said"  # what can be said of all the others: "Of these 334 said"
    unknown: str = "did not say"


_CLASS = "No class known", "live where a class is known", "live where no class is known"
_PLACE = "No small area known", "live in a small area that is known", "live in none that is known"
TOPICS: dict[str, Compared] = {
    "ethnic-group-5": Compared("ethnic-group"),
    "ethnic-group-19": Compared("ethnic-group"),
    "age": Compared(
        "birth-year",
        "Members’ ages are this year less the year of their birth, so that some stand a band too high until their"
        " birthday. Nobody under 18 is asked: bands of younger people are left out.",
    ),
    "sex": Compared("sex"),
    "disability": Compared("disability"),
    "main-language": Compared(
        "language",
        "Of members this is the language they asked for messages in, which need not be their main language: compare"
        " with care.",
        "A language that the table does not name",
    ),
    "deprivation": Compared("deprivation", "Of the small area they live in, not of themselves.", *_PLACE),
    "oac": Compared("oac", "Of the small area they live in, not of themselves.", *_PLACE),
    "oac-group": Compared("oac-group", "Of the small area they live in, not of themselves.", *_PLACE),
    "origins": Compared(
        "origins",
        "Origins are inferred from names and are nobody’s own answer. Validations found about 85% of types right, so"
        " that small gaps may be mistakes of coding. Where members have said their ethnic group, prefer that.",
        "Not coded",
        "are coded",
        "are not coded",
    ),
    "mosaic": Compared("mosaic", "Of the postcode they live in, not of themselves.", *_CLASS),
    "acorn": Compared("acorn", "Of the postcode they live in, not of themselves.", *_CLASS),
}
# For charts and sentences; tables have the census's own words
SHORT = {
    "asian": "Asian", "black": "Black", "mixed": "Mixed", "white": "White", "white-british": "White British",
    "asian-other": "Other Asian", "black-other": "Other Black", "mixed-other": "Other mixed",
    "white-other": "Other White", "white-irish": "White Irish", "black-african": "Black African",
    "black-caribbean": "Black Caribbean", "disabled": "Disabled",
}  # fmt: skip
NOT_ASKED: dict[str, str] = {
    "religion": "Members are not asked for their religion, so nothing can be compared with the population’s.",
    "english": "Members are not asked how well they speak English. Compare by main language instead.",
    "households": "People register, not households, so households cannot be compared.",
}
