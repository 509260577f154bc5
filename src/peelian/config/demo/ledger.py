"""The year's alerts as rows: alerts, sends, the ledger, tallies, decisions, ratings, shares, and the audit trail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection

from peelian.alerts.models import Alert, AlertArea, Decision, Rating, Response
from peelian.config.demo import trail, words
from peelian.config.demo.alerts import Desk, Written
from peelian.config.demo.people import Ints
from peelian.config.demo.writing import copy, settle_ids
from peelian.delivery.models import Batch, Delivery, Lane, Reason, Send, State, Tally
from peelian.members.models import CHANNELS, EMAIL, TEXT, VOICE

RENDERER = "alerts.alert"
BATCH = 500
# What becomes of a hundred emails, texts and calls: state, reason, share
OUTCOMES: tuple[tuple[int, str, float], ...] = (
    (State.DELIVERED, "", 0.972),
    (State.HANDED_OVER, "", 0.008),
    (State.FAILED, Reason.BOUNCED, 0.009),
    (State.FAILED, Reason.GAVE_UP, 0.003),
    (State.NOT_SENT, Reason.LEFT, 0.008),
)
# Mean rating of a type where it is not 4.7; the board paper's convention is the mean as a share of six
LIKED = {"good-news": 5.4, "crime-update": 5.3, "information-request": 5.0, "recruitment": 3.9, "forms-update": 3.8,
         "scheme-administration": 4.1, "residential-asb": 4.4}  # fmt: skip


@dataclass
class Given:
    """What one alert's recipients are in the ledger: addresses in order, each with member, channel and outcome."""

    addresses: Ints
    members: Ints
    channels: Ints
    outcome: Ints  # place in OUTCOMES; -1 where a recall stopped it

    def states(self) -> Ints:
        return np.array([*(state for state, _, _ in OUTCOMES), State.NOT_SENT])[self.outcome]

    def reasons(self) -> list[str]:
        of = [*(str(reason) for _, reason, _ in OUTCOMES), str(Reason.RECALLED)]
        return [of[at] for at in self.outcome.tolist()]

    def readers(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Places of those who got it by email."""
        return np.flatnonzero((self.channels == EMAIL) & (self.states() <= State.DELIVERED))


@dataclass
class Ledger:
    """Writes it all; `given` and `ids` say afterwards who got which alert (ids count from 1 in the order written)."""

    desk: Desk
    written: list[Written]
    given: dict[int, Given] = field(default_factory=dict)

    def write(self) -> None:
        """Write everything, the sends and their ledger first."""
        out = [number for number, one in enumerate(self.written, 1) if one.is_out]
        for number in out:
            self.given[number] = self._give(self.written[number - 1])
        copy(Send, _SEND, (self._send(number) for number in out))
        copy(Delivery, _DELIVERY, self._deliveries())
        copy(Batch, ("send_id", "number", "first_address", "last_address", "size", "done_at"), self._batches())
        copy(Tally, ("send_id", "channel", "state", "n"), self._tallies())
        Alert.objects.bulk_create(self._alert(number, one) for number, one in enumerate(self.written, 1))
        self._set_times()
        AlertArea.objects.bulk_create(
            AlertArea(alert_id=number, area_id=area.pk) for number in out for area in self.written[number - 1].areas
        )
        copy(Decision, ("alert_id", "verb", "by_id", "people", "comment", "at"), self._decisions())
        copy(Rating, ("alert_id", "address_id", "value", "at"), self._ratings())
        copy(Response, ("alert_id", "kind", "n"), self._responses())
        settle_ids(Send, Alert)
        self._audit()

    # The ledger ------------------------------------------------------------------------------------------------------

    def _give(self, one: Written) -> Given:
        """An address once, for its first member, as members.audience freezes it."""
        people, parts = self.desk.people, []
        for bit in (EMAIL, TEXT, VOICE):
            members = one.members[one.bits & bit > 0]
            own = {
                EMAIL: people.email,
                TEXT: people.mobile,
                VOICE: np.where(people.landline > 0, people.landline, people.mobile),
            }
            parts.append(np.column_stack([own[bit][members], members + 1, np.full(len(members), bit)]))
        rows = np.concatenate(parts)
        rows = rows[np.lexsort((rows[:, 1], rows[:, 2], rows[:, 0]))]
        rows = rows[np.unique(rows[:, 0], return_index=True)[1]]
        outcome = self.desk.rng.choice(len(OUTCOMES), len(rows), p=[share for _, _, share in OUTCOMES])
        if one.state == Alert.State.RECALLED:
            outcome[len(rows) // 3 :] = -1
        if one.relation and one.first is not None:
            # Only those who were handed the first
            first = self.given[self.written.index(one.first) + 1]
            handed = np.isin(rows[:, 0], first.addresses[first.states() <= State.DELIVERED])
            rows, outcome = rows[handed], outcome[handed]
        return Given(rows[:, 0], rows[:, 1], rows[:, 2], outcome)

    def _send(self, number: int) -> tuple[Any, ...]:
        one = self.written[number - 1]
        lane = Lane.URGENT if one.priority == Alert.Priority.URGENT else Lane.ROUTINE
        state = Send.State.RECALLED if one.state == Alert.State.RECALLED else Send.State.SENT
        return (
            number, RENDERER, number, one.team.organisation_id, one.topic.bit, False, lane.value, state.value,
            len(self.given[number].addresses), one.at, one.at + timedelta(minutes=2),
        )  # fmt: skip

    def _deliveries(self) -> Iterator[tuple[Any, ...]]:
        for number, given in self.given.items():
            at = (self.written[number - 1].at + timedelta(minutes=1)).isoformat()
            columns = (part.tolist() for part in (given.addresses, given.members, given.channels, given.states()))
            for address, member, channel, state, reason in zip(*columns, given.reasons(), strict=True):
                yield number, address, member, channel, state, 1 if state != State.NOT_SENT else 0, reason, at

    def _batches(self) -> Iterator[tuple[Any, ...]]:
        for number, given in self.given.items():
            done = self.written[number - 1].at + timedelta(minutes=1)
            for batch, first in enumerate(range(0, len(given.addresses), BATCH)):
                part = given.addresses[first : first + BATCH]
                yield number, batch, int(part[0]), int(part[-1]), len(part), done

    def _tallies(self) -> Iterator[tuple[Any, ...]]:
        for number, given in self.given.items():
            pairs, counts = np.unique(np.column_stack([given.channels, given.states()]), axis=0, return_counts=True)
            for (channel, state), n in zip(pairs.tolist(), counts.tolist(), strict=True):
                yield number, channel, state, n

    # The alerts ------------------------------------------------------------------------------------------------------

    def _alert(self, number: int, one: Written) -> Alert:
        asked = one.approver is not None or one.state == Alert.State.WAITING
        alert = Alert(
            id=number, ref=one.ref, title=one.title, topic=one.topic, priority=one.priority, team=one.team,
            author=one.author, happening=one.said.happening.format(**one.filling),
            doing=one.said.doing.format(**one.filling), can_do=one.said.can_do.format(**one.filling),
            audience=one.audience, channels=one.channels, restricted=one.restricted, relation=one.relation,
            first_id=self.written.index(one.first) + 1 if one.first else None, state=one.state,
            scheduled_for=one.scheduled_for,
            people=len(one.members) if one.is_out or asked or one.scheduled_for else None,
            asked_by=one.author if asked else None, asked_at=one.at - timedelta(minutes=50) if asked else None,
            approved_by=one.approver, approved_at=one.at - timedelta(minutes=20) if one.approver else None,
        )  # fmt: skip
        if one.scheduled_for:
            alert.released_by = one.author
        if one.is_out:
            self._complete(alert, number, one)
        return alert

    def _complete(self, alert: Alert, number: int, one: Written) -> None:
        """What only an alert that went out has."""
        given = self.given[number]
        alert.send_id, alert.sent_at, alert.released_by = number, one.at, one.approver or one.author
        alert.ends_on = one.at.date() + timedelta(days=one.topic.days_shown)
        counts = {name: int((given.channels == bit).sum()) for name, bit in CHANNELS.items()}
        alert.by_channel = {name: n for name, n in counts.items() if n}
        if alert.ends_on < self.desk.people.today and one.topic.slug in ("information-request", "residential-burglary"):
            alert.outcome = words.OUTCOMES[number % len(words.OUTCOMES)]
        if one.state == Alert.State.WITHDRAWN:
            alert.withdrawn_at, alert.withdrawn_reason = one.at + timedelta(hours=3), words.WITHDRAWN_REASON

    def _set_times(self) -> None:
        """When they were begun and last saved; Django would say now."""
        times = [[number, *self._begun(one)] for number, one in enumerate(self.written, 1)]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE alerts_alert a SET created_at = t.begun, saved_at = t.saved"
                " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS t(id, begun, saved)"
                " WHERE a.id = t.id",
                [list(column) for column in zip(*times, strict=True)],
            )

    @staticmethod
    def _begun(one: Written) -> tuple[datetime, datetime]:
        return one.at - timedelta(minutes=95), one.at - timedelta(minutes=55)

    def _decisions(self) -> Iterator[tuple[Any, ...]]:
        for number, one in enumerate(self.written, 1):
            people = len(one.members)
            if one.approver or one.state == Alert.State.WAITING or one.returned:
                yield number, "asked", one.author.pk, people, "", one.at - timedelta(minutes=50)
            if one.approver:
                yield number, "approved", one.approver.pk, people, "", one.at - timedelta(minutes=20)
            if one.returned:
                sergeant = self.desk.roster.teams[0].sergeant
                yield number, "returned", sergeant.pk, people, words.RETURNED, one.at - timedelta(minutes=10)

    # What came back --------------------------------------------------------------------------------------------------

    def _ratings(self) -> Iterator[tuple[Any, ...]]:
        """Two to nine in a hundred rate; the mean depends on the type and on the team."""
        rng = self.desk.rng
        kind = {team.pk: rng.normal(0, 0.25) for team in (self.desk.roster.force, *self._teams())}
        for number, given in self.given.items():
            one, readers = self.written[number - 1], given.readers()
            some = readers[rng.random(len(readers)) < rng.uniform(0.02, 0.09)]
            mean = LIKED.get(one.topic.slug, 4.7) + kind[one.team.pk]
            values = np.clip(np.rint(rng.normal(mean, 1.2, len(some))), 1, 6).astype(int)
            minutes = (rng.exponential(400, len(some)) + 1).astype(int)
            for address, value, later in zip(
                given.addresses[some].tolist(), values.tolist(), minutes.tolist(), strict=True
            ):
                yield number, address, value, self._by_now(one.at + timedelta(minutes=later))

    def _teams(self) -> Iterator[Any]:
        for team in self.desk.roster.teams:
            yield from (team.team, team.ward_team)

    def _responses(self) -> Iterator[tuple[Any, ...]]:
        rng = self.desk.rng
        for number, given in self.given.items():
            readers = len(given.readers())
            for kind, share in ((Response.Kind.VISIT, rng.uniform(0.02, 0.3)), (Response.Kind.LEFT, 0.0008)):
                n = int(rng.poisson(readers * share))
                if n:
                    yield number, kind.value, n

    def _by_now(self, at: datetime) -> datetime:
        """AT, or the start of today when that is still to come."""
        today = self.desk.people.today
        return min(at, datetime(today.year, today.month, today.day, tzinfo=at.tzinfo))

    # The trail -------------------------------------------------------------------------------------------------------

    def _audit(self) -> None:
        trail.write((at, by, verb, "alert", ref, data) for at, by, verb, ref, data in self._events())

    def _events(self) -> Iterator[tuple[datetime, tuple[str, int | None, str], str, str, dict[str, Any]]]:
        system = ("system", None, "system")
        for number, one in enumerate(self.written, 1):
            people = {"people": len(one.members)}
            begun, saved = self._begun(one)
            by = one.author.audit_actor
            yield begun, by, "alert.drafted", one.ref, {"team": one.team.pk}
            yield saved, by, "alert.saved", one.ref, {"version": 1}
            if one.approver:
                yield one.at - timedelta(minutes=50), by, "alert.asked", one.ref, people
                yield one.at - timedelta(minutes=20), one.approver.audit_actor, "alert.approved", one.ref, people
            if one.is_out:
                frozen = {"send": number, "recipients": len(self.given[number].addresses), **people}
                yield one.at, system, "alert.frozen", one.ref, frozen | {"audience": one.audience}
                yield one.at + timedelta(minutes=2), system, "alert.sent", one.ref, {"send": number}
            if one.state == "withdrawn":
                lead = self.desk.roster.communications[0].audit_actor
                yield one.at + timedelta(hours=3), lead, "alert.withdrawn", one.ref, {"before": "sent", "stopped": 0}


_SEND = (
    "id", "renderer", "object_id", "organisation_id", "topic_bit", "promotion", "lane", "state", "recipients",
    "created_at", "finished_at",
)  # fmt: skip
_DELIVERY = ("send_id", "address_id", "member_id", "channel", "state", "tries", "reason", "changed_at")
