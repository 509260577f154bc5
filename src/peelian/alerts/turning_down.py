"""Getting less, from a link in a message: each way is one change to the settings of everybody who uses the address.

An address may be shared by a household; what one of them stops there stops for all, or the messages would still come.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from peelian.alerts import actions
from peelian.alerts.errors import OnlyATest
from peelian.alerts.links import Link
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.members import actions as members
from peelian.members import queries as member_queries
from peelian.members.models import Member, Pace

FEW = 2


@dataclass(frozen=True)
class Way:
    """A choice: its name in the form, what it says, what is asked before, what is said after, and what it does."""

    slug: str
    label: str
    hint: str
    question: str
    done: str
    after: str
    do: Callable[[], None]
    stops: bool = True

    @property
    def button(self) -> str:
        return _("Yes, stop these messages") if self.stops else _("Yes, change this")


def ways(link: Link) -> list[Way]:
    """How this reader can get less, the mildest first."""
    sent = {"sender": link.sender}
    if link.is_to_anybody:
        return [_at_all(link)]
    offered = _slower(link)
    if link.alert and link.alert.topic:
        named = {"about": _(link.alert.topic.name)}
        offered.append(
            Way(
                "topic",
                _("Nothing more about “%(about)s”") % named,
                _("Messages about other things still come."),
                _("Stop messages about “%(about)s”?") % named,
                _("No more about “%(about)s”") % named,
                _("We will not send messages about “%(about)s” to this address any more. Others still come.") % named,
                lambda: stop_topic(link=link),
            )
        )
    offered += [
        Way(
            "organisation",
            _("Nothing more from %(sender)s") % sent,
            _("If you agreed to hear from others, their messages still come."),
            _("Stop messages from %(sender)s?") % sent,
            _("No more messages from %(sender)s") % sent,
            _("We will not send messages from %(sender)s to this address any more.") % sent,
            lambda: stop_organisation(link=link),
        ),
        Way(
            "all",
            _("Nothing at all"),
            _("No messages from anybody. You stay a member and can start again."),
            _("Stop all messages?"),
            _("No more messages"),
            _("We will not send any more messages to this address."),
            lambda: stop_everything(link=link),
        ),
    ]
    return offered


def _at_all(link: Link) -> Way:
    """The one choice of somebody who need not be a member."""
    sent = {"sender": link.sender}
    return Way(
        "all",
        _("Nothing at all"),
        _("No messages from %(sender)s to this address.") % sent,
        _("Stop all messages?"),
        _("No more messages"),
        _("We will not send any more messages to this address."),
        lambda: stop_everything(link=link),
    )


def _slower(link: Link) -> list[Way]:
    """The same messages, not all of them at once."""
    few = {"number": FEW}
    more = _("The rest comes in one email each Friday, or a text with a link. Urgent messages still come at once.")
    return [
        Way(
            "limit",
            _("At most %(number)s messages a week") % few,
            more,
            _("At most %(number)s messages a week?") % few,
            _("At most %(number)s messages a week from now on") % few,
            more,
            lambda: slow_down(link=link, weekly_limit=FEW),
            stops=False,
        ),
        Way(
            "digest",
            _("All of them together once a week"),
            _("One email each Friday, or a text with a link. Urgent messages still come at once."),
            _("Get everything together once a week?"),
            _("Everything together once a week from now on"),
            _("It comes on Fridays. Urgent messages still come at once."),
            lambda: slow_down(link=link, weekly_limit=0),
            stops=False,
        ),
    ]


@transaction.atomic
def slow_down(*, link: Link, weekly_limit: int) -> None:
    """At most so many a week and the rest in a weekly digest. Whoever has chosen fewer already keeps that."""
    for member in _members(link):
        before = Pace.objects.filter(member=member).first()
        if before is None or before.weekly_limit is None or before.weekly_limit > weekly_limit:
            changes = {"weekly_limit": weekly_limit, "digest": Pace.Digest.WEEKLY}
            members.change_pace(member=member, by=link, changes=changes)


@transaction.atomic
def stop_topic(*, link: Link) -> None:
    """Nothing more of the alert's type."""
    assert link.alert is not None
    assert link.alert.topic is not None
    mask = link.alert.topic.mask
    changed = 0
    for member in _members(link):
        if member.interests & mask:
            members.change_preferences(member=member, by=link, interests=member.interests & ~mask)
            changed += 1
    _count(link, changed)


@transaction.atomic
def stop_organisation(*, link: Link) -> None:
    """Nothing more from the sender's organisation; of a digest, from all that are in it. Asked again, it changes
    nothing and counts nothing."""
    _keep_organisations(link, ~sum(organisation.mask for organisation in link.organisations))


@transaction.atomic
def stop_everything(*, link: Link) -> None:
    """Nothing more from anybody. The membership stays: a forwarded link must not end it."""
    _keep_organisations(link, 0)


def _keep_organisations(link: Link, kept: int) -> None:
    changed = 0
    found = _members(link)
    if link.is_to_anybody and not found:
        stopped = Address.Suppression.STOPPED
        contacts.suppress(address_ids=[link.recipient.address_id], why=stopped, by=link)
    for member in found:
        if member.organisations & ~kept:
            members.change_preferences(member=member, by=link, organisations=member.organisations & kept)
            changed += 1
    _count(link, changed)


def _members(link: Link) -> list[Member]:
    """Everybody who uses the address, locked so that two presses at once count once. Raises OnlyATest for a message
    that an officer sent to themselves. A helper who gets copies of somebody's messages has no settings to change: to
    get less, their copies end, and whom they help goes on as before."""
    if link.is_test:
        raise OnlyATest
    members.end_helping_at(address_id=link.recipient.address_id, by=link)
    found = [member.pk for member in member_queries.member_for_address(link.recipient.address_id)]
    return list(Member.objects.select_for_update().filter(pk__in=found).order_by("pk"))


def _count(link: Link, changed: int) -> None:
    if changed and link.alert:
        actions.count_left(alert=link.alert)
