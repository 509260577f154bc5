"""What a survey refuses; each docstring is the sentence that a person reads."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from peelian.core import wording
from peelian.core.errors import Gone, NotFound, RuleBroken


class NoSuchSurvey(NotFound):
    """There is no such survey."""


class LinkRefused(NotFound):
    """That link is not one of ours, or part of it is missing. Open it again from the message it came in."""


class Closed(Gone):
    """This survey has closed."""


class NotOpenYet(RuleBroken):
    """This survey is not open yet."""


class AnsweredAlready(RuleBroken):
    """Answers have come by this link already. The first ones count; nothing was changed."""


class NothingAnswered(RuleBroken):
    """There is no answer to send yet. Answer at least one question."""


class NotADraft(RuleBroken):
    """The survey is open or closed, so this can no longer be changed."""


class NotReady(RuleBroken):
    """Something is missing before this survey can open."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = list(sentences)


class NoTagName(RuleBroken):
    """A tag is a word or two: up to 40 characters."""


class TooManyTags(RuleBroken):
    """A survey has 60 tags at most. Use one of those it has, or take one off the comments that have it."""


class NotYourTeam(RuleBroken):
    """You can only make surveys in the name of a team that you belong to."""


class NotAllowed(RuleBroken):
    """Your role does not allow that."""


class SentAlready(RuleBroken):
    """These invitations have been sent."""


class WaitsForApproval(RuleBroken):
    """These invitations wait for somebody to approve them. Take them back to change them."""


class GoesAlready(RuleBroken):
    """These invitations go as soon as it is known to whom. They cannot be changed any more."""


class DecidedAlready(RuleBroken):
    """Somebody has decided on these invitations already, or they were taken back."""


class OwnInvitation(RuleBroken):
    """Nobody approves their own. Somebody else has to look at it."""


class NotYoursToDecide(RuleBroken):
    """A supervisor or communications officer in whose area the team works has to approve it; to fewer than five people
    a supervisor."""


class RemindedAlready(RuleBroken):
    """This reminder has gone already. Nobody gets it twice."""


class DefinitionProblem(RuleBroken):
    """The questions cannot be used as they are."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = list(sentences)


def closed_on(day: object) -> Closed:
    """Says since when."""
    said = _("This survey closed on %(day)s. Answers that come later are not counted.")
    return Closed(said % {"day": wording.uk_date(day)})  # type: ignore[arg-type]
