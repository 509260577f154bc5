from peelian.core.errors import RuleBroken


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
