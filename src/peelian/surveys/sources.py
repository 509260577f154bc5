"""Where surveys hear what people raise, for whoever makes an issue of it (core.raising)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from peelian.core.raising import IssueSource, Raised
from peelian.surveys import queries
from peelian.surveys.models import Comment


def _read(staff: Any, pk: int) -> Raised:
    found = queries.comment_for(staff, pk)
    answer = found.answer
    anonymous = found.survey.is_anonymous
    return Raised(
        said=found.text,
        on=answer.day,
        area_id=answer.area_id,
        member_ids=() if anonymous or answer.member_id is None else (answer.member_id,),
        address_ids=() if anonymous or answer.member_id or answer.address_id is None else (answer.address_id,),
    )


def _url(pk: int) -> str:
    ref = Comment.objects.filter(pk=pk).values_list("survey__ref", flat=True).first()
    return reverse("surveys_staff:detail", args=[ref]) if ref else ""


COMMENT = IssueSource("surveys.comment", "Answer to a survey", _read, _url)
