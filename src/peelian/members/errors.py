from peelian.core.errors import NotFound, RuleBroken


class FileRefused(RuleBroken):
    """That file cannot be imported."""


class LinkRefused(RuleBroken):
    """It may have been cut in two. To get a new one, join again with the same address."""

    status, heading = 404, "That link does not work"


class LinkTooOld(LinkRefused):
    """To get a new one, join again with the same address."""

    status, heading = 410, "That link is too old"


class CodeRefused(RuleBroken):
    """That code is not right. Check the six figures, or ask for a new code."""


class NoMoreTries(CodeRefused):
    """That code has been tried too often or is too old. Ask for a new one."""


class TooManyPlaces(RuleBroken):
    """You have four further places already. Take one away first."""


class UnknownPostcode(RuleBroken):
    """We do not know that postcode. Check it and try again."""


class GroupOver(RuleBroken):
    """That group has ended. Nobody joins it any more."""


class GroupOpen(RuleBroken):
    """People join that group by themselves. Tell them where: under “Your groups”, after signing in."""


class AlreadyInGroup(RuleBroken):
    """They are in the group already, or an invitation waits for their answer."""


class NeedsCommunity(RuleBroken):
    """Say which community they know well, and what they do there."""


class InvitationRefused(RuleBroken):
    """It may have been cut in two, or it was answered already. Sign in to see your groups."""

    status, heading = 404, "That invitation does not work"


class GroupClosed(RuleBroken):
    """That group is not open to join here."""


class RepairRefused(RuleBroken):
    """It may have been cut in two, or the address has been changed already."""

    status, heading = 404, "That link does not work"


class RepairTooOld(RepairRefused):
    """To change your email address, sign in with a code sent to your mobile."""

    status, heading = 410, "That link is too old"


class SameAddress(RuleBroken):
    """Messages to that address come back to us. Give another one."""


class SignInLinkRefused(RuleBroken):
    """It works once, for 10 minutes. Ask for a new one, or type the six figures from the same email."""

    status, heading = 410, "That link does not work any more"


class ContactLinkUsed(LinkRefused):
    """It was used already, or the address was changed again since. Sign in to see which one we use."""

    status, heading = 410, "That link does not work any more"


class NothingToConfirm(RuleBroken):
    """There is nothing left to confirm. Give the number again."""


class YoursAlready(RuleBroken):
    """That is the one we use already. Give another."""


class LastContact(RuleBroken):
    """It is the only way we can reach you. Give us another first, or close your account."""


class HolidayTooLong(RuleBroken):
    """A holiday can be 3 months long. Choose an earlier last day."""


class ErasedAlready(RuleBroken):
    """It is too late to open it again: what we had about you has been erased. You can join anew."""


class OnHold(RuleBroken):
    """A legal hold stands on this person's data, so nothing of it may be erased. End the hold first."""


class Restricted(RuleBroken):
    """You asked us not to use your details, so this stays as it was. You can let us use them again on My account."""


class RequestClosed(RuleBroken):
    """This request is closed. Open a new one."""


class IdentityNotChecked(RuleBroken):
    """Write down first how you know that it is them."""


class ExtendedAlready(RuleBroken):
    """It was extended before. The law allows two months more, once."""


class NobodyFound(RuleBroken):
    """We have nobody with that address or number, or not in your areas."""


class NotOpened(RuleBroken):
    """What waited cannot be opened: it was saved more than a day ago, before signing out, or by somebody else."""


class NotReadable(RuleBroken):
    """We could not read what the page sent. Load the page again."""


class NoSuchStreet(NotFound):
    """That street is not on your teams' lists."""


class StreetListed(RuleBroken):
    """That street is on the list already."""


class HelperLinkRefused(RuleBroken):
    """It may have been cut in two, or is too old. Whoever you help can ask you again."""

    status, heading = 404, "That link does not work"


class HelperPlaceTaken(RuleBroken):
    """Give an email address or a mobile number of theirs that you do not use yourself."""
