from peelian.core.errors import RuleBroken


class BadToken(RuleBroken):
    """This link is not complete, or it has been changed. Open it again from the message."""


class SendEnded(RuleBroken):
    """That cannot be done to this message now: it has gone out, is held, or was recalled."""


class BudgetSpent(RuleBroken):
    """The month's budget for texts and calls does not reach."""


class NotOurs(RuleBroken):
    """We have no resident with that address in your areas. Ask somebody who looks after the whole force."""


class StoppedAlready(RuleBroken):
    """That address is stopped already."""
