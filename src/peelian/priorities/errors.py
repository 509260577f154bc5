"""What can be refused; each docstring is the sentence that people read."""

from peelian.core.errors import NotFound, RuleBroken


class NoSuchIssue(NotFound):
    """There is no such issue, or it lies outside your areas."""


class NamesSomebody(RuleBroken):
    """The words name whoever raised it. Take the name out: an issue never says who raised it."""


class NotYourArea(RuleBroken):
    """That area is not one of yours. Choose one in which you work."""


class SameIssue(RuleBroken):
    """An issue cannot be merged into itself. Choose another."""


class MergedAlready(RuleBroken):
    """That issue is merged into another already. Open the other one."""


class TooLateToUndo(RuleBroken):
    """That was merged more than a day ago, or undone already, or merged further since. It stays as it is."""


class IssueClosed(RuleBroken):
    """That issue is closed. Open it again first."""


class NoWords(RuleBroken):
    """Say in a sentence what was raised."""


class RaisedAlready(RuleBroken):
    """That was made part of this issue already."""


class NoSuchPriority(NotFound):
    """There is no such priority, or it lies outside your areas."""


class NoSuchList(NotFound):
    """There is no such list of priorities, or it lies outside your areas."""


class ListChanged(RuleBroken):
    """Somebody changed this list while you had it open. Look at it again: nothing of it was agreed."""


class NeedsReason(RuleBroken):
    """Say why for each priority: what is decided is kept with its reason."""


class NotOneOrder(RuleBroken):
    """Two priorities have the same place. Give each a place of its own."""


class SectorGone(RuleBroken):
    """That sector is no longer current, so its list cannot be agreed. Move its priorities to the list of a sector that
    is."""


class OnTheList(RuleBroken):
    """It is on the agreed list. A supervisor changes what stands there."""


class PriorityClosed(RuleBroken):
    """That priority is closed. Propose it anew if it is needed again."""


class TooEarly(RuleBroken):
    """A cycle cannot begin after the day on which its list is agreed. Give today or a day before."""


class NoSuchPromise(NotFound):
    """There is no such promise, or it is not public."""


class NeedsDay(RuleBroken):
    """A promise needs a day: say by when we will do it."""


class DayPassed(RuleBroken):
    """That day has passed. Promise a day that is still to come."""


class ChangeWaits(RuleBroken):
    """Something written about this promise waits to be published. Publish or discard that first."""


class ChangeGone(RuleBroken):
    """That was changed, published or discarded meanwhile. Read it as it is now."""


class PromiseEnded(RuleBroken):
    """This promise has ended. Promise it again if more is to be done."""


class NotEnded(RuleBroken):
    """This promise is still open."""


class NotPublic(RuleBroken):
    """This promise is not public yet. Publish it first."""


class IsPublic(RuleBroken):
    """Residents have read this promise, so its words stay. Say what changed instead."""


class NoTeam(RuleBroken):
    """No team looks after that area, and every promise comes from one. An administrator can set that."""


class NotYourTeams(RuleBroken):
    """You are in no team, and every alert comes from one. An administrator can add you to yours."""


class NotAPicture(RuleBroken):
    """That is no picture we can open. Choose a JPEG, HEIC, PNG, GIF or WebP, not too large."""


class NoAlt(RuleBroken):
    """Say in words what the picture shows, for people who do not see it."""


class NotAPaper(RuleBroken):
    """That is no PDF. Choose a PDF, or print what you have to one."""


class NoTitle(RuleBroken):
    """Say what the PDF is, in a few words: residents read that before they open it."""


class VirusFound(RuleBroken):
    """The virus scanner found something in that file, and it was deleted. Tell whoever gave it to you."""


class NoSuchProfile(NotFound):
    """There is no such profile, or it lies outside your areas."""


class ProfileClosed(RuleBroken):
    """That profile is closed. What was learned stays as it was written."""


class ProfileThere(RuleBroken):
    """That priority has a profile already."""


class ProfileChanged(RuleBroken):
    """Somebody else saved this profile while you were writing. Nothing of yours is kept yet: copy it, open the page
    again and put both together."""


class NoLearning(RuleBroken):
    """Say what was learned: others search for it when they have the same problem."""


class KeptElsewhere(RuleBroken):
    """That figure is read from the force's measures. It is not filled in by hand."""
