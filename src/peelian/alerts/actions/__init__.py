"""What can be done to an alert. Each is one transaction with its row in the audit trail, which never holds the text."""

from peelian.alerts.actions.after import follow_up, set_end_date, set_outcome, withdraw
from peelian.alerts.actions.deciding import approve, ask_for_approval, send_back, take_back
from peelian.alerts.actions.drafting import count_audience, create_draft, discard_draft, save_draft, send_test
from peelian.alerts.actions.enclosing import add_paper, add_picture, check_paper, check_papers, remove_enclosure
from peelian.alerts.actions.keeping import keep_jargon, keep_text, remove_jargon, remove_text
from peelian.alerts.actions.passing_on import pass_on
from peelian.alerts.actions.practising import delete_practice
from peelian.alerts.actions.release import Stage
from peelian.alerts.actions.responding import (
    count_left,
    count_reply,
    explain,
    fold_responses,
    rate,
    reply,
    report_visit,
)
from peelian.alerts.actions.sending import (
    follow_send,
    freeze,
    freeze_overdue,
    pause,
    recall,
    resume,
    schedule,
    send_now,
    sending_time,
    unschedule,
)
from peelian.alerts.actions.trail import at_command_line
from peelian.alerts.actions.translating import reject, review, translate
from peelian.alerts.actions.withholding import end_decision, enter_decision
from peelian.alerts.actions.writing import remove_translation, write_translation

__all__ = [
    "Stage",
    "add_paper",
    "add_picture",
    "approve",
    "ask_for_approval",
    "at_command_line",
    "check_paper",
    "check_papers",
    "count_audience",
    "count_left",
    "count_reply",
    "create_draft",
    "delete_practice",
    "discard_draft",
    "end_decision",
    "enter_decision",
    "explain",
    "fold_responses",
    "follow_send",
    "follow_up",
    "freeze",
    "freeze_overdue",
    "keep_jargon",
    "keep_text",
    "pass_on",
    "pause",
    "rate",
    "recall",
    "reject",
    "remove_enclosure",
    "remove_jargon",
    "remove_text",
    "remove_translation",
    "reply",
    "report_visit",
    "resume",
    "review",
    "save_draft",
    "schedule",
    "send_back",
    "send_now",
    "send_test",
    "sending_time",
    "set_end_date",
    "set_outcome",
    "take_back",
    "translate",
    "unschedule",
    "withdraw",
    "write_translation",
]
