"""Questions that are asked over and over, so that waves and forces can be compared. The wording is ours; each says
whose question it stands for. `LIBRARY` maps an item’s name to a stored question without its key; `sets` puts them
together to whole questionnaires."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from peelian.surveys.definition import GRID, LIKERT, MULTIPLE, RATING, SINGLE, TEXT

Stored = dict[str, Any]


@dataclass(frozen=True)
class Item:
    name: str
    group: str
    question: Stored

    @property
    def words(self) -> str:
        return str(self.question["text"]["en"])


def _options(said: Sequence[tuple[str, str]], alone: str = "") -> list[Stored]:
    return [{"code": code, "text": {"en": text}, **({"alone": True} if code == alone else {})} for code, text in said]


AGREE = (
    ("strongly-agree", "Strongly agree"),
    ("tend-to-agree", "Tend to agree"),
    ("neither", "Neither agree nor disagree"),
    ("tend-to-disagree", "Tend to disagree"),
    ("strongly-disagree", "Strongly disagree"),
)
SATISFIED = (
    ("completely", "Completely satisfied"),
    ("very", "Very satisfied"),
    ("fairly", "Fairly satisfied"),
    ("neither", "Neither satisfied nor dissatisfied"),
    ("fairly-dis", "Fairly dissatisfied"),
    ("very-dis", "Very dissatisfied"),
    ("completely-dis", "Completely dissatisfied"),
)
JOB = (("excellent", "Excellent"), ("good", "Good"), ("fair", "Fair"), ("poor", "Poor"), ("very-poor", "Very poor"))
SAFE = (
    ("very-safe", "Very safe"),
    ("fairly-safe", "Fairly safe"),
    ("bit-unsafe", "A bit unsafe"),
    ("very-unsafe", "Very unsafe"),
)
OFTEN = (("better", "Better"), ("same", "About the same"), ("worse", "Worse"))
CONCERNS = (
    ("burglary", "Burglary"),
    ("vehicle", "Theft of or from vehicles"),
    ("robbery", "Robbery and theft from people"),
    ("drugs", "People using or dealing drugs"),
    ("antisocial", "Loud, rowdy or inconsiderate behaviour"),
    ("driving", "Speeding and dangerous driving"),
    ("violence", "Violence and knives"),
    ("hate", "Abuse because of who somebody is"),
    ("damage", "Damage and graffiti"),
    ("rubbish", "Rubbish and fly-tipping"),
    ("none", "None of these"),
)

H19 = "West Midlands PCC headline report, November 2019"
CSEW = "Stands for the question of the Crime Survey for England and Wales; top two answers count as good"
VOICE = f"Listening to the Public Voice, waves since November 2018 ({H19})"
DOING = f"“How are we doing?” poll of everybody who gets messages ({H19})"
AREA = "Surveys of impact areas, 2019 and 2022 (board paper of 2021, paragraph 40)"
CHAT = f"Live chat exit survey since August 2018 ({H19})"
FEELS = "Stands for the Crime Survey’s questions on feeling safe"
VICTIM = f"Victim satisfaction survey, one of five aspects on a 7-point scale ({H19}); top three answers count as good"


def _scale(text: str, scale: Sequence[tuple[str, str]], good: int, source: str, *, dont_know: bool = True) -> Stored:
    made: Stored = {"kind": LIKERT, "text": {"en": text}, "options": _options(scale), "source": source}
    return made | {"good": [code for code, _ in scale[:good]], "dont_know": dont_know}


def _own_words(text: str, source: str, hint: str = "") -> Stored:
    return {"kind": TEXT, "text": {"en": text}, "source": source} | ({"hint": {"en": hint}} if hint else {})


_ITEMS: list[tuple[str, str, Stored]] = [
    (
        "victim.contact",
        "After a crime",
        _scale("How satisfied are you with how easy it was to reach us?", SATISFIED, 3, VICTIM),
    ),
    (
        "victim.action",
        "After a crime",
        _scale("How satisfied are you with what we did about it?", SATISFIED, 3, VICTIM),
    ),
    (
        "victim.followup",
        "After a crime",
        _scale("How satisfied are you with how we kept you informed?", SATISFIED, 3, VICTIM),
    ),
    (
        "victim.treatment",
        "After a crime",
        _scale("How satisfied are you with how our people treated you?", SATISFIED, 3, VICTIM),
    ),
    (
        "victim.whole",
        "After a crime",
        _scale("Taking everything together, how satisfied are you with our service?", SATISFIED, 3, VICTIM),
    ),
    ("victim.better", "After a crime", _own_words("What could we have done better?", VICTIM, "Do not name anybody.")),
    (
        "csew.confidence",
        "Confidence",
        _scale("Taking everything into account, I have confidence in the police in this area.", AGREE, 2, CSEW),
    ),
    (
        "csew.fairness",
        "Confidence",
        _scale("The police in this area would treat me fairly, whoever I am.", AGREE, 2, CSEW),
    ),
    (
        "csew.respect",
        "Confidence",
        _scale("The police in this area would treat me with respect if I had contact with them.", AGREE, 2, CSEW),
    ),
    (
        "csew.concerns",
        "Confidence",
        _scale("The police in this area understand what matters to people here.", AGREE, 2, CSEW),
    ),
    (
        "csew.goodjob",
        "Confidence",
        _scale("How good a job do you think the police are doing in this area?", JOB, 2, CSEW),
    ),
    (
        "voice.local",
        "Listening to the Public Voice",
        _scale("How good a job are the police doing where you live?", JOB, 2, VOICE),
    ),
    (
        "voice.force",
        "Listening to the Public Voice",
        _scale("How good a job is your police force doing as a whole?", JOB, 2, VOICE),
    ),
    (
        "voice.confidence",
        "Listening to the Public Voice",
        _scale("I have confidence in my police force.", AGREE, 2, VOICE),
    ),
    ("doing.goodjob", "How are we doing?", _scale("How good a job are we doing?", JOB, 2, DOING)),
    (
        "doing.confidence",
        "How are we doing?",
        _scale(
            "How much confidence do you have in us?",
            (
                ("great", "A great deal"),
                ("fair", "A fair amount"),
                ("little", "Not very much"),
                ("none", "None at all"),
            ),
            2,
            DOING,
        ),
    ),
    (
        "doing.safe_day",
        "How are we doing?",
        _scale("How safe do you feel walking alone near home by day?", SAFE, 2, FEELS),
    ),
    (
        "doing.safe_night",
        "How are we doing?",
        _scale("How safe do you feel walking alone near home after dark?", SAFE, 2, FEELS),
    ),
    ("doing.why", "How are we doing?", _own_words("What is the one thing we should do better?", DOING)),
    (
        "area.priorities",
        "Impact areas and priorities",
        {
            "kind": MULTIPLE,
            "text": {"en": "Which of these are a problem near your home?"},
            "hint": {"en": "Tick as many as you like."},
            "options": _options(CONCERNS, alone="none"),
            "source": AREA,
        },
    ),
    (
        "area.first",
        "Impact areas and priorities",
        {
            "kind": SINGLE,
            "text": {"en": "Which should we work on first?"},
            "options": _options(CONCERNS[:-1]),
            "source": AREA,
        },
    ),
    (
        "area.change",
        "Impact areas and priorities",
        {
            "kind": SINGLE,
            "text": {"en": "Compared with a year ago, is your area better or worse to live in?"},
            "options": _options(OFTEN),
            "dont_know": True,
            "source": AREA,
        },
    ),
    (
        "area.where",
        "Impact areas and priorities",
        {"kind": "place", "text": {"en": "Where is it worst?"}, "source": AREA},
    ),
    (
        "area.words",
        "Impact areas and priorities",
        _own_words("What would make the biggest difference where you live?", AREA),
    ),
    ("chat.rating", "After a live chat", _scale("How was your chat with us?", JOB, 2, CHAT, dont_know=False)),
    (
        "chat.again",
        "After a live chat",
        {
            "kind": SINGLE,
            "text": {"en": "Would you use live chat again?"},
            "options": _options((("yes", "Yes"), ("no", "No"))),
            "dont_know": True,
            "good": ["yes"],
            "source": CHAT,
        },
    ),
    ("chat.words", "After a live chat", _own_words("Anything you want to tell us about it?", CHAT)),
    (
        "contact.helpful",
        "After a conversation",
        {
            "kind": RATING,
            "text": {"en": "How helpful was our answer?"},
            "low": {"en": "no help"},
            "high": {"en": "very helpful"},
            "source": "Ours",
        },
    ),
    (
        "trust.each",
        "Confidence",
        {
            "kind": GRID,
            "text": {"en": "How far do you agree?"},
            "rows": _options(
                (
                    ("listen", "They listen before they decide"),
                    ("explain", "They explain what they do"),
                    ("respect", "They treat people with respect"),
                    ("fair", "They treat everybody the same"),
                )
            ),
            "options": _options(AGREE),
            "dont_know": True,
            "good": ["strongly-agree", "tend-to-agree"],
            "source": "Ours, after the four parts of procedural justice (voice, transparency, respect, neutrality)",
        },
    ),
    (
        "you.age",
        "About you",
        {
            "kind": SINGLE,
            "text": {"en": "How old are you?"},
            "options": _options(
                (
                    ("16-24", "16 to 24"),
                    ("25-34", "25 to 34"),
                    ("35-44", "35 to 44"),
                    ("45-54", "45 to 54"),
                    ("55-64", "55 to 64"),
                    ("65-74", "65 to 74"),
                    ("75", "75 or older"),
                )
            ),
            "source": "Census 2021 age bands",
        },
    ),
    (
        "you.sex",
        "About you",
        {
            "kind": SINGLE,
            "text": {"en": "What is your sex?"},
            "options": _options((("female", "Female"), ("male", "Male"))),
            "source": "Census 2021",
        },
    ),
    (
        "you.ethnicity",
        "About you",
        {
            "kind": SINGLE,
            "text": {"en": "Which of these describes you best?"},
            "options": _options(
                (
                    ("asian", "Asian or Asian British"),
                    ("black", "Black, Black British, Caribbean or African"),
                    ("mixed", "Mixed or several ethnic groups"),
                    ("white", "White"),
                    ("other", "Another ethnic group"),
                )
            ),
            "source": "Census 2021, five groups",
        },
    ),
]
LIBRARY = {name: Item(name, group, question) for name, group, question in _ITEMS}


def question(name: str, key: str) -> Stored:
    """A stored question from the library, with its key."""
    return {"key": key, **deepcopy(LIBRARY[name].question), "item": name}


def key_of(item: str) -> str:
    """The key that a question from the library has where it is free: the same in each survey, so that waves fit."""
    return item.replace(".", "_")


def groups() -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in LIBRARY.values():
        found.setdefault(item.group, []).append(item)
    return found
