"""Photographs as telephones keep them: made anew as JPEG, bare, in a process that can do no harm."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys

import pytest
from PIL import Image

from peelian.core import pictures
from peelian.core.tests.photographs import SECRETS, heic


def test_a_photograph_is_jpeg_without_its_place() -> None:
    given = heic()
    assert pictures.is_heif(given)
    assert all(secret in given for secret in SECRETS)
    made, media_type = pictures.remade(given)
    assert media_type == "image/jpeg"
    with Image.open(io.BytesIO(made)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (60, 40), {})
        above, below = picture.getpixel((30, 5)), picture.getpixel((30, 35))
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    assert above[0] > 150 > above[2]
    assert below[2] > 150 > below[0]
    assert not any(secret in made for secret in SECRETS)


def test_a_large_one_is_made_smaller() -> None:
    made, _ = pictures.remade(heic(240, 160), longest=120)
    assert pictures.size(made) == (120, 80)


def test_one_that_claims_to_be_huge_is_not_opened() -> None:
    given = heic(64, 64)
    real, claimed = (b"ispe\0\0\0\0" + struct.pack("!II", side, side) for side in (64, 9_000))
    assert given.count(real) == 1
    with pytest.raises(pictures.TooManyPoints):
        pictures.remade(given.replace(real, claimed))


@pytest.mark.parametrize("content", [heic()[:-100], b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypmif1avif" + bytes(60)])
def test_what_is_no_photograph_is_refused(content: bytes) -> None:
    with pytest.raises(pictures.Unreadable):
        pictures.remade(content)


def test_the_process_knows_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the environment with its secrets, nor a shell between."""
    asked = []

    def run(command: list[str], **given: object) -> subprocess.CompletedProcess[bytes]:
        asked.append((command, given["env"]))
        return subprocess.CompletedProcess(command, -11, b"", b"")  # the decoder died

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setitem(os.environ, "PEELIAN_SECRET_KEY", "x")
    with pytest.raises(pictures.Unreadable):
        pictures.remade(b"\0\0\0\x18ftypheic")
    assert asked == [([sys.executable, "-I", "-m", "peelian.core.heif", "4000"], {})]
