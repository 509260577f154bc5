"""Everything that happens to members, one verb function each."""

from peelian.members.actions.account import come_back, end_holiday, leave, move_house, take_holiday
from peelian.members.actions.actor import MemberActor
from peelian.members.actions.asking_again import ask_again
from peelian.members.actions.campaigning import end_campaign, make_campaign
from peelian.members.actions.codes import ask_for_code, send_code, use_code, use_link
from peelian.members.actions.contacting import (
    ask_for_contact,
    confirm_contact,
    confirm_new_email,
    drop_new_contact,
    put_contact,
    remove_contact,
)
from peelian.members.actions.copying import copy_data
from peelian.members.actions.door_codes import confirm_number
from peelian.members.actions.doorstep import end_keys, make_key, sign_up_at_the_door
from peelian.members.actions.grouping import (
    answer_invitation,
    change_group,
    end_group,
    invite,
    invite_at,
    leave_group,
    make_group,
    put_back,
    take_out,
)
from peelian.members.actions.helping import agree_to_help, end_helping, end_helping_at, name_helper
from peelian.members.actions.joining import (
    ask_everybody_to_confirm,
    ask_to_confirm,
    confirm,
    forget_answers,
)
from peelian.members.actions.networking import change_key, log_contact, note_look
from peelian.members.actions.pacing import change_pace
from peelian.members.actions.registering import Given, Registered, confirm_point, register
from peelian.members.actions.repairing import ask_for_new_email, begin_repair, finish_repair
from peelian.members.actions.settings import (
    add_place,
    change_details,
    change_preferences,
    remove_place,
    set_groups,
)
from peelian.members.actions.streets import (
    add_street,
    finish_street,
    forget_note,
    knock,
    leave_for_now,
    take_up_again,
)

__all__ = [
    "Given",
    "MemberActor",
    "Registered",
    "add_place",
    "add_street",
    "agree_to_help",
    "answer_invitation",
    "ask_again",
    "ask_everybody_to_confirm",
    "ask_for_code",
    "ask_for_contact",
    "ask_for_new_email",
    "ask_to_confirm",
    "begin_repair",
    "change_details",
    "change_group",
    "change_key",
    "change_pace",
    "change_preferences",
    "come_back",
    "confirm",
    "confirm_contact",
    "confirm_new_email",
    "confirm_number",
    "confirm_point",
    "copy_data",
    "drop_new_contact",
    "end_campaign",
    "end_group",
    "end_helping",
    "end_helping_at",
    "end_holiday",
    "end_keys",
    "finish_repair",
    "finish_street",
    "forget_answers",
    "forget_note",
    "invite",
    "invite_at",
    "knock",
    "leave",
    "leave_for_now",
    "leave_group",
    "log_contact",
    "make_campaign",
    "make_group",
    "make_key",
    "move_house",
    "name_helper",
    "note_look",
    "put_back",
    "put_contact",
    "register",
    "remove_contact",
    "remove_place",
    "send_code",
    "set_groups",
    "sign_up_at_the_door",
    "take_holiday",
    "take_out",
    "take_up_again",
    "use_code",
    "use_link",
]
