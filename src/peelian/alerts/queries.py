"""Reads of alerts. Staff see those of teams in their scope and their own; residents see what is out and not
restricted."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Avg, Count, Exists, F, Max, OuterRef, Q, QuerySet, StdDev, Sum

from peelian.accounts.models import Staff, Team
from peelian.accounts.queries import teams_in_scope
from peelian.alerts import errors
from peelian.alerts.advice import Phrase
from peelian.alerts.models import Alert, AlertArea, Enclosure, Jargon, Rating, Response, SavedText
from peelian.core import clock
from peelian.delivery import queries as delivery
from peelian.delivery.models import Channel, State
from peelian.members.models import Topic
from peelian.places import queries as places
from peelian.places.models import Area

PUBLIC = (Alert.State.SENDING, Alert.State.PAUSED, Alert.State.SENT, Alert.State.RECALLED)
APPEALS = frozenset({"information-request", "missing-person"})  # shown for 28 days at most
MOST_DAYS_APPEAL, MOST_DAYS = 28, 366
PLACEHOLDER = re.compile(r"\{([^{}\n]{1,40})\}")
SCALE = 6  # the highest rating; satisfaction is the mean divided by it, the papers' convention
ENOUGH_RATINGS = 30  # for an interval by the normal approximation
Z_95 = 1.96

# Staff ------------------------------------------------------------------------------------------------------------


def alerts_of(staff: Staff) -> QuerySet[Alert]:
    """Every alert the person may see."""
    return Alert.objects.filter(Q(team__in=teams_in_scope(staff).values("pk")) | Q(author=staff))


def alert_for(staff: Staff, ref: str) -> Alert:
    """One alert; NoSuchAlert when it is out of scope."""
    rows = alerts_of(staff).select_related("team__organisation", "topic", "author", "approved_by", "first", "send")
    found = rows.filter(ref=ref).first()
    if found is None:
        raise errors.NoSuchAlert
    return found


def alerts_for(
    staff: Staff, *, state: str = "", team: Team | None = None, topic: Topic | None = None, q: str = ""
) -> QuerySet[Alert]:
    """The alerts the person may see, last saved first, of one state, team or type, or with words in them."""
    rows = alerts_of(staff).select_related("team", "topic", "author")
    if state:
        rows = rows.filter(state=state)
    if team is not None:
        rows = rows.filter(team=team)
    if topic is not None:
        rows = rows.filter(topic=topic)
    return _with_words(rows, q).order_by("-saved_at", "-pk")


def waiting_for(staff: Staff) -> QuerySet[Alert]:
    """What waits for this person's decision, longest wait first; none for those who may not decide."""
    if not staff.may("alerts.approve"):
        return Alert.objects.none()
    rows = Alert.objects.filter(state=Alert.State.WAITING, team__in=teams_in_scope(staff).values("pk"))
    rows = rows.exclude(author=staff).exclude(asked_by=staff)
    return rows.select_related("team", "topic", "author").order_by("asked_at", "pk")


def drafts_of(staff: Staff) -> QuerySet[Alert]:
    """What the person is writing, last saved first."""
    rows = Alert.objects.filter(author=staff, state=Alert.State.DRAFT)
    return rows.select_related("team", "topic").order_by("-saved_at", "-pk")


def missing(alert: Alert) -> list[str]:
    """What an alert still needs before it can go, in sentences; the audience is counted elsewhere."""
    found = []
    if not alert.title:
        found.append("Write a title.")
    if alert.topic is None:
        found.append("Choose the type of alert.")
    headings = {"What is happening": alert.happening, "What we are doing": alert.doing, "What you can do": alert.can_do}
    found += [f"Write “{heading}”." for heading, text in headings.items() if not text.strip()]
    found += unfilled(alert)
    found += [_HELD[one.state].format(one.title) for one in held_enclosures(alert)]
    if not alert.channels:
        found.append("Choose at least one of email, text and voice.")
    if alert.first is not None and alert.first.state in (Alert.State.SENDING, Alert.State.PAUSED):
        found.append(
            "The first alert is still being sent. Wait until it has gone, or recall it: nobody must be missed."
        )
    return found


_HELD: dict[str, str] = {
    Enclosure.State.WAITING: "“{}” is not checked for viruses yet. Wait until it is, or remove it.",
    Enclosure.State.INFECTED: "A virus was found in “{}”. Remove it.",
}


def held_enclosures(alert: Alert) -> list[Enclosure]:
    """Papers that do not go with the alert as they are."""
    return list(Enclosure.objects.filter(alert=alert, state__in=list(_HELD))) if alert.pk else []


def unfilled(alert: Alert) -> list[str]:
    """A sentence for each place of a template that nobody has filled in."""
    texts = {
        "the title": alert.title,
        "“What is happening”": alert.happening,
        "“What we are doing”": alert.doing,
        "“What you can do”": alert.can_do,
    }
    return [
        f"Fill in {{{name}}} in {where}."
        for where, text in texts.items()
        for name in dict.fromkeys(PLACEHOLDER.findall(text))
    ]


def templates(topic: Topic | None = None) -> QuerySet[SavedText]:
    """What an alert can begin with, by type and name."""
    rows = SavedText.objects.filter(kind=SavedText.Kind.TEMPLATE).select_related("topic")
    rows = rows.filter(Q(topic=topic) | Q(topic=None)) if topic else rows
    return rows.order_by(F("topic__bit").asc(nulls_first=True), "name")


def snippets(topic: Topic | None = None) -> QuerySet[SavedText]:
    """Pieces for an alert of a type: those for it, and those for every type."""
    rows = SavedText.objects.filter(kind=SavedText.Kind.SNIPPET).select_related("topic")
    rows = rows.filter(Q(topic=topic) | Q(topic=None)) if topic else rows
    return rows.order_by(F("topic__bit").asc(nulls_first=True), "name")


def saved_text(pk: int, kind: str = "") -> SavedText:
    """One template or snippet; NoSuchEntry."""
    rows = SavedText.objects.select_related("topic").filter(pk=pk)
    found = (rows.filter(kind=kind) if kind else rows).first()
    if found is None:
        raise errors.NoSuchEntry
    return found


def enclosure_of(alert: Alert, key: str) -> Enclosure:
    """One picture or paper of an alert; NoSuchEntry."""
    found = Enclosure.objects.select_related("alert").filter(alert=alert, key=key).first()
    if found is None:
        raise errors.NoSuchEntry
    return found


def jargon() -> list[Phrase]:
    """The force's own list of words that residents may not know."""
    return [Phrase(*row) for row in Jargon.objects.values_list("words", "instead")]


def jargon_entries() -> QuerySet[Jargon]:
    return Jargon.objects.all()


def jargon_entry(pk: int) -> Jargon:
    """One entry of that list; NoSuchEntry."""
    found = Jargon.objects.filter(pk=pk).first()
    if found is None:
        raise errors.NoSuchEntry
    return found


def most_days_shown(alert: Alert) -> int:
    """For how many days after it goes out an alert of this type may be shown."""
    is_appeal = alert.topic is not None and alert.topic.slug in APPEALS
    return MOST_DAYS_APPEAL if is_appeal else MOST_DAYS


# Residents --------------------------------------------------------------------------------------------------------


def public_alert(ref: str) -> Alert:
    """One alert for its public page. NoSuchAlert before it is out or when it is restricted; AlertGone after
    withdrawal."""
    rows = Alert.objects.select_related("team__organisation", "topic", "first")
    found = rows.filter(ref=ref, restricted=False, practice=False).first()
    if found is not None and found.state == Alert.State.WITHDRAWN and found.send_id is not None:
        raise errors.AlertGone(found.withdrawn_reason, found.withdrawn_at)
    if found is None or found.state not in PUBLIC:
        raise errors.NoSuchAlert
    return found


def is_still(alert: Alert) -> bool:
    """Whether it is out as it was when its page was made: not withdrawn, recalled or put away meanwhile."""
    return Alert.objects.filter(pk=alert.pk, state=alert.state, restricted=False, practice=False).exists()


def urgent_alert(ref: str) -> Alert:
    """An urgent alert for systems that collect warnings, one that was withdrawn included: they have to take it out
    again. NoSuchAlert for everything else."""
    found = _told(Alert.objects.filter(ref=ref, priority=Alert.Priority.URGENT)).first()
    if found is None:
        raise errors.NoSuchAlert
    return found


def urgent_family(alert: Alert) -> list[Alert]:
    """The urgent ones among an alert, the first of its family and what followed, in order of time."""
    root = alert.first_id or alert.pk
    rows = Alert.objects.filter(Q(pk=root) | Q(first_id=root), priority=Alert.Priority.URGENT)
    return list(_told(rows).order_by("sent_at", "pk"))


def _told(rows: QuerySet[Alert]) -> QuerySet[Alert]:
    """What the public has been told, and has not been untold without a word."""
    shown = rows.filter(state__in=(*PUBLIC, Alert.State.WITHDRAWN), restricted=False, practice=False)
    return shown.filter(sent_at__isnull=False).select_related("team__organisation", "topic", "first")


def public_alerts(area: Area | None = None, q: str = "", topic: Topic | None = None) -> QuerySet[Alert]:
    """What everybody may read, newest first: out, not restricted, not withdrawn, not ended. For an area, what is
    shown in it, in the areas it lies in and in those that lie in it."""
    rows = Alert.objects.filter(state__in=PUBLIC, restricted=False, practice=False).filter(
        Q(ends_on=None) | Q(ends_on__gte=clock.today())
    )
    if area is not None:
        ids = {*places.with_descendants([area.pk]), *(above.pk for above in places.ancestors(area))}
        # A new import of areas makes new rows: the code is what stays the same
        shown = AlertArea.objects.filter(alert=OuterRef("pk"))
        rows = rows.filter(Exists(shown.filter(Q(area__in=ids) | Q(area__code=area.code))))
    if topic is not None:
        rows = rows.filter(topic=topic)
    rows = _with_words(rows, q).select_related("team__organisation", "topic").prefetch_related("areas__area")
    return rows.order_by("-sent_at", "-pk")


def _with_words(rows: QuerySet[Alert], q: str) -> QuerySet[Alert]:
    words = q.replace("\x00", "").strip()[:200]
    if not words:
        return rows
    vector = SearchVector("title", "happening", "doing", "can_do", config="english")  # as in the index
    return rows.annotate(words=vector).filter(words=SearchQuery(words, config="english", search_type="websearch"))


@dataclass(frozen=True)
class Relatives:
    """The first alert of a family (None when asked about the first itself) and its other updates and corrections."""

    first: Alert | None
    later: list[Alert]


def public_relatives(alert: Alert) -> Relatives:
    """What stands beside an alert on its public page: everything public of its family but itself, in order of time."""
    root = alert.root
    shown = Alert.objects.filter(state__in=PUBLIC, restricted=False, practice=False).exclude(pk=alert.pk)
    later = shown.filter(first=root).order_by("sent_at", "pk")
    return Relatives(shown.filter(pk=root.pk).first(), list(later))


@dataclass(frozen=True)
class Shown:
    """How many public alerts of a type went out about an area."""

    code: str
    name: str
    kind: str
    type: str
    alerts: int


def public_counts(start: datetime, end: datetime) -> list[Shown]:
    """Public alerts sent from START up to END, by area that has a page and by type."""
    rows = AlertArea.objects.filter(alert__in=_sent_in_public(start, end), area__kind__in=Area.ADMINISTRATIVE)
    # By code: a new import of areas makes new rows, perhaps of another name
    found = rows.values("area__code", "alert__topic__slug").annotate(
        name=Max("area__name"), kind=Max("area__kind"), n=Count("alert", distinct=True)
    )
    return [
        Shown(one["area__code"], one["name"], one["kind"], one["alert__topic__slug"], one["n"])
        for one in found.order_by("area__code", "alert__topic__slug")
    ]


def public_ratings(start: datetime, end: datetime) -> dict[str, tuple[int, float]]:
    """Type → how many ratings public alerts got that were sent then, and their mean."""
    rows = Rating.objects.filter(alert__in=_sent_in_public(start, end)).values_list("alert__topic__slug")
    return {slug: (n, float(mean)) for slug, n, mean in rows.annotate(n=Count("pk"), mean=Avg("value")).order_by()}


def _sent_in_public(start: datetime, end: datetime) -> QuerySet[Alert]:
    shown = Alert.objects.filter(state__in=PUBLIC, restricted=False, practice=False, topic__isnull=False)
    return shown.filter(sent_at__gte=start, sent_at__lt=end)


# Results ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ratings:
    """Ratings of one alert. `counts` maps 1 to 6 to how often it was given. Without any, mean and satisfaction are
    None.

    `low` and `high` bound the mean with 95% confidence, by the normal approximation and from 30 ratings up; they
    speak for people who would rate, not for all who got the alert.
    """

    base: int
    mean: float | None
    counts: dict[int, int]
    low: float | None = None
    high: float | None = None

    @property
    def satisfaction(self) -> float | None:
        """Mean ÷ 6, from 0 to 1: 5.44 of 6 is 90.67%. The papers' convention; a mean of 1 gives 16.67%, not 0."""
        return satisfaction(self.mean)


def satisfaction(mean: float | None) -> float | None:
    """A mean rating as a share of the highest possible, 6."""
    return None if mean is None else mean / SCALE


@dataclass(frozen=True)
class Results:
    """How an alert went. `people` were counted, `recipients` are addresses: a household's shared one counts once."""

    people: int
    recipients: int
    by_channel: dict[str, int]  # recipients
    waiting: int
    handed_over: int  # to the carrier, whether or not it then said "delivered"
    delivered: int
    failed: int
    not_sent: int
    unknown: int
    ratings: Ratings
    replies: int
    visits: int
    left: int
    seconds: float | None  # from freezing until the last was handed over, or until now; None before
    outcomes: dict[str, dict[str, int]] = field(default_factory=dict)  # channel → state → recipients
    in_digest: int = 0  # over their limit: they get it in a digest
    resting: delivery.Resting | None = None  # of those that wait, who wait as they asked
    as_of: datetime = field(default_factory=clock.now)

    @property
    def parts(self) -> list[dict[str, object]]:
        """For the bar of parts: what became of the recipients, parts of nothing left out."""
        only_handed = self.handed_over - self.delivered
        rows = [
            ("delivered", self.delivered),
            ("handed-over", only_handed),
            ("waiting", self.waiting),
            ("held", self.in_digest),
            ("recalled", self.not_sent),
            ("failed", self.failed),
            ("unknown", self.unknown),
        ]
        labels = {"recalled": "Not sent", "held": "In a digest"}
        return [{"kind": kind, "number": n, "label": labels.get(kind, "")} for kind, n in rows if n]


def results(alert: Alert) -> Results:
    """From tallies and sums, never from the ledger. Before the alert is frozen every number is 0."""
    counted = dict(Response.objects.filter(alert=alert).values_list("kind").annotate(sum=Sum("n")))
    responses = {
        "replies": counted.get(Response.Kind.REPLY, 0),
        "visits": counted.get(Response.Kind.VISIT, 0),
        "left": counted.get(Response.Kind.LEFT, 0),
    }
    rated = ratings(alert)
    if alert.send is None:
        return Results(alert.people or 0, 0, {}, 0, 0, 0, 0, 0, 0, rated, **responses, seconds=None)
    out = delivery.outcomes(alert.send.pk)
    ended = alert.send.finished_at or clock.now()
    return Results(
        people=alert.people or 0,
        recipients=out.recipients,
        by_channel=alert.by_channel,
        waiting=out.waiting,
        handed_over=out.handed_over + out.delivered,
        delivered=out.delivered,
        failed=out.failed,
        not_sent=out.not_sent,
        in_digest=out.in_digest,
        unknown=out.unknown,
        resting=resting([alert]).get(alert.pk),
        ratings=rated,
        **responses,
        seconds=(ended - alert.send.created_at).total_seconds(),
        outcomes={
            Channel(channel).label: {State(state).label: n for state, n in states.items() if n}
            for channel, states in out.by_channel.items()
        },
    )


def resting(alerts: Iterable[Alert]) -> dict[int, delivery.Resting]:
    """Of alerts that are being sent, by id: who waits for it as they asked. Asks nothing where none is being sent."""
    going = {alert.send_id: alert.pk for alert in alerts if alert.state == Alert.State.SENDING and alert.send_id}
    found = delivery.resting(list(going)) if going else {}
    return {going[send]: one for send, one in found.items()}


def ratings(alert: Alert) -> Ratings:
    """Mean, base and distribution of an alert's ratings."""
    rows = Rating.objects.filter(alert=alert)
    counts = dict.fromkeys(range(1, SCALE + 1), 0)
    counts |= dict(rows.values_list("value").annotate(n=Count("pk")).order_by())
    found = rows.aggregate(mean=Avg("value"), spread=StdDev("value", sample=True))
    base = sum(counts.values())
    if not base:
        return Ratings(0, None, counts)
    mean = float(found["mean"])
    if base < ENOUGH_RATINGS:
        return Ratings(base, mean, counts)
    half = Z_95 * float(found["spread"]) / math.sqrt(base)
    return Ratings(base, mean, counts, max(1.0, mean - half), min(float(SCALE), mean + half))
