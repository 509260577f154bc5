"""What a translator is: somebody elsewhere who gives our words back in another language."""

from __future__ import annotations

from collections.abc import Sequence
from json import loads
from typing import Any, NamedTuple, Protocol

import requests

CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 30.0
MOST_BYTES = 4_000_000  # of an answer
# Ways in which the same language is called elsewhere, tried in this order after its own code
_ALSO = {
    "zh": ("zh-hans",),
    "zh-hans": ("zh", "zh-cn"),
    "zh-hant": ("zt", "zh-tw"),
    "nb": ("no",),
    "no": ("nb",),
    "nn": ("nb", "no"),
    "fil": ("tl",),
    "tl": ("fil",),
    "ku": ("kmr",),
    "kmr": ("ku",),
    "pt": ("pt-pt",),
    "pt-br": ("pb",),
}


class TranslatorProblem(Exception):
    """Why there is no translation, in a sentence for staff that quotes neither our words nor the key. `again`: it may
    work in a while."""

    def __init__(self, sentence: str, *, again: bool = False) -> None:
        super().__init__(sentence)
        self.again = again


class Translated(NamedTuple):
    """Texts in the order in which they were given, and the language they were in (BCP 47, without script or region)."""

    texts: list[str]
    source: str


class Translator(Protocol):
    name: str  # as staff read it
    personal: bool  # approved for what residents write

    def speaks(self) -> frozenset[str]:
        """The codes of languages it translates English into, in small letters. Raises TranslatorProblem."""

    def translate(self, texts: Sequence[str], *, to: str, source: str = "en", html: bool = False) -> Translated:
        """TEXTS in the language TO (BCP 47), in one request. An empty SOURCE: it finds out. With HTML the elements in
        them stay, and what is marked translate="no" as it is. Raises TranslatorProblem."""

    def check(self) -> str:
        """Ask whether it could be used now: empty, or a sentence that says what is wrong."""


def code_of(language: str, known: frozenset[str]) -> str | None:
    """How the translator that knows these calls a language; None where it does not translate into it."""
    wanted = language.lower()
    plain = wanted.partition("-")[0]
    for code in (wanted, *_ALSO.get(wanted, ()), plain, *_ALSO.get(plain, ())):
        if code in known:
            return code
    return None


def must_speak(translator: Translator, language: str) -> str:
    """The translator's own code of a language. Raises TranslatorProblem."""
    code = code_of(language, translator.speaks())
    if code is None:
        raise TranslatorProblem(f"{translator.name} does not translate into this language.")
    return code


def as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No password from a .netrc of the machine takes the place of our key."""
    return request


def ask(
    session: requests.Session, who: str, method: str, address: str, *, json: Any = None, seconds: float = ANSWER_SECONDS
) -> Any:
    """What an API answers, read as JSON. Raises TranslatorProblem with what its status means."""
    try:
        with session.request(
            method, address, json=json, timeout=(CONNECT_SECONDS, seconds), allow_redirects=False, stream=True
        ) as answer:
            body = answer.raw.read(MOST_BYTES + 1, decode_content=True)
            status = answer.status_code
    except requests.Timeout:
        raise TranslatorProblem(f"{who} did not answer in time.", again=True) from None
    except (OSError, ValueError, requests.RequestException):  # its words may repeat ours
        raise TranslatorProblem(f"{who} cannot be reached.", again=True) from None
    except Exception as problem:  # urllib3 has errors of its own for an answer that breaks off
        if not type(problem).__module__.startswith("urllib3"):
            raise
        raise TranslatorProblem(f"{who} broke off in the middle of its answer.", again=True) from None
    _look_at(who, status)
    try:
        if len(body) > MOST_BYTES:
            raise ValueError
        return loads(body)
    except ValueError:
        raise TranslatorProblem(f"{who} answered with something that cannot be read.") from None


def _look_at(who: str, status: int) -> None:
    if status == 200:
        return
    if status in (401, 403):
        raise TranslatorProblem(f"{who} refuses our key.")
    if status == 456:  # DeepL's own: "quota exceeded"
        raise TranslatorProblem(f"{who} has translated as much this month as our contract allows.")
    if status == 429:
        raise TranslatorProblem(f"{who} asks us to slow down.", again=True)
    if status >= 500:
        raise TranslatorProblem(f"{who} has a problem of its own (status {status}).", again=True)
    raise TranslatorProblem(f"{who} did not take our words (status {status}).")


def texts_of(who: str, given: Any, wanted: int) -> list[str]:
    """An answer's list of texts, one for each of ours. Raises TranslatorProblem."""
    if not isinstance(given, list) or len(given) != wanted or not all(isinstance(one, str) for one in given):
        raise TranslatorProblem(f"{who} answered with something that cannot be read.")
    return [one.replace("\x00", "") for one in given]
