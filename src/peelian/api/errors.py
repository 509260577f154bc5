"""What programs are told when a request cannot be answered. Each is a sentence in an answer of type
application/problem+json (api.problems)."""

from peelian.core.errors import NotFound, RuleBroken


class BadQuestion(RuleBroken):
    """That question cannot be read. See the reference of the interface for what it takes."""

    status = 400


class BadCursor(BadQuestion):
    """That is not a cursor of this list. Begin without one, then follow “next” of each answer."""


class NoSuchForce(NotFound):
    """There is no force of that id here. This installation serves one force: see /api/police/forces."""


class NoSuchNeighbourhood(NotFound):
    """There is no neighbourhood of that id here."""


class NobodyThere(NotFound):
    """That point lies in none of our neighbourhoods."""


class NoToken(RuleBroken):
    """Send a token that works: Authorization: Bearer …. An administrator makes one at /staff/api/."""

    status = 401


class NotWithThisToken(RuleBroken):
    """This token may not do that."""

    status = 403


class NoSuchToken(NotFound):
    """There is no such token, or it acts for somebody outside your area."""


class NoSuchTeam(NotFound):
    """There is no team of that name in public."""


class NoSuchType(NotFound):
    """There is no type of alert of that name: see /api/v1/alert-types."""


class KeyUsed(RuleBroken):
    """This Idempotency-Key was used with another request. Use a new key for a new request."""


class BadKey(BadQuestion):
    """An Idempotency-Key has 1 to 100 letters, digits and signs, without spaces."""


class NotThatMany(RuleBroken):
    """It does not reach as many people as you said. Count again, then send that number."""


class NoScopes(RuleBroken):
    """Choose at least one thing that it may do."""


class BadExpiry(RuleBroken):
    """A token works for a year at most. Choose an earlier last day, from today on."""


class FieldProblems(BadQuestion):
    """What was sent cannot be used as it is; each error names where."""

    status = 422

    def __init__(self, found: list[dict[str, str]]) -> None:
        super().__init__(" ".join(one["detail"] for one in found))
        self.found = found


class NoSuchWebhook(NotFound):
    """There is no such webhook, or it belongs to somebody outside your area."""


class BadWebhookAddress(RuleBroken):
    """That is not an address that can be told."""
