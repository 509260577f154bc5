from peelian.core.errors import ChangedMeanwhile, RuleBroken


class NothingWritten(RuleBroken):
    """Write your message first."""


class TooLong(RuleBroken):
    """That message is too long. Shorten it and send it again; nothing was sent."""


class AlreadyClosed(RuleBroken):
    """This conversation is closed. It opens again when the resident writes."""


class NobodyToAnswer(RuleBroken):
    """We no longer hold an address for this resident, so there is nowhere to send an answer."""


class NotOfTheTeam(RuleBroken):
    """Only somebody of the team can take on its conversation."""


class SaidMeanwhile(ChangedMeanwhile):
    """Something new was said here while you were writing. Read it, change your answer if need be, and send it again."""


class AlreadySettled(ChangedMeanwhile):
    """Somebody else has decided about this message already."""
