from peelian.core.errors import RuleBroken


class FileRefused(RuleBroken):
    """That file cannot be imported."""
