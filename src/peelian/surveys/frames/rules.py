"""Who is not asked in a survey of victims, whatever a list says. The one place that decides it.

Asking by email or text is no way to hear those whose answer somebody at home may not see, or whose harm a form cannot
meet: domestic abuse, sexual offences, children. A type of crime is looked through for whole words; where a word could
mean both, the person is left out. A type that is only a code cannot be looked through and is refused (NotInWords).
"""

from __future__ import annotations

import re
from enum import StrEnum

ADULT = 18  # years
NOT_AGAIN = 12  # months in which nobody is asked twice

# Whole words and phrases, in any case. Home Office counting rules name crimes by them ("Rape of a female aged 16 and
# over", "Sexual activity with a child under 13", "Engage in controlling or coercive behaviour in an intimate or family
# relationship", "Cruelty to and neglect of children").
DOMESTIC = (
    "domestic", "domestically", "dv", "da", "coercive", "coercion", "controlling", "intimate", "partner",
    "partners", "ex-partner", "spouse", "husband", "wife", "family", "familial", "honour", "honor", "forced marriage",
    "stalking", "stalker", "fgm", "genital mutilation", "non-fatal strangulation", "strangulation",
)  # fmt: skip
SEXUAL = (
    "sexual", "sexually", "sex", "rape", "raped", "rapes", "rapist", "indecent", "indecently", "indecency", "grooming",
    "groomed", "voyeurism", "exposure", "upskirting", "cyberflashing", "revenge porn", "pornography", "pornographic",
    "prostitution", "brothel", "incest", "buggery", "molestation", "rasso", "sexting", "sextortion",
)  # fmt: skip
CHILD = (
    "child", "children", "childs", "child's", "infant", "baby", "juvenile", "paedophile", "paedophilia", "cse", "cce",
    "schoolchild", "pupil", "under 10", "under 11", "under 12", "under 13", "under 14", "under 15", "under 16",
    "under 17", "under 18", "teenager", "youth", "young person",
)  # fmt: skip
# "Domestic burglary" is a burglary of somebody's home. Where more of it speaks of abuse, it is left out all the same
HOUSES = re.compile(r"\b(?:non[- ]domestic|domestic burglary|burglary,? (?:in a )?domestic)\b", re.I)
_A_WORD = re.compile(r"[^\W\d_]{3}")


class Reason(StrEnum):
    """Why a row was left out; the first that holds counts."""

    NOT_SAFE = "not-safe"
    DOMESTIC = "domestic"
    SEXUAL = "sexual"
    CHILD = "child"
    CONTACT = "contact"
    STOPPED = "stopped"
    HERE = "here"
    TWICE = "twice"
    LATELY = "lately"


WORDS = {
    Reason.NOT_SAFE: "Not marked as safe to contact",
    Reason.DOMESTIC: "Domestic abuse",
    Reason.SEXUAL: "Sexual offences",
    Reason.CHILD: f"Under {ADULT}, or a crime against a child",
    Reason.CONTACT: "No email address or mobile number that a message can go to",
    Reason.STOPPED: "The address is stopped: they asked us to, or an administrator did",
    Reason.HERE: "In this survey already, by the same reference or address",
    Reason.TWICE: "Twice in the file, by the same reference or address",
    Reason.LATELY: f"On another list that is being asked, or asked as a victim in the last {NOT_AGAIN} months",
}


class NotInWords(ValueError):
    """Write the type of crime in words. A code cannot be looked through for those whom nobody may ask."""

    def __str__(self) -> str:
        return " ".join((self.__doc__ or "").split())


def about(crime: str) -> Reason | None:
    """The rule that a type of crime falls under. Raises NotInWords for a code."""
    if not _A_WORD.search(crime):
        raise NotInWords
    for reason, pattern in _LOOKED_FOR:
        if pattern.search(HOUSES.sub(" ", crime) if reason == Reason.DOMESTIC else crime):
            return reason
    return None


def _whole(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, whole; what stands between those of a phrase does not matter, nor the kind of apostrophe."""
    each = (r"[\s\W_]+".join(re.escape(part).replace("'", "['’]") for part in word.split()) for word in words)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(each)})(?![^\W_])", re.I)


_LOOKED_FOR = (
    (Reason.DOMESTIC, _whole(DOMESTIC)), (Reason.SEXUAL, _whole(SEXUAL)), (Reason.CHILD, _whole(CHILD)),
)  # fmt: skip


def is_yes(said: str) -> bool:
    """An explicit yes: "1" or "true" may stand for anything in another system."""
    return said.strip().casefold() in ("yes", "y")


def is_no(said: str) -> bool:
    """Nothing, or an explicit no. Of a flag that warns, everything else counts as a yes."""
    return said.strip().casefold() in ("", "no", "n")
