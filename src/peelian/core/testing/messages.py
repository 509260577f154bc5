"""What our pages say that a catalogue should know, and what a catalogue lacks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[2]
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
# Their docstrings are sentences that residents read (core.errors.PeelianError)
SENTENCES = ("members/errors.py",)
_CALL = re.compile(r"""\b(?:_|gettext)\(\s*u?(?P<said>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*\)""", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@dataclass
class Said:
    """One message and the files that say it."""

    words: str
    places: list[str] = field(default_factory=list)

    def entry(self) -> str:
        """As an entry of a catalogue, to be filled in."""
        words = self.words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        flag = (
            "#, python-format\n" if "%(" in words else "#, python-brace-format\n" if PLACEHOLDER.search(words) else ""
        )
        return f'#: {" ".join(sorted(set(self.places)))}\n{flag}msgid "{words}"\nmsgstr ""\n'


def said() -> dict[str, Said]:
    """Every message that our templates and modules mark for translation."""
    found: dict[str, Said] = {}
    for place, words in [*_in_templates(), *_in_modules()]:
        found.setdefault(words, Said(words)).places.append(place)
    return found


def missing(catalogue: Path) -> list[Said]:
    """What a catalogue has no translation for."""
    known = translations(catalogue)
    return [one for words, one in said().items() if not known.get(words)]


def translations(catalogue: Path) -> dict[str, str]:
    """Message → translation, of a .po file."""
    from babel.messages.pofile import read_po

    with catalogue.open("rb") as file:
        read = read_po(file)
    return {str(one.id): str(one.string) for one in read if one.id}


def _in_templates() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("templates/**/*")):
        if path.suffix not in (".html", ".txt"):
            continue
        text = path.read_text(encoding="utf-8")
        if "translate" in text or "_(" in text:
            for found in _CALL.finditer(templatize(text)):
                yield path.relative_to(PACKAGE).as_posix(), ast.literal_eval(found["said"])


def _in_modules() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        place = path.relative_to(PACKAGE).as_posix()
        if "/tests/" in f"/{place}" or ("gettext" not in text and place not in SENTENCES):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield place, first.value
            elif place in SENTENCES and isinstance(node, ast.ClassDef) and (words := ast.get_docstring(node)):
                yield place, " ".join(words.split())
