"""Why something about a page could not be done."""

from peelian.core.errors import ChangedMeanwhile, NotFound, RuleBroken


class NoSuchPage(NotFound):
    """There is no such page."""


class AddressTaken(RuleBroken):
    """Another page has that address already. Choose another one."""


class AddressStays(RuleBroken):
    """People may have kept the address of a page that was published, so it stays as it is."""


class NotPublished(RuleBroken):
    """This page is not published."""


class NothingToPublish(RuleBroken):
    """What everybody reads is what stands here: there is nothing new to publish."""


class AlreadyReviewed(RuleBroken):
    """Choose a day in the future, two years away at most."""


class NoWords(RuleBroken):
    """Say in words what the picture shows, for people who do not see it."""


class NotAllowed(RuleBroken):
    """Your role may not change the website's pages."""

    status = 403


class SavedMeanwhile(ChangedMeanwhile):
    """Somebody else saved this page while you were writing. Your words are still below; theirs are in its history. Look
    at both, then save again."""
