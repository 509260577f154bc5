"""What to look at again in an alert, and why. One function, `look`, for the page while somebody writes, for a save, for
Check and send and for the trail, so that they never disagree. Advice is reasons, never a score, and stops nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from peelian.alerts import identifying, wording, words
from peelian.alerts.markdown import to_text
from peelian.alerts.models import Alert
from peelian.alerts.wording import Measure

PARTS = {"title": "Title", "happening": "What is happening", "doing": "What we are doing", "can_do": "What you can do"}
MOST_OF_A_KIND = 4  # in one part; a text full of capitals need not be told of each
IDENTIFIES = {
    "name": "“{words}” names somebody. Leave the name out",
    "plate": "“{words}” looks like a number plate, which points at its keeper. Say colour and make",
    "house": "“{words}” points at a home. Say the street or a part of it",
    "postcode": "“{words}” is a full postcode, which stands for about 15 homes. Say the street or a part of it",
    "phone": "“{words}” looks like somebody’s telephone number. Give 101 or the team’s",
    "email": "“{words}” looks like somebody’s email address. Give the team’s",
}

# Sentences that promise nothing: "Enquiries are ongoing." "Officers are investigating this."
_NOTHING = re.compile(
    r"(?:(?:our|police|the|all|further|full)\s)*(?:enquir(?:y|ies)|inquir(?:y|ies)|investigations?|lines? of enquiry)"
    r"(?:\sinto\s[\w\s]{1,40}?)?\s(?:is|are|remains?|continues?)(?:\sstill)?"
    r"(?:\s(?:ongoing|on-going|on\sgoing|continuing|under\s?way|in\sprogress|open|being\s(?:made|followed|carried\sout)))?"
    r"(?:\s(?:at\sthis\stime|at\sthe\smoment|now))?"
    r"|(?:police|officers|we|the\spolice)\s(?:is|are)\s(?:still\s|currently\s|now\s)?"
    r"(?:investigating|aware|looking\sinto|enquiring)(?:\s(?:of\s)?(?:this|it|the\s\w+|these\s\w+))*"
)
_CAPITALS = re.compile(r"\b[A-Z]{4,}(?:[\s,]+[A-Z]{2,})+\b|\b[A-Z]{7,}\b")
_SHOUTS = re.compile(r"!\s*!|(?:![^!]*){3,}", re.DOTALL)


class Phrase(NamedTuple):
    """Words of the trade and what to write instead. Words in capitals are looked for in capitals."""

    words: str
    instead: str


@dataclass(frozen=True)
class Advice:
    """One thing to look at again. `code` says which kind to the trail, which holds no text."""

    code: str
    part: str  # a key of PARTS
    words: str
    sentence: str

    @property
    def heading(self) -> str:
        return PARTS[self.part]


@dataclass(frozen=True)
class PartLook:
    measure: Measure
    advice: list[Advice] = field(default_factory=list)


@dataclass(frozen=True)
class Look:
    """How an alert reads: each part by itself, and `whole` for the three together."""

    parts: dict[str, PartLook]
    whole: Measure

    @property
    def advice(self) -> list[Advice]:
        return [one for part in self.parts.values() for one in part.advice]

    @property
    def codes(self) -> list[str]:
        """For the trail: the kinds, each once."""
        return sorted({one.code for one in self.advice})


def look(alert: Alert, phrases: Sequence[Phrase]) -> Look:
    """Read an alert as it is in memory. PHRASES is the force's list of jargon."""
    texts = {"title": alert.title, **{name: getattr(alert, name) for name in ("happening", "doing", "can_do")}}
    plain = {name: to_text(text) if name != "title" else text for name, text in texts.items()}
    known = frozenset(filter(None, [alert.team.public_phone, alert.team.public_email]))
    measures = {name: wording.measure(text) for name, text in texts.items()}
    parts = {
        name: PartLook(measures[name], _advice(name, text, phrases, known, measures[name].longest_sentence))
        for name, text in plain.items()
    }
    is_crime = alert.topic is not None and alert.topic.about_crime
    if is_crime and alert.happening.strip() and promises_nothing(alert.doing):
        parts["doing"].advice.insert(0, _no_action(bool(alert.doing.strip())))
    return Look(parts, wording.measure(texts["happening"], texts["doing"], texts["can_do"]))


def promises_nothing(doing: str) -> bool:
    """Whether a part says nothing of what is done: empty, or only that enquiries are ongoing."""
    found = [sentence.removeprefix("- ").lower() for sentence in wording.sentences(to_text(doing))]
    return all(_NOTHING.fullmatch(" ".join(re.sub(r"[^\w\s-]", "", one).split())) for one in found)


def _no_action(is_written: bool) -> Advice:
    if is_written:
        sentence = "This describes a crime and says only that it is looked into. Say what your team has done or will do"
    else:
        sentence = "This describes a crime without an action. Say what your team has done or will do"
    return Advice("no-action", "doing", "", sentence)


def _advice(part: str, plain: str, phrases: Iterable[Phrase], known: frozenset[str], longest: int) -> list[Advice]:
    found = [
        Advice(mark.kind, part, mark.words, IDENTIFIES[mark.kind].format(words=mark.words))
        for mark in identifying.marks(plain, known=known)
    ]
    low = " ".join(plain.split())
    found += _listed("frightening", part, low, words.FRIGHTENING, "“{words}” may frighten; {instead}")
    found += _listed("blaming", part, low, words.BLAMING, "“{words}” puts a label on people; {instead}")
    found += _loud(part, plain)
    listed = {one.words: one.instead for one in phrases}
    found += _listed("jargon", part, low, listed, "“{words}” is police language; write {instead}")
    found += _listed("long-word", part, low, words.LONG, "“{words}” is longer than it needs to be; write {instead}")
    if longest > wording.LONG_SENTENCE:
        sentence = f"One sentence has {longest} words. Two short ones are easier to read"
        found.append(Advice("long-sentence", part, "", sentence))
    return found


def _listed(code: str, part: str, plain: str, given: Mapping[str, str], said: str) -> list[Advice]:
    low = plain.lower()
    found = [one for one in given if one.lower() in low and _pattern(one).search(plain)]
    # “violent rampage” says it all: not “rampage” again
    found = [one for one in found if not any(one != other and one in other for other in found)]
    return [Advice(code, part, one, said.format(words=one, instead=given[one])) for one in found[:MOST_OF_A_KIND]]


@lru_cache(maxsize=1_000)
def _pattern(given: str) -> re.Pattern[str]:
    """Whole words; an abbreviation only in capitals: MO is police language, "mo" is not."""
    exact = any(letter.isalpha() for letter in given) and given == given.upper()
    return re.compile(rf"(?<![\w-]){re.escape(given)}(?![\w-])", 0 if exact else re.IGNORECASE)


def _loud(part: str, plain: str) -> list[Advice]:
    found = []
    shouted = _CAPITALS.search(plain)
    if shouted:
        sentence = f"“{shouted.group()}” in capitals reads as shouting, and is hard to read. Use small letters"
        found.append(Advice("capitals", part, shouted.group(), sentence))
    if _SHOUTS.search(plain):
        found.append(Advice("shouting", part, "!", "So many exclamation marks may frighten. A full stop is enough"))
    return found
