"""Questionnaires to begin with: pages of items of the library, and the words around them."""

from __future__ import annotations

from dataclasses import dataclass

from peelian.surveys.library import Stored, key_of, question


@dataclass(frozen=True)
class Set:
    """A questionnaire to begin with: pages of items, and the words around them."""

    title: str
    about: str  # for staff: when to take it
    purpose: str
    closing: str
    pages: tuple[tuple[str, tuple[str, ...]], ...]
    mode: str = "anonymous"


_ABOUT_YOU = ("About you", ("you.age", "you.sex", "you.ethnicity"))
_NEXT = "We publish what people told us and what we do about it, neighbourhood by neighbourhood."
SETS = {
    "doing": Set(
        "How are we doing?",
        "The poll of everybody who gets our messages: confidence, good job, feeling safe.",
        "Tell us how we are doing, so that we know where to get better.",
        _NEXT,
        (
            ("How we are doing", ("doing.goodjob", "doing.confidence")),
            ("How safe you feel", ("doing.safe_day", "doing.safe_night", "doing.why")),
            _ABOUT_YOU,
        ),
    ),
    "area": Set(
        "What matters near you",
        "Priorities of a ward or impact area, with a place on the map.",
        "You know your streets best. What you say here decides what we work on first.",
        _NEXT,
        (
            ("Near your home", ("area.priorities", "area.first", "area.where")),
            ("A year ago and now", ("area.change", "area.words", "csew.goodjob")),
            _ABOUT_YOU,
        ),
    ),
    "victim": Set(
        "How we dealt with what happened to you",
        "The five aspects of victim satisfaction; never for domestic abuse, sexual offences or children.",
        "You were in touch with us lately. Tell us how we dealt with it.",
        "We read every answer, and use them to train our people.",
        (
            ("Our service", ("victim.contact", "victim.action", "victim.followup")),
            ("How it was for you", ("victim.treatment", "victim.whole", "victim.better")),
            _ABOUT_YOU,
        ),
    ),
    "csew": Set(
        "Confidence in the police",
        "The Crime Survey’s items on confidence, fairness, respect and good job.",
        "We ask what people nationally are asked, so that we can be compared.",
        _NEXT,
        (
            (
                "The police in your area",
                ("csew.confidence", "csew.fairness", "csew.respect", "csew.concerns", "csew.goodjob"),
            ),
            _ABOUT_YOU,
        ),
    ),
    "voice": Set(
        "Listening to the public voice",
        "Good job locally and as a whole, and confidence.",
        "Tell us what you think of your police, here and in the whole force.",
        _NEXT,
        (("Your police", ("voice.local", "voice.force", "voice.confidence")), _ABOUT_YOU),
    ),
    "chat": Set(
        "Your chat with us",
        "The exit survey of live chat: one page.",
        "Two questions about the chat you have just had.",
        "Thank you. We read what you write every week.",
        (("Your chat", ("chat.rating", "chat.again", "chat.words")),),
    ),
    "conversation": Set(
        "Our answer to you",
        "One question when a conversation has been closed.",
        "One question about how we answered you.",
        "Thank you. It helps the team to answer better.",
        (("Our answer", ("contact.helpful",)),),
    ),
}


def definition_of(name: str) -> Stored:
    """The stored questionnaire of a set."""
    pages = []
    for number, (title, items) in enumerate(SETS[name].pages, 1):
        questions = [question(item, key_of(item)) for item in items]
        pages.append({"key": f"page_{number}", "title": {"en": title}, "questions": questions})
    return {"pages": pages}
