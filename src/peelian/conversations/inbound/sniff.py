"""What a file is, by its first bytes and not by its name or by what the message says of it.

Taken: JPEG, HEIC, PNG, GIF, WebP (pictures, which are made anew), PDF, and plain text. Everything else is refused with
a sentence.
"""

from __future__ import annotations

from typing import Final

from peelian.core.pictures import is_heif

PICTURES: Final = frozenset({"image/jpeg", "image/heic", "image/png", "image/gif", "image/webp"})
TAKEN: Final = "photographs and pictures (JPEG, HEIC, PNG, GIF, WebP), PDF and plain text"
_TEXT_CONTROLS = frozenset(b"\t\n\r\f")


def media_type(content: bytes) -> str:
    """The type of a file that we take; empty for any other."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if is_heif(content):
        return "image/heic"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    return "text/plain" if _is_text(content) else ""


def file_name(name: str, media_type: str) -> str:
    """A name for what is handed out: it ends as its type does, whatever it was called."""
    ending = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}.get(media_type, "txt")
    stem = name.rpartition(".")[0] or name
    return f"{stem[:100]}.{ending}"


def _is_text(content: bytes) -> bool:
    """Readable as UTF-8, without controls, and nothing that a browser would take for a page if it guessed."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if any(byte < 32 and byte not in _TEXT_CONTROLS for byte in content) or "\x7f" in text:
        return False
    start = text.lstrip("\ufeff \t\r\n\f")[:200].lower()
    return not start.startswith(("<!doctype", "<html", "<?xml", "<svg", "<script", "#!", "{\\rtf", "mime-version:"))
