"""Reads of campaigns."""

from __future__ import annotations

from peelian.members.models_campaigns import Campaign


def campaign_by_code(code: str) -> Campaign | None:
    """The campaign of a short link, however it was typed; None for a code that is nobody's."""
    return Campaign.objects.filter(code=code.strip().lower()).first()


def campaign(pk: int) -> Campaign | None:
    return Campaign.objects.filter(pk=pk).first()
