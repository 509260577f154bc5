"""The few ways a request can be refused. `core.middleware.Problems` turns each into a page, a command into one
line on stderr.

PeelianError
├── RuleBroken      the request makes sense, a rule forbids it now; the message says which
├── NotFound        there is no such thing, or not for you: the two look the same on purpose
├── Gone            it was here and has been taken away, with a reason
└── ChangedMeanwhile  somebody else saved first; nothing of theirs or yours is lost
"""

from django.utils.translation import gettext, gettext_noop


class PeelianError(Exception):
    """Something could not be done; the docstring of the subclass is the sentence a person reads."""

    def __str__(self) -> str:
        return super().__str__() or gettext(" ".join((type(self).__doc__ or "").split()))


class RuleBroken(PeelianError):
    """That cannot be done now."""

    status, heading = 409, gettext_noop("That cannot be done now")  # of the page that says so


class NotFound(PeelianError):
    """There is nothing here, or it is not in your area."""


class Gone(PeelianError):
    """This has been taken away."""


class ChangedMeanwhile(RuleBroken):
    """Somebody else saved this while you were writing. Your text is below; theirs is beside it."""
