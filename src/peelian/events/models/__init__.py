from peelian.events.models.cafe import CafeInsight, CafeNote, CafeRound, CafeTable, CafeTheme
from peelian.events.models.meetings import Action, Event, RaisedIssue, Series
from peelian.events.models.people import Attendee, SignUp, Telling
from peelian.events.models.profiles import Profile, ProfileVersion
from peelian.events.models.street import Spot, StreetContact

__all__ = [
    "Action",
    "Attendee",
    "CafeInsight",
    "CafeNote",
    "CafeRound",
    "CafeTable",
    "CafeTheme",
    "Event",
    "Profile",
    "ProfileVersion",
    "RaisedIssue",
    "Series",
    "SignUp",
    "Spot",
    "StreetContact",
    "Telling",
]
