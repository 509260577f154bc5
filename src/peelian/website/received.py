"""What one member received: each alert, how it came, what they thought of it, what they wrote and what came of it. Read
here because nothing below this app may know members, alerts and conversations at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peelian.alerts.models import Alert, Rating
from peelian.conversations import queries as conversations
from peelian.conversations.models import Thread
from peelian.conversations.queries import Said
from peelian.core import wording
from peelian.core.errors import NotFound
from peelian.delivery import of_person, tokens
from peelian.delivery.models import DigestItem, Reason, State
from peelian.delivery.of_person import Sent
from peelian.members import queries as members
from peelian.members.models import Member

A_PAGE = 25
_ROWS = A_PAGE * 4  # an alert is a row for each channel, and for each address of a household
CHANNELS = {1: _("email"), 2: _("text"), 4: _("phone call")}
BEST_FIRST = [State.DELIVERED, State.HANDED_OVER, State.DIGEST, State.UNKNOWN, State.CLAIMED, State.QUEUED,
              State.FAILED, State.NOT_SENT]  # fmt: skip
MISSED = {
    Reason.HOLIDAY: _("Not sent: you were pausing messages"),
    Reason.LIMIT: _("Not sent: over your number for the week"),
    Reason.ENDED: _("Not sent: it was over before your next email"),
}


@dataclass
class Received:
    """One alert as its reader finds it again. `missed` is why it was not sent, empty where it was."""

    alert: Alert
    at: datetime
    how: str
    missed: str = ""
    token: str = ""
    rating: int | None = None
    threads: list[Thread] = field(default_factory=list)
    later: list[Alert] = field(default_factory=list)

    @property
    def taken_back(self) -> bool:
        return self.alert.state == Alert.State.WITHDRAWN

    @property
    def title(self) -> str:
        return gettext("A message that we took back") if self.taken_back else self.alert.title

    @property
    def replies(self) -> int:
        return len(self.threads)


@dataclass(frozen=True)
class Page:
    rows: list[Received]
    further: str  # the cursor of what is older; empty where there is nothing


def page(member: Member, cursor: str = "") -> Page:
    """A page of what a member received, newest first. What is not a cursor of ours gives the first page."""
    before = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 19 else 0
    person = members.person(member)
    walk = of_person.sent_to_many(
        addresses=person.address_ids,
        members=members.household(member),
        renderer="alerts.alert",
        since=member.joined_on,
        before=before,
        most=_ROWS,
    )
    by_send: dict[int, list[Sent]] = defaultdict(list)
    for one in walk.found:
        by_send[one.send_id].append(one)
    sends = list(by_send)
    if len(walk.found) == _ROWS and len(sends) > 1:
        sends.pop()  # the page may end in the middle of it
    shown, left_over = sends[:A_PAGE], len(sends) > A_PAGE or len(walk.found) == _ROWS
    further = shown[-1] if left_over else walk.before
    return Page(_received(member, [by_send[send] for send in shown]), str(further) if further else "")


def one(member: Member, ref: str) -> Received:
    """One alert that the member received. NotFound for any other."""
    alert = Alert.objects.filter(ref=ref, send__isnull=False).first()
    if alert is None:
        raise NotFound
    person, household = members.person(member), members.household(member)
    rows = of_person.sent(alert.send_id or 0, person.address_ids, household)
    found = _received(member, [rows]) if rows else []
    if not found:
        raise NotFound
    return found[0]


def said_in(received: Received) -> list[tuple[Thread, list[Said]]]:
    """The conversations about an alert, with what was said: a team's people as their team."""
    return [(thread, conversations.said_in(thread)) for thread in received.threads]


def other_threads(member: Member) -> list[Thread]:
    """What the member wrote to us that is about no alert, the latest first."""
    found = Thread.objects.filter(member=member).exclude(about__startswith="alert:").select_related("team")
    return list(found.order_by("-last_at")[:A_PAGE])


def _received(member: Member, groups: Sequence[Sequence[Sent]]) -> list[Received]:
    now = {member.email_id, member.mobile_id, member.landline_id}
    theirs = [[row for row in rows if row.address_id in now or row.member_id == member.pk] for rows in groups]
    sends = [rows[0].send_id for rows in theirs if rows]
    alerts = {
        alert.send_id: alert for alert in Alert.objects.filter(send__in=sends).select_related("team", "topic", "send")
    }
    digests = _in_digests(member, sends)
    found = [
        made
        for rows in theirs
        if rows and rows[0].send_id in alerts and (made := _one(alerts[rows[0].send_id], rows, digests))
    ]
    _add_answers(member, found)
    return found


def _one(alert: Alert, rows: Sequence[Sent], digests: dict[int, bool]) -> Received | None:
    """None where the member had turned it off before it went: that was never theirs."""
    best = min(rows, key=lambda row: BEST_FIRST.index(State(row.state)))
    token = tokens.make(best.send_id, best.address_id)
    if best.state == State.NOT_SENT:
        reasons = [Reason(row.reason) for row in rows]
        missed = next((str(MISSED[reason]) for reason in reasons if reason in MISSED), "")
        return Received(alert, best.at, "", missed, token) if missed else None
    by = wording.listed([str(CHANNELS[row.channel]) for row in rows if row.state == best.state])
    words = {
        State.DIGEST: gettext("In an email with others")
        if digests.get(best.send_id)
        else gettext("Waits for your next email with others"),
        State.UNKNOWN: gettext("By %(ways)s; we do not know whether it came"),
        State.CLAIMED: gettext("On its way by %(ways)s"),
        State.QUEUED: gettext("On its way by %(ways)s"),
        State.FAILED: gettext("By %(ways)s; it did not reach you"),
    }
    how = words.get(State(best.state), gettext("By %(ways)s")) % {"ways": by}
    return Received(alert, best.at, how, "", token)


def _in_digests(member: Member, sends: list[int]) -> dict[int, bool]:
    """Send → whether it has gone in a digest to the household."""
    items = DigestItem.objects.filter(member__in=members.household(member), send__in=sends)
    return {send: digest is not None for send, digest in items.values_list("send_id", "digest_id")}


def _add_answers(member: Member, found: list[Received]) -> None:
    """Ratings by the member's addresses, their own conversations, and what was sent later about the same thing."""
    alerts = [one.alert for one in found]
    addresses = members.person(member).address_ids
    ratings = dict(Rating.objects.filter(alert__in=alerts, address__in=addresses).values_list("alert", "value"))
    threads: dict[str, list[Thread]] = defaultdict(list)
    about = [f"alert:{alert.ref}" for alert in alerts]
    for thread in Thread.objects.filter(member=member, about__in=about).select_related("team").order_by("pk"):
        threads[thread.about].append(thread)
    later: dict[int, list[Alert]] = defaultdict(list)
    for alert in Alert.objects.filter(first__in=alerts, state__in=Alert.OUT, restricted=False).order_by("sent_at"):
        later[alert.first_id or 0].append(alert)
    for one in found:
        one.rating = ratings.get(one.alert.pk)
        one.threads = threads[f"alert:{one.alert.ref}"]
        one.later = later[one.alert.pk]
