"""Answering a resident by program, for a member of staff: by the action of the page, with its rules."""

from __future__ import annotations

from django.conf import settings
from ninja import Schema

from peelian.api import errors
from peelian.api.tokens import StaffToken
from peelian.api.v1 import schemas
from peelian.api.v1.router import router
from peelian.api.v1.staff import Asked, once
from peelian.conversations import actions, queries
from peelian.conversations.errors import NothingWritten, TooLong


@router.post(
    "/threads/{thread}/answers",
    response={201: schemas.Answered},
    auth=StaffToken("conversations:answer"),
    summary="Answer a resident",
)
@once(201)
def answer(request: Asked, thread: schemas.Number, said: schemas.NewAnswer) -> Schema:
    """It goes to the resident as an answer of the team, by the rules of the page: not where the conversation is closed
    or something newer was said, and of one that is sensitive a message says only that there is an answer."""
    found = queries.thread_for(request.auth.staff, thread)
    try:
        made = actions.answer(thread=found, text=said.text, by=request.auth.staff, read_up_to=said.read_up_to)
    except (NothingWritten, TooLong) as problem:
        raise errors.FieldProblems([{"pointer": "/text", "detail": str(problem)}]) from None
    page = settings.PEELIAN_BASE_URL + found.get_absolute_url()
    return schemas.Answered(thread=found.pk, message=made.pk, state="waiting-for-resident", page=page)
