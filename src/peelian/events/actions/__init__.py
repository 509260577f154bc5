"""What can happen to an event and to those who come; each a function by its verb."""

from peelian.events.actions.after import (
    add_action as add_action,
)
from peelian.events.actions.after import (
    finish_action as finish_action,
)
from peelian.events.actions.after import (
    publish_minutes as publish_minutes,
)
from peelian.events.actions.after import (
    raise_issue as raise_issue,
)
from peelian.events.actions.after import (
    record_figures as record_figures,
)
from peelian.events.actions.after import (
    remove_attendee as remove_attendee,
)
from peelian.events.actions.after import (
    remove_raised as remove_raised,
)
from peelian.events.actions.after import (
    save_minutes as save_minutes,
)
from peelian.events.actions.after import (
    write_down as write_down,
)
from peelian.events.actions.cafe import add_insight as add_insight
from peelian.events.actions.cafe import note_at_table as note_at_table
from peelian.events.actions.cafe import note_typed as note_typed
from peelian.events.actions.cafe import publish_back as publish_back
from peelian.events.actions.cafe import remove_insight as remove_insight
from peelian.events.actions.cafe import remove_note as remove_note
from peelian.events.actions.cafe import send_back as send_back
from peelian.events.actions.cafe import set_up_cafe as set_up_cafe
from peelian.events.actions.cafe import tag_notes as tag_notes
from peelian.events.actions.cafe import take_back_note as take_back_note
from peelian.events.actions.cafe import untag_notes as untag_notes
from peelian.events.actions.planning import cancel_event as cancel_event
from peelian.events.actions.planning import change_event as change_event
from peelian.events.actions.planning import create_event as create_event
from peelian.events.actions.planning import discard_draft as discard_draft
from peelian.events.actions.planning import publish_event as publish_event
from peelian.events.actions.profiles import begin_profile as begin_profile
from peelian.events.actions.profiles import finish_profile as finish_profile
from peelian.events.actions.profiles import refresh_profile as refresh_profile
from peelian.events.actions.profiles import save_profile as save_profile
from peelian.events.actions.repeating import end_series as end_series
from peelian.events.actions.repeating import make_ahead as make_ahead
from peelian.events.actions.repeating import repeat as repeat
from peelian.events.actions.signing_up import ask as ask
from peelian.events.actions.signing_up import book_member as book_member
from peelian.events.actions.signing_up import cancel_place as cancel_place
from peelian.events.actions.signing_up import confirm as confirm
from peelian.events.actions.signing_up import remind as remind
from peelian.events.actions.street import log_contact as log_contact
from peelian.events.actions.street import mend_contact as mend_contact
from peelian.events.actions.street import remove_contact as remove_contact
from peelian.events.actions.telling import draft_alert as draft_alert
