"""Reads of board papers, scoped to who asks."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from peelian.accounts.models import Staff
from peelian.accounts.queries import scope_area_ids
from peelian.insight.models import BoardPaper, Commentary
from peelian.insight.papers.errors import NoSuchPaper


def papers_of(staff: Staff) -> QuerySet[BoardPaper]:
    """Those about areas in the person's scope alone; for people without areas all."""
    ids = scope_area_ids(staff)
    rows = BoardPaper.objects.select_related("made_by", "signed_by").defer("data")
    if ids is None:
        return rows
    elsewhere = BoardPaper.areas.through.objects.exclude(area_id__in=ids).values("boardpaper_id")
    return rows.filter(areas__in=ids).exclude(pk__in=elsewhere).distinct()


def paper_for(staff: Staff, pk: int) -> BoardPaper:
    """One, with what it says; NoSuchPaper when it is out of scope."""
    found = papers_of(staff).filter(pk=pk).first()
    if found is None:
        raise NoSuchPaper
    return found


def wrote_in(staff: Staff, paper: BoardPaper) -> bool:
    """Whether the person wrote commentary that is in the paper."""
    areas = list(paper.areas.values_list("pk", flat=True))
    rows = Commentary.objects.filter(author=staff, start=paper.start, end=paper.end, written_at__isnull=False)
    return rows.filter(Q(area__in=areas) if areas else Q(area=None)).exists()


def open_findings(paper: BoardPaper) -> int:
    return paper.findings.filter(accepted_at=None).count()
