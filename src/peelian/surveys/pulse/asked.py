"""The two questions, and the words around them, in every language of our own pages. Both arms read the same words,
which name no alert: whoever got one must not be reminded of it and whoever did not must not learn of it by the
question."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

WORRY, INFORMED = "worry", "informed"
TITLE = gettext_noop("Two questions about where you live")
PURPOSE = gettext_noop(
    "We send messages about crime and want to know what they do: whether they worry people, and whether people feel"
    " better informed. So we ask some people, drawn by lot, whether we wrote to them lately or not. With your answers"
    " we keep which kind of message it is about, whether you were among those it went to, and about how many messages"
    " you had; nothing else."
)
CLOSING = gettext_noop(
    "We look at the answers of many people together, and change what we write and how often. Nobody answers you about"
    " this: if something worries you, write to your neighbourhood team, or call 101."
)
_WORRY = gettext_noop("How worried are you about crime where you live?")
_WORRIED = [
    ("very", gettext_noop("Very worried")),
    ("fairly", gettext_noop("Fairly worried")),
    ("not-very", gettext_noop("Not very worried")),
    ("not-at-all", gettext_noop("Not at all worried")),
]
_INFORMED = gettext_noop("How well informed do you feel about what the police do where you live?")
_WELL = [
    ("very", gettext_noop("Very well informed")),
    ("fairly", gettext_noop("Fairly well informed")),
    ("not-very", gettext_noop("Not very well informed")),
    ("not-at-all", gettext_noop("Not at all informed")),
]
COUNTED = ("very", "fairly")  # of either question: worried, informed
CSEW = "Stands for the Crime Survey for England and Wales’s questions on worry about crime, on its scale of four"
ITEM = "Stands for the Crime Survey’s questions on how well informed people feel about the police"


def languages() -> list[str]:
    """Those of our own pages beside English."""
    return [code for code, _ in settings.LANGUAGES if code.partition("-")[0] != "en"]


def definition() -> dict[str, Any]:
    """The questionnaire as surveys.definition stores one."""
    worry = _question(WORRY, _WORRY, _WORRIED, CSEW) | {"good": ["not-very", "not-at-all"]}
    informed = _question(INFORMED, _INFORMED, _WELL, ITEM) | {"good": list(COUNTED)}
    return {"pages": [{"key": "two", "title": _said(TITLE), "questions": [worry, informed]}]}


def words() -> dict[str, Any]:
    """Title, purpose and closing words, as Survey has them."""
    texts = {"title": TITLE, "purpose": PURPOSE, "closing": CLOSING}
    said: dict[str, dict[str, str]] = {}
    for code in languages():
        with override(code):
            said[code] = {name: gettext(text) for name, text in texts.items() if gettext(text) != text}
    return {**texts, "said": {code: found for code, found in said.items() if found}, "languages": languages()}


def _question(key: str, text: str, scale: list[tuple[str, str]], source: str) -> dict[str, Any]:
    options = [{"code": code, "text": _said(words)} for code, words in scale]
    return {
        "key": key, "kind": "likert", "text": _said(text), "options": options, "dont_know": True, "source": source
    }  # fmt: skip


def _said(text: str) -> dict[str, str]:
    found = {"en": text}
    for code in languages():
        with override(code):
            if (said := gettext(text)) != text:
                found[code] = said
    return found
