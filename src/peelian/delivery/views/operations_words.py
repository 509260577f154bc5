"""Lines of the operations page: numbers with the words that go with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from peelian.core import clock
from peelian.core.wording import number, plural_count, uk_date, uk_datetime, uk_time
from peelian.delivery import pacing
from peelian.delivery.models import Carrier, Channel, Lane, Limit
from peelian.delivery.operations import pace, queue

HEIGHT = 120  # of the bars, in pixels
ALL_OF_THEM = {Channel.EMAIL: "emails", Channel.TEXT: "texts", Channel.VOICE: "calls"}


def span(time: timedelta) -> str:
    """How long, in one unit: 40 seconds, 12 minutes, 3 hours, 2 days."""
    seconds = max(int(time.total_seconds()), 0)
    for length, noun in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= 2 * length or (seconds >= length and noun == "minute"):
            return plural_count(seconds // length, noun)
    return plural_count(seconds, "second") if seconds else "no time"


@dataclass(frozen=True)
class CarrierLine:
    """A carrier, its share of its channel now, and what it did in the last hour."""

    row: Carrier
    share: float
    taken: int
    trouble: int

    @property
    def title(self) -> str:
        return f"{self.row.name}, which carries {ALL_OF_THEM[Channel(self.row.channel)]}, is not well"

    @property
    def word(self) -> str:
        if self.row.problem:
            return "not well"
        if self.row.weight < self.row.resting:
            return "coming back"
        return "well" if self.row.checked_at else "not checked yet"

    @property
    def colour(self) -> str:
        return {"not well": "red", "coming back": "amber", "well": "green"}.get(self.word, "grey")


@dataclass(frozen=True)
class LaneLine:
    lane: Lane
    named: list[tuple[Channel, int]]
    held: int
    since: datetime | None

    @property
    def total(self) -> int:
        return sum(count for _, count in self.named)


def lanes(waiting: queue.Queue) -> list[LaneLine]:
    return [
        LaneLine(
            lane,
            [(channel, waiting.waiting[lane, channel]) for channel in Channel],
            sum(waiting.held[lane, channel] for channel in Channel),
            waiting.oldest.get(lane),
        )
        for lane in Lane
    ]


@dataclass(frozen=True)
class DrainLine:
    """When what waits of a channel will have gone."""

    name: str
    said: str


def drains(waiting: queue.Queue) -> list[DrainLine]:
    """Of each channel in which something waits."""
    numbers = {int(channel): count for channel in Channel if (count := waiting.of(channel))}
    ends = pacing.drain(numbers) if numbers else {}
    found = []
    for channel, count in numbers.items():
        noun = ALL_OF_THEM[Channel(channel)]
        found.append(DrainLine(f"{number(count)} {noun[:-1] if count == 1 else noun}", _until(ends[channel])))
    return found


def _until(end: datetime | None) -> str:
    if end is None:
        return "Nobody can say yet: none has gone in the last minute."
    left = end - clock.now()
    if left < timedelta(minutes=1):
        return "Within a minute."
    at = uk_time(end) if end.astimezone(clock.LONDON).date() == clock.today() else uk_datetime(end)
    return f"In about {span(left)}, at {at}." if left < timedelta(days=1) else f"On {at}."


@dataclass(frozen=True)
class LimitLine:
    """A limit, what is used of it, and where it is changed."""

    limit: Limit
    parts: list[pacing.Part]

    @property
    def name(self) -> str:
        return limit_name(self.limit)

    @property
    def said(self) -> list[tuple[str, str, int]]:
        """Of each part: how much is used, of how much, and its per cent."""
        spans = {"second": "in the last second", "minute": "in the last minute", "day": "today"}
        return [
            (
                f"{number(one.used)} of {number(one.limit)}",
                spans[one.per],
                min(100 * one.used // max(one.limit, 1), 100),
            )
            for one in self.parts
        ]

    @property
    def starts_slowly(self) -> bool:
        """Whether its day is one of a slow start."""
        day = next((one.limit for one in self.parts if one.per == "day"), None)
        return day is not None and day != self.limit.per_day


def limits() -> list[LimitLine]:
    """Carriers by name, then mail domains."""
    rows = {
        (one.carrier_id, "" if one.carrier_id else one.mail_domain.lower()): one
        for one in Limit.objects.select_related("carrier")
    }
    found = []
    for use in pacing.usage():
        row = rows.get((use.carrier_id, "" if use.carrier_id else use.name))
        if row is not None:  # set in this very moment
            found.append(LimitLine(row, use.parts))
    return found


def limit_name(limit: Limit) -> str:
    """twilio (text), or the mail domain."""
    return f"{limit.carrier.name} ({limit.carrier.get_channel_display()})" if limit.carrier else limit.mail_domain


def limit_said(limit: Limit) -> str:
    """50 a second, 100,000 a day."""
    named = ((limit.per_second, "a second"), (limit.per_minute, "a minute"), (limit.per_day, "a day"))
    found = [f"{number(count)} {each}" for count, each in named if count is not None]
    if limit.ramp_from and limit.ramp_first:
        found.append(f"slow start with {number(limit.ramp_first)} on {uk_date(limit.ramp_from)}")
    return ", ".join(found)


@dataclass(frozen=True)
class Bar:
    """Of a minute: its place in per cents of the width, its height in pixels."""

    x: str
    y: int
    height: int
    is_now: bool


def bars(minutes: list[pace.Minute]) -> list[Bar]:
    most = max(one.total for one in minutes) or 1
    found = []
    for place, one in enumerate(minutes):
        height = max(1, round((HEIGHT - 1) * one.total / most)) if one.total else 0
        if height:
            x = f"{100 * place / len(minutes):.3f}%"
            found.append(Bar(x, HEIGHT - 1 - height, height, place == len(minutes) - 1))
    return found


def waits(since: datetime | None) -> str:
    return span(clock.now() - since) if since else "–"


def held_said(waiting: queue.Queue) -> str:
    return f"and {number(waiting.total_held)} held" if waiting.total_held else "none held"
