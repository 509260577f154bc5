"""What events cannot do, in the words somebody reads. Residents read those that are marked for translation."""

from django.utils.translation import gettext_noop as _

from peelian.core.errors import Gone, NotFound, RuleBroken


class NoSuchEvent(NotFound):
    __doc__ = _("There is no event here, or it is not in your area.")


class NoSuchRow(NotFound):
    """There is nothing here, or it is not of this event."""


class NotYourTeam(RuleBroken):
    """You can only plan events for a team that you are in."""


class NotReady(RuleBroken):
    """This event cannot be published yet."""


class AlreadyCancelled(RuleBroken):
    """This event is cancelled. Plan a new one instead: people have been told that this one does not take place."""


class NotADraft(RuleBroken):
    """Only a draft can be thrown away. Cancel the event instead, so that those who signed up are told."""


class NotPublished(RuleBroken):
    """Publish the event first."""


class TooEarly(RuleBroken):
    """The event has not begun. Say how many came once it has."""


class NotForResidents(RuleBroken):
    """This event is not public, so nothing about it goes to residents."""


class NoFurther(RuleBroken):
    """This event is not one of a series."""


class NoMinutes(RuleBroken):
    """Write the minutes first."""


class OutsideOurArea(RuleBroken):
    """That place is outside our area. Choose one from the list."""


class TooLate(RuleBroken):
    """A talk can be mended for a day by who logged it. This one stays as it is."""


class NoTeam(RuleBroken):
    """No team looks after this area yet. Ask an administrator to give it to one."""


class SavedMeanwhile(RuleBroken):
    """Somebody else saved this while you were writing. Your words are still in the boxes: copy them, open the page anew
    and put them in."""


class NothingWritten(RuleBroken):
    """Write something in the profile and in the plan before you say that it is refreshed. Your words are still in the
    boxes."""


class NotACafe(RuleBroken):
    """Only a World Café has tables and rounds."""


class HasNotes(RuleBroken):
    """Something was noted already in what you left out. Keep its question or table, or take its notes away first."""


class NothingLearned(RuleBroken):
    """Write down at least one thing that you learned before you give it back."""


class BackNotPublished(RuleBroken):
    """Publish what was said and learned first: the message leads to it."""


# What residents read


class NoSignUp(RuleBroken):
    __doc__ = _("You do not need to sign up for this event. Come along.")


class SignUpClosed(RuleBroken):
    __doc__ = _("You can no longer sign up for this event: it has begun or it does not take place.")


class MoreThanPlaces(RuleBroken):
    __doc__ = _("This event has fewer places than that. Say how many of you can come.")


class LinkRefused(Gone):
    __doc__ = _("This link does not work, or not any more. Open the event and sign up again if you want to come.")


class TableClosed(Gone):
    __doc__ = _("This link is open from two hours before the event until a day after it. Ask the team if you need it.")
