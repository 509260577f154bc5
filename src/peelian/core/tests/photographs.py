"""Pictures for tests: photographs that say where they were taken, and one that is far larger than it looks."""

from __future__ import annotations

import io
import struct
import zlib

import pillow_heif
from PIL import ExifTags, Image

RED, BLUE = (200, 30, 30), (30, 30, 200)
SECRETS = (b"Telephone Makers", b"Mill Lane", b"Exif")  # in each photograph, and in nothing that is made of one


def _tags() -> Image.Exif:
    """What a telephone writes into a photograph: its maker, and where it stood."""
    tags = Image.Exif()
    tags[ExifTags.Base.Make] = "Telephone Makers"
    gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (52.0, 24.0, 18.0)
    return tags


def jpeg(width: int = 60, height: int = 40) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), RED).save(out, "JPEG", exif=_tags(), comment=b"Mill Lane 4")
    return out.getvalue()


def heic(width: int = 60, height: int = 40) -> bytes:
    """Its upper half is red and the rest blue."""
    picture = Image.new("RGB", (width, height), BLUE)
    picture.paste(RED, (0, 0, width, height // 2))
    made = pillow_heif.from_pillow(picture)
    made.info.update(exif=_tags().tobytes(), xmp=b"<x:xmpmeta>Mill Lane 4</x:xmpmeta>")
    out = io.BytesIO()
    made.save(out, quality=90)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of a few hundred bytes that claims 60,000 by 60,000 points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    head = struct.pack("!IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )
