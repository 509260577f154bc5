"""What a frame refuses; each docstring is the sentence that a person reads."""

from peelian.core.errors import RuleBroken


class FileRefused(RuleBroken):
    """That list cannot be imported."""


class PeopleGone(RuleBroken):
    """The people of this list have been deleted. Their numbers stay."""
