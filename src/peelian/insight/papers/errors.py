"""Why something about a paper cannot be done."""

from peelian.core.errors import NotFound, RuleBroken


class NoSuchPaper(NotFound):
    """There is no such paper, or it is not about your area."""


class NotReady(RuleBroken):
    """This paper is not made yet."""


class OpenFindings(RuleBroken):
    """The checker found something that nobody has accepted. Mend it and make the paper again, or say why it stands."""


class OwnPaper(RuleBroken):
    """You had this paper made or wrote in it, so somebody else has to sign it."""


class SignedAlready(RuleBroken):
    """This paper is signed and stays as it is. Make a new one."""


class NoFigures(RuleBroken):
    """There are no measures yet. They come with the first refresh, within the hour."""
