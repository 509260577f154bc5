"""The QR code of a campaign, by itself and on a poster."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from peelian.core import printing, qr
from peelian.members import queries_campaigns
from peelian.members.models_campaigns import Campaign

TEMPLATE = Path(__file__).parent / "print" / "poster.typ"
SIZES = ("a5", "a3")
HEADLINE = ["Know what happens", "where you live"]
LINES = [
    "News of your own streets from your police team",
    "What we are doing about it, and what you can do",
    "You choose what and how often, and you can write back",
]


def qr_code(campaign: Campaign, *, kind: qr.Kind, border: int = qr.BORDER) -> bytes:
    """The QR code of the short link."""
    return qr.drawn(queries_campaigns.link(campaign), kind=kind, border=border)


def words(campaign: Campaign, size: str) -> dict[str, object]:
    """Everything the poster says. The campaign's own name is for staff and is not on it."""
    typed = queries_campaigns.in_words(campaign)
    return {
        "size": size,
        "lang": "en",
        "title": f"Join {settings.PEELIAN_SERVICE_NAME}",
        "colour": settings.PEELIAN_COLOUR,
        "force": settings.PEELIAN_FORCE_NAME,
        "service": settings.PEELIAN_SERVICE_NAME,
        "from": f"from {settings.PEELIAN_FORCE_NAME}",
        "headline": HEADLINE,
        "scan": "Scan to join",
        "lines": LINES,
        "stop": "Free. Stop at any time.",
        "type_it": "No camera? Type this in your browser:",
        "link": typed,
        "team": campaign.team.name,
        "emergency": "In an emergency call 999. Otherwise 101.",
        "qr": qr_code(campaign, kind="svg", border=0).decode(),
        "alt": f"QR code that opens {typed}",
    }


def poster(campaign: Campaign, size: str) -> bytes:
    """The poster as PDF; SIZE a5 or a3."""
    return printing.pdf(TEMPLATE, words(campaign, size))


def picture(campaign: Campaign, *, ppi: float = 72) -> bytes:
    """The A5 poster as PNG, to look at before printing."""
    return printing.png(TEMPLATE, words(campaign, "a5"), ppi=ppi)
