"""Why something about measures cannot be done."""

from peelian.core.errors import NotFound, RuleBroken


class NoSuchMeasure(NotFound):
    """There is no measure of that code."""


class NoSuchCommentary(NotFound):
    """There is no such commentary, or it is not in your area."""


class NotYours(RuleBroken):
    """Somebody else was asked to write this. Ask whoever keeps the measures to give it to you."""


class OwnWords(RuleBroken):
    """You wrote this, so somebody else has to sign it."""


class NothingWritten(RuleBroken):
    """Nothing is written yet, so there is nothing to sign."""


class SignedAlready(RuleBroken):
    """This is signed and stands as it is. Say what changed in the commentary of the next period."""


class CodeTaken(RuleBroken):
    """There is a measure of that code. Choose another."""
