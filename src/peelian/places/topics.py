"""What tables of the population are about: the topics we know, their categories, and the words that files use for them.

Codes are those that members' answers are stored under (members.categories), where members give that answer. Categories
and their labels are those of the Census 2021 for England and Wales (ONS tables TS008, TS021, TS029, TS030, TS038) and
of the Output Area Classification 2021 (ONS and University College London).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

TOTALS = {"total", "all", "all people", "all persons", "all residents", "total residents", "all usual residents"}
TOTAL = "total"  # stands for the sum of all categories while a file is read; never kept
LONGEST = 40


@dataclass(frozen=True)
class Kind:
    """A topic. With `closed` only the `labels` are categories; otherwise a file may bring its own.

    `words` are other names for a category, in small letters; those that lead to "" are sums of categories that stand in
    the same table. `answers` says which stored answers of members a category holds, where that is not its own code.
    """

    code: str
    label: str
    labels: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    closed: bool = False
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)


ETHNIC_19 = {
    "asian-bangladeshi": "Bangladeshi",
    "asian-chinese": "Chinese",
    "asian-indian": "Indian",
    "asian-pakistani": "Pakistani",
    "asian-other": "Any other Asian background",
    "black-african": "African",
    "black-caribbean": "Caribbean",
    "black-other": "Any other Black background",
    "mixed-white-asian": "White and Asian",
    "mixed-white-black-african": "White and Black African",
    "mixed-white-black-caribbean": "White and Black Caribbean",
    "mixed-other": "Any other mixed background",
    "white-british": "English, Welsh, Scottish, Northern Irish or British",
    "white-irish": "Irish",
    "white-gypsy-traveller": "Gypsy or Irish Traveller",
    "white-roma": "Roma",
    "white-other": "Any other White background",
    "arab": "Arab",
    "other": "Any other ethnic group",
}
ETHNIC_5 = {
    "asian": "Asian, Asian British or Asian Welsh",
    "black": "Black, Black British, Black Welsh, Caribbean or African",
    "mixed": "Mixed or multiple ethnic groups",
    "white": "White",
    "other": "Other ethnic group",
}
_ETHNIC_19_WORDS = {
    "other asian": "asian-other", "other black": "black-other", "other mixed or multiple ethnic groups": "mixed-other",
    "other white": "white-other", "english, welsh, scottish, northern irish or british": "white-british",
    "white british": "white-british", "any other ethnic group": "other",
}  # fmt: skip
_ETHNIC_19_OF_5 = {
    group: tuple(code for code in ETHNIC_19 if code.partition("-")[0] == group or (group == "other" and code == "arab"))
    for group in ETHNIC_5
}
_ENGLISH = {
    "main": "Main language is English",
    "very-well": "Speaks English very well",
    "well": "Speaks English well",
    "not-well": "Does not speak English well",
    "none": "Does not speak English",
}
_ENGLISH_WORDS = {
    "main language is english (english or welsh in wales)": "main",
    "main language is not english (english or welsh in wales)": "",
    "main language is not english": "",
    "can speak english very well": "very-well",
    "can speak english well": "well",
    "cannot speak english well": "not-well",
    "cannot speak english": "none",
}
_RELIGION = {
    "none": "No religion", "christian": "Christian", "buddhist": "Buddhist", "hindu": "Hindu", "jewish": "Jewish",
    "muslim": "Muslim", "sikh": "Sikh", "other": "Other religion", "not-answered": "Not answered",
}  # fmt: skip
_DISABILITY = {
    "disabled": "Disabled under the Equality Act",
    "limited-a-lot": "Disabled, limited a lot",
    "limited-a-little": "Disabled, limited a little",
    "none": "Not disabled",
}
_DISABILITY_WORDS = {
    "disabled under the equality act": "disabled", "not disabled under the equality act": "none",
    "disabled under the equality act: day-to-day activities limited a lot": "limited-a-lot",
    "disabled under the equality act: day-to-day activities limited a little": "limited-a-little",
    "day-to-day activities limited a lot": "limited-a-lot",
    "day-to-day activities limited a little": "limited-a-little",
    "not disabled": "none",
}  # fmt: skip
# The pen names of the classification's authors; 1 to 8 are its supergroups
OAC = {
    "1": "1 Retired professionals",
    "2": "2 Suburbanites and peri-urbanites",
    "3": "3 Multicultural and educated urbanites",
    "4": "4 Low-skilled migrant and student communities",
    "5": "5 Ethnically diverse suburban professionals",
    "6": "6 Baseline UK",
    "7": "7 Semi- and un-skilled workforce",
    "8": "8 Legacy communities",
}
_DECILES = {
    "1": "1 (most deprived tenth of England)",
    **{str(n): str(n) for n in range(2, 10)},
    "10": "10 (least deprived tenth)",
}

_ALL = (
    Kind("ethnic-group-5", "Ethnic group, five groups", ETHNIC_5, closed=True, answers=_ETHNIC_19_OF_5),
    Kind("ethnic-group-19", "Ethnic group, nineteen groups", ETHNIC_19, _ETHNIC_19_WORDS, closed=True),
    Kind("age", "Age"),
    Kind("sex", "Sex", {"female": "Female", "male": "Male"}, {"females": "female", "males": "male"}, closed=True),
    Kind("disability", "Disability", _DISABILITY, _DISABILITY_WORDS, closed=True,
         answers={"disabled": ("limited-a-lot", "limited-a-little")}),
    Kind("religion", "Religion", _RELIGION, {"not answered": "not-answered"}, closed=True),
    Kind("english", "How well people speak English", _ENGLISH, _ENGLISH_WORDS, closed=True),
    Kind("main-language", "Main language"),
    Kind("households", "Households"),
    Kind("deprivation", "Deprivation, by tenths of England", _DECILES, closed=True),
    Kind("oac", "Output Area Classification", OAC, closed=True),
    Kind("oac-group", "OAC groups"),
    Kind("oac-subgroup", "OAC subgroups"),
    Kind("origins", "Origins"),
    Kind("mosaic", "MOSAIC"),
    Kind("acorn", "Acorn"),
)  # fmt: skip
KINDS = {kind.code: kind for kind in _ALL}
ORDER = {kind.code: place for place, kind in enumerate(_ALL)}
POSTCODE_TOPICS = {"mosaic", "acorn"}


class UnknownCategory(ValueError):
    """A word that is no category of a closed topic."""


def kind(code: str) -> Kind:
    """The topic of that code; one that we do not know may have any categories."""
    return KINDS.get(code) or Kind(code, code.replace("-", " ").capitalize())


def category(topic: str, text: str) -> tuple[str, str]:
    """The code and label of what a file calls a category; ("", "") of a sum of others. Raises UnknownCategory.

    The census's own long names are understood: "Asian, Asian British or Asian Welsh: Indian (number)" is asian-indian.
    """
    plain = re.sub(r"\s+", " ", text).strip()
    if topic == "age":
        return _age(plain)
    known = kind(topic)
    for words in _readings(plain):
        code = _code_of(known, words)
        if code is not None:
            return (code, known.labels[code]) if code else ("", "")
    if known.closed:
        raise UnknownCategory(plain)
    code = slug(plain)
    if not code:
        raise UnknownCategory(plain)
    return code, plain


def is_total(text: str) -> bool:
    """Whether a file's category or column is the sum of all the others."""
    words = re.sub(r"[\s_]+", " ", text).strip().lower()
    return words in TOTALS or words.startswith(("total:", "total (", "all usual residents"))


def slug(text: str) -> str:
    """A code for a category that we do not know: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9+]+", "-", text.lower()).strip("-")[:LONGEST]


def in_order(topic: str, found: dict[str, str]) -> dict[str, str]:
    """The categories of a table (code → label) in the order in which pages show them."""
    known = list(kind(topic).labels)
    if topic == "age":
        return dict(sorted(found.items(), key=lambda pair: int(re.split(r"[-+]", pair[0])[0])))
    if known:
        return dict(sorted(found.items(), key=lambda pair: known.index(pair[0])))
    return dict(found)


def _readings(text: str) -> list[str]:
    """A long name as it is, without "(number)", and what follows its last colon; in small letters."""
    bare = re.sub(r"\s*\(number\)$", "", text.lower())
    return [bare, *([bare.rsplit(":", 1)[1].strip()] if ":" in bare else [])]


def _code_of(known: Kind, words: str) -> str | None:
    if words in known.words:
        return known.words[words]
    if words in known.labels:
        return words
    dashed = words.replace(" ", "-").replace("_", "-")
    if dashed in known.labels:
        return dashed
    return next((code for code, label in known.labels.items() if label.lower() == words), None)


def _age(text: str) -> tuple[str, str]:
    """ "0-4", "Aged 4 years and under", "age_0_4", "90+", "Aged 37 years": a band of years."""
    words = re.sub(r"^aged?[\s_]*", "", text.lower()).replace("years", "").replace("year", "")
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    rest = re.sub(r"[\d\s_\-–+]|to|and|plus|over|under|or|older|above", "", words)
    if rest or words.lstrip()[:1] in ("-", "–") or not 1 <= len(numbers) <= 2 or max(numbers) > 130:
        raise UnknownCategory(text)
    if len(numbers) == 2:
        if numbers[0] > numbers[1]:
            raise UnknownCategory(text)
        return f"{numbers[0]}-{numbers[1]}", f"{numbers[0]} to {numbers[1]}"
    (one,) = numbers
    if re.search(r"\+|plus|over|older|above", words):
        return f"{one}+", f"{one} and over"
    if "under" in words:
        last = one - 1 if words.strip().startswith("under") else one
        return (f"0-{last}", f"0 to {last}") if last > 0 else ("0", "Under 1")
    return str(one), str(one)
