"""Public pages of a team elsewhere: which websites they may be on, and what residents call them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

SITES: Final = {
    "facebook.com": "Facebook",
    "x.com": "X",
    "twitter.com": "X",
    "instagram.com": "Instagram",
    "youtube.com": "YouTube",
    "nextdoor.co.uk": "Nextdoor",
    "whatsapp.com": "WhatsApp",
    "bsky.app": "Bluesky",
    "linkedin.com": "LinkedIn",
    "tiktok.com": "TikTok",
}
MOST: Final = 6


@dataclass(frozen=True)
class Link:
    name: str
    url: str


def links(lines: str) -> list[Link]:
    """The pages in so many lines; what is none of them is left out."""
    return [Link(name, line) for line in lines.splitlines() if (name := site(line))]


def site(address: str) -> str:
    """What people call the website of an https address; empty where it is none of those we know."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    if parts.scheme != "https" or parts.username or parts.port or not parts.path.strip("/"):
        return ""
    return next((name for known, name in SITES.items() if host == known or host.endswith(f".{known}")), "")
