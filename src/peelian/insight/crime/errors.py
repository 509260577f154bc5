from peelian.core.errors import NotFound, RuleBroken


class NoWeights(NotFound):
    """There are no such severity weights. Import them with peelian import severity."""


class NoGround(RuleBroken):
    """A share of nothing is not a number: there is no crime, or no ground, to take a share of."""
