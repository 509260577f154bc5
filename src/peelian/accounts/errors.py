"""Why something about a person or a team could not be done."""

from peelian.core.errors import NotFound, RuleBroken


class NoSuchStaff(NotFound):
    """There is no such person, or they are not in your area."""


class NoSuchTeam(NotFound):
    """There is no such team, or it is not in your area."""


class NoSuchRole(NotFound):
    """There is no such role."""


class KnownAlready(RuleBroken):
    """Somebody with that email address has an account already."""


class BadLink(RuleBroken):
    """This link has been used or is too old. Ask your administrator for a new one."""


class NotYourself(RuleBroken):
    """You cannot change your own role, area or account. Ask another administrator."""


class ForTheWholeForce(RuleBroken):
    """An auditor reads the trail of the whole force, so they cannot have areas. Leave the areas out."""


class LastAdministrator(RuleBroken):
    """This is the last administrator who can sign in. Make somebody else one first."""


class Disabled(RuleBroken):
    """This account is disabled. Enable it first."""


class NoWords(RuleBroken):
    """Say in words what the picture shows, for people who do not see it."""
