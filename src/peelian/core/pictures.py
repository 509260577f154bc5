"""Pictures made anew: only the colours of their points are kept. Where a photograph was taken, with which telephone and
when, and whatever else was hidden in the file, stays behind; so does anything made to break a viewer.

Photographs as telephones keep them (HEIC) are opened by a process of their own (core.heif): their decoders are large,
written in C and read what strangers send, so they get neither our secrets nor more than a minute and two gigabytes.
"""

from __future__ import annotations

import io
import subprocess
import sys
import warnings
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_POINTS: Final = 50_000_000  # of a picture; a telephone's largest photographs have 48 to 50 million
LONGEST_SIDE: Final = 4_000  # points: what is larger is made smaller, and a number plate can still be read
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
REFUSED: Final = 3  # what the process for HEIC ends with: no picture
TOO_LARGE: Final = 4  # ... too many points
_SECONDS = 60


class Unreadable(Exception):
    """This is no picture that can be opened."""


class TooManyPoints(Exception):
    """This would be larger in memory than any photograph is."""


def is_heif(content: bytes) -> bool:
    """Photographs as newer telephones keep them (ISO/IEC 23008-12: a box `ftyp` with one of these brands)."""
    return content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS


def remade(content: bytes, longest: int = LONGEST_SIDE) -> tuple[bytes, str]:
    """The picture in a new file, LONGEST points at most in width and height, and its type: JPEG, or PNG where parts of
    it can be seen through or it was no photograph. Of a moving one its first frame. Raises Unreadable and
    TooManyPoints."""
    return _apart(content, longest) if is_heif(content) else made_anew(content, longest)


def _apart(content: bytes, longest: int) -> tuple[bytes, str]:
    command = [sys.executable, "-I", "-m", "peelian.core.heif", str(longest)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, env={}, check=False)
    except subprocess.TimeoutExpired:
        raise Unreadable from None
    if done.returncode == TOO_LARGE:
        raise TooManyPoints
    if done.returncode:  # refused, or the decoder died of it
        raise Unreadable
    return done.stdout, "image/png" if done.stdout.startswith(b"\x89PNG") else "image/jpeg"


def made_anew(content: bytes, longest: int, formats: tuple[str, ...] = _FORMATS) -> tuple[bytes, str]:
    """The same in this process, of the FORMATS that Pillow knows."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=formats) as picture:
                if picture.width * picture.height > MOST_POINTS:  # read from its head: nothing is decoded yet
                    raise TooManyPoints
                return _written(picture, longest)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPoints from None
    except TooManyPoints:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError):
        raise Unreadable from None
    except (MemoryError, OverflowError, ZeroDivisionError, AttributeError, RuntimeError):
        raise Unreadable from None


def _written(picture: Image.Image, longest: int) -> tuple[bytes, str]:
    photograph = picture.format in ("JPEG", "WEBP", "HEIF")
    picture.draft("RGB", (longest, longest))  # JPEG: decoded at a half or quarter where that is enough
    upright = ImageOps.exif_transpose(picture)
    seen_through = "A" in upright.getbands() or "transparency" in upright.info
    plain = upright.convert("RGBA" if seen_through else "RGB")
    plain.thumbnail((longest, longest))
    bare = Image.new(plain.mode, plain.size)  # has no tags, no colour profile and no comment to take along
    bare.paste(plain)
    out = io.BytesIO()
    if photograph and not seen_through:
        bare.save(out, "JPEG", quality=88, optimize=True)
        return out.getvalue(), "image/jpeg"
    bare.save(out, "PNG")
    return out.getvalue(), "image/png"


def size(content: bytes) -> tuple[int, int]:
    """Width and height of a picture that `remade` has made."""
    with Image.open(io.BytesIO(content)) as picture:
        return picture.width, picture.height
