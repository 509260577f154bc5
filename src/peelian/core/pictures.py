"""Pictures made anew: only the colours of their points are kept. Where a photograph was taken, with which telephone and
when, and whatever else was hidden in the file, stays behind; so does anything made to break a viewer."""

from __future__ import annotations

import io
import warnings
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_POINTS: Final = 50_000_000  # of a picture; a telephone's largest photographs have 48 to 50 million
LONGEST_SIDE: Final = 4_000  # points: what is larger is made smaller, and a number plate can still be read
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")


class Unreadable(Exception):
    """This is no picture that can be opened."""


class TooManyPoints(Exception):
    """This would be larger in memory than any photograph is."""


def remade(content: bytes, longest: int = LONGEST_SIDE) -> tuple[bytes, str]:
    """The picture in a new file, LONGEST points at most in width and height, and its type: JPEG, or PNG where parts of
    it can be seen through or it was no photograph. Of a moving one its first frame. Raises Unreadable and
    TooManyPoints."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
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
    photograph = picture.format in ("JPEG", "WEBP")
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
