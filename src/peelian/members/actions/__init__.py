"""Everything that happens to members, one verb function each."""

from peelian.members.actions.actor import MemberActor
from peelian.members.actions.codes import ask_for_code, use_code
from peelian.members.actions.joining import (
    ask_everybody_to_confirm,
    ask_to_confirm,
    confirm,
    forget_answers,
    register,
)
from peelian.members.actions.pacing import change_pace
from peelian.members.actions.repairing import ask_for_new_email, begin_repair, finish_repair
from peelian.members.actions.settings import (
    add_place,
    change_details,
    change_preferences,
    leave,
    remove_place,
    set_groups,
)

__all__ = [
    "MemberActor",
    "add_place",
    "ask_everybody_to_confirm",
    "ask_for_code",
    "ask_for_new_email",
    "ask_to_confirm",
    "begin_repair",
    "change_details",
    "change_pace",
    "change_preferences",
    "confirm",
    "finish_repair",
    "forget_answers",
    "leave",
    "register",
    "remove_place",
    "set_groups",
    "use_code",
]
