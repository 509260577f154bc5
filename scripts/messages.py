"""Compile the catalogues of our pages (locale/*/LC_MESSAGES/django.po) for gettext, and find what they lack.

scripts/messages.py              compile each catalogue to the .mo beside it
scripts/messages.py --count      also print how much of each is filled, and which files lack how many
scripts/messages.py --missing    also print entries to fill in, for what pages say and a catalogue does not know
"""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "peelian"


def compile_all() -> None:
    for path in sorted(PACKAGE.glob("locale/*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


def print_missing() -> None:
    from peelian.core.testing.messages import missing

    for path in sorted(PACKAGE.glob("locale/*/LC_MESSAGES/django.po")):
        for one in missing(path):
            print(one.entry())


def print_coverage() -> None:
    from peelian.core.testing.messages import coverage

    for path in sorted(PACKAGE.glob("locale/*/LC_MESSAGES/django.po")):
        print(coverage(path))


if __name__ == "__main__":
    compile_all()
    if "--count" in sys.argv:
        print_coverage()
    if "--missing" in sys.argv:
        print_missing()
