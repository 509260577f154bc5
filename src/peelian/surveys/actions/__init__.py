"""Writes of surveys: making one, answering it, emptying the boxes of an anonymous one, inviting."""

from peelian.surveys.actions.answering import answer, answer_first, keep
from peelian.surveys.actions.building import (
    change,
    close_over,
    close_survey,
    discard,
    make_survey,
    may_change_mode,
    missing,
    next_wave,
    open_survey,
    publish,
    save_words,
    translate,
)
from peelian.surveys.actions.emptying import empty_boxes, empty_due
from peelian.surveys.actions.mailing import choose_audience, count_audience, send_invitations
from peelian.surveys.actions.tagging import tag_comment, untag_comment

__all__ = [
    "answer",
    "answer_first",
    "change",
    "choose_audience",
    "close_over",
    "close_survey",
    "count_audience",
    "discard",
    "empty_boxes",
    "empty_due",
    "keep",
    "make_survey",
    "may_change_mode",
    "missing",
    "next_wave",
    "open_survey",
    "publish",
    "save_words",
    "send_invitations",
    "tag_comment",
    "translate",
    "untag_comment",
]
