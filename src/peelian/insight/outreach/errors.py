from peelian.core.errors import NotFound, RuleBroken


class FileRefused(RuleBroken):
    """That file cannot be brought in."""


class NotToBeRecorded(RuleBroken):
    """What came of it can be recorded from its day on, not before."""


class NoSuchPlan(NotFound):
    """There is no such plan."""


class NothingChosen(RuleBroken):
    """Choose at least one place, somebody who goes there, and hours above nought."""


class NoSuchShape(NotFound):
    """There is no such shape, or it is another team's."""
