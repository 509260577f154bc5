from peelian.core.errors import ChangedMeanwhile, NotFound, RuleBroken


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


class NotClosed(RuleBroken):
    """This conversation is not closed, or its words are no longer here."""


class WordForWord(RuleBroken):
    """This is a saved answer word for word. Make it fit: say something about what this resident wrote."""


class StillToFillIn(RuleBroken):
    """Something stands in [brackets] still, as in the saved answer. Write what belongs there, or take it out."""

    def __init__(self, left: list[str]) -> None:
        super().__init__(f"The saved answer still has {', '.join(left)}. Write what belongs there, or take it out.")


class SameTeam(RuleBroken):
    """The conversation is with that team already."""


class AnotherOrganisation(RuleBroken):
    """Only a team of the same organisation can take it over: the resident wrote to this one."""


class OwnHandOver(RuleBroken):
    """You marked it yourself, so somebody else has to receive it."""


class NotTheReceiver(RuleBroken):
    """Choose somebody who may receive intelligence of this team."""


class AlreadyPassedOn(RuleBroken):
    """This conversation is on its way to a receiver, or its words are no longer here."""


class NotOnItsWay(RuleBroken):
    """Nothing waits to be received here: it was taken back, or somebody has received it."""


class LinkRefused(NotFound):
    """That link does not work. Check that you have all of it, or open it from the message again."""


class LetterRefused(NotFound):
    """That link does not work. What you wrote may have been sent already, or the link is older than a week."""


class ForTheWholeForce(RuleBroken):
    """Contacts for the whole force are set by somebody whose work is the whole force. Set your team's own."""
