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
from peelian.surveys.actions.counting import count_as_asked, count_audience
from peelian.surveys.actions.emptying import empty_boxes, empty_due
from peelian.surveys.actions.mailing import (
    approve_invitation,
    ask_for_approval,
    choose_audience,
    invite_as_decided,
    may_decide,
    send_back_invitation,
    send_invitations,
    take_back_invitation,
)
from peelian.surveys.actions.reminding import drop_reminder, plan_reminder, remind, remind_as_planned
from peelian.surveys.actions.tagging import tag_comment, untag_comment

__all__ = [
    "answer",
    "answer_first",
    "approve_invitation",
    "ask_for_approval",
    "change",
    "choose_audience",
    "close_over",
    "close_survey",
    "count_as_asked",
    "count_audience",
    "discard",
    "drop_reminder",
    "empty_boxes",
    "empty_due",
    "invite_as_decided",
    "keep",
    "make_survey",
    "may_change_mode",
    "may_decide",
    "missing",
    "next_wave",
    "open_survey",
    "plan_reminder",
    "publish",
    "remind",
    "remind_as_planned",
    "save_words",
    "send_back_invitation",
    "send_invitations",
    "tag_comment",
    "take_back_invitation",
    "translate",
    "untag_comment",
]
