"""What our pages say that a catalogue should know, and what a catalogue lacks."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[2]
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURALS = {"ngettext", "ngettext_lazy"}
# Their docstrings are sentences that residents read (core.errors.PeelianError): all of a file's, or those named
SENTENCES: dict[str, frozenset[str]] = {
    "members/errors.py": frozenset(),
    "core/errors.py": frozenset({"RuleBroken"}),
    "core/limits.py": frozenset({"TooMany"}),
    "delivery/errors.py": frozenset({"BadToken"}),
    "conversations/errors.py": frozenset({"NothingWritten", "TooLong", "LinkRefused", "LetterRefused"}),
    "alerts/errors.py": frozenset(
        {"AlertGone", "LinkExpired", "ReplyTooLong", "NothingToRate", "NotRated", "CommentTooLong", "OnlyATest"}
        | {"OnlyPractice", "PaperGone"}
    ),
    "surveys/errors.py": frozenset(
        {"NoSuchSurvey", "LinkRefused", "Closed", "NotOpenYet", "AnsweredAlready", "NothingAnswered"}
    ),
}
# Joining, My account and what stands around every page: a language is not offered before it has all of these
DEMANDED = ("members/", "core/", "website/templates/website/received")
_TEXT = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
_CALL = re.compile(rf"\b(?:_|gettext)\(\s*u?(?P<said>{_TEXT})\s*\)", re.DOTALL)
_PLURAL_CALL = re.compile(rf"\bngettext\(\s*u?(?P<one>{_TEXT})\s*,\s*u?(?P<many>{_TEXT})\s*,", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
Words = str | tuple[str, str]  # a message, or both its forms in English


@dataclass
class Said:
    """One message and the files that say it."""

    words: Words
    places: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The message, of one with a plural its singular."""
        return self.words if isinstance(self.words, str) else self.words[0]

    @property
    def is_demanded(self) -> bool:
        return any(place.startswith(DEMANDED) for place in self.places)

    def entry(self) -> str:
        """As an entry of a catalogue, to be filled in."""
        python, brace = "%(" in self.key, PLACEHOLDER.search(self.key)
        flag = "#, python-format\n" if python else "#, python-brace-format\n" if brace else ""
        lines = f"#: {' '.join(sorted(set(self.places)))}\n{flag}"
        if isinstance(self.words, str):
            return f'{lines}msgid "{_quoted(self.words)}"\nmsgstr ""\n'
        one, many = map(_quoted, self.words)
        return f'{lines}msgid "{one}"\nmsgid_plural "{many}"\nmsgstr[0] ""\nmsgstr[1] ""\n'


def _quoted(words: str) -> str:
    return words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def said() -> dict[str, Said]:
    """Every message that our templates and modules mark for translation; one with a plural by its singular."""
    found: dict[str, Said] = {}
    for place, words in [*_in_templates(), *_in_modules()]:
        one = words if isinstance(words, str) else words[0]
        kept = found.setdefault(one, Said(words))
        kept.places.append(place)
        if not isinstance(words, str):
            kept.words = words
    return found


def missing(catalogue: Path) -> list[Said]:
    """What a catalogue has no translation for."""
    known = translations(catalogue)
    return [one for words, one in said().items() if not known.get(words)]


def coverage(catalogue: Path) -> str:
    """How much of a catalogue is filled, in words for whoever fills it: joining and My account, then the rest, with
    the files that lack most."""
    everything, lacking = said().values(), missing(catalogue)
    demanded = [one for one in everything if one.is_demanded]
    files = Counter(one.places[0] for one in lacking)
    lines = [
        f"{catalogue.parts[-3]}: {len(everything) - len(lacking)} of {len(everything)} messages; of joining and My "
        f"account {len(demanded) - sum(one.is_demanded for one in lacking)} of {len(demanded)}"
    ]
    return "\n".join([*lines, *(f"  {number:4} lacking in {place}" for place, number in files.most_common())])


def translations(catalogue: Path) -> dict[str, str]:
    """Message → translation, of a .po file; of one with a plural its singular → all forms, a line each, or nothing
    where one of them is empty."""
    from babel.messages.pofile import read_po

    with catalogue.open("rb") as file:
        read = read_po(file)
    found = {}
    for one in read:
        if not one.id:
            continue
        forms = one.string if isinstance(one.string, list | tuple) else [one.string]
        key = one.id[0] if isinstance(one.id, list | tuple) else one.id
        found[str(key)] = "\n".join(map(str, forms)) if all(forms) else ""
    return found


def _in_templates() -> Iterator[tuple[str, Words]]:
    for path in sorted(PACKAGE.rglob("templates/**/*")):
        if path.suffix not in (".html", ".txt"):
            continue
        text, place = path.read_text(encoding="utf-8"), path.relative_to(PACKAGE).as_posix()
        if "translate" not in text and "_(" not in text:
            continue
        python = templatize(text)
        for found in _CALL.finditer(python):
            yield place, ast.literal_eval(found["said"])
        for found in _PLURAL_CALL.finditer(python):
            yield place, (ast.literal_eval(found["one"]), ast.literal_eval(found["many"]))


def _in_modules() -> Iterator[tuple[str, Words]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        place = path.relative_to(PACKAGE).as_posix()
        if "/tests/" in f"/{place}" or ("gettext" not in text and place not in SENTENCES):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield from ((place, words) for words in _of_call(node.func.id, node.args))
            elif isinstance(node, ast.ClassDef) and (words := _sentence(place, node)):
                yield place, words


def _of_call(name: str, arguments: list[ast.expr]) -> Iterator[Words]:
    said = [one.value for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if name in CALLS and said and arguments[0] is not None and isinstance(arguments[0], ast.Constant):
        yield said[0]
    elif name in PLURALS and len(said) == 2:
        yield said[0], said[1]


def _sentence(place: str, node: ast.ClassDef) -> str:
    if place not in SENTENCES or (SENTENCES[place] and node.name not in SENTENCES[place]):
        return ""
    return " ".join((ast.get_docstring(node) or "").split())
