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


class ForTheWholeForce(RuleBroken):
    """This is set for the whole force, and you look after a part of it. Ask an administrator of the whole force."""


class LimitIsSet(RuleBroken):
    """That has a limit already. Change that one."""


class NoBudgetOfYours(RuleBroken):
    """Budgets are set for policing areas, and none lies in the areas you look after. Ask another administrator."""
