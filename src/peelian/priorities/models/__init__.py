from peelian.priorities.models.issues import Issue, IssueReport, Merge, Raiser
from peelian.priorities.models.lists import Cycle, Decision, Priority
from peelian.priorities.models.profiles import Profile, ProfileMeasure, ProfileReview, ProfileTask
from peelian.priorities.models.promises import Promise, PromiseChange, PromisePaper, PromiseTold

__all__ = [
    "Cycle",
    "Decision",
    "Issue",
    "IssueReport",
    "Merge",
    "Priority",
    "Profile",
    "ProfileMeasure",
    "ProfileReview",
    "ProfileTask",
    "Promise",
    "PromiseChange",
    "PromisePaper",
    "PromiseTold",
    "Raiser",
]
