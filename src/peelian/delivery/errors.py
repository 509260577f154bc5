from peelian.core.errors import RuleBroken


class BadToken(RuleBroken):
    """This link is not complete, or it has been changed. Open it again from the message."""


class SendEnded(RuleBroken):
    """This has ended already: everybody it was for has been handed it, or it was recalled."""
