"""What texts and calls cost: parts times a dated price, charged to an area and its monthly budget. Email is free.

A send is booked with a forecast when it is frozen, so that two together cannot pass a budget that each keeps; when it
has ended, what it cost takes the forecast's place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from peelian.core import clock, gsm
from peelian.core.messages import TOKEN
from peelian.delivery import tokens
from peelian.delivery.errors import BudgetSpent
from peelian.delivery.models import Budget, Carrier, Channel, Lane, Price, Reason, Send, Spend, State
from peelian.delivery.queries import HANDED
from peelian.places import queries as places
from peelian.places.models import Area

WARN_AT = Decimal("0.8")  # of a month's budget
PAID = (Channel.TEXT, Channel.VOICE)
# Not taken by the carrier, and so not charged; what it took and could not deliver is
_NOT_CHARGED = (Reason.REFUSED, Reason.GAVE_UP, Reason.RECALLED)
_TAKEN = """
SELECT channel, carrier, count(*) FROM delivery
 WHERE send_id = %s AND channel = ANY(%s) AND (state = ANY(%s) OR state = %s AND reason <> ALL(%s))
 GROUP BY channel, carrier
"""


@dataclass(frozen=True)
class Forecast:
    """What a send will cost, in pence; `unpriced` are channels nobody gave a price for."""

    pence: Decimal
    parts: int
    unpriced: tuple[Channel, ...]


@dataclass(frozen=True)
class Month:
    """An area's month in pounds. `budget` is None where nobody set one."""

    area: Area
    month: date
    spent: Decimal
    budget: Decimal | None

    @property
    def left(self) -> Decimal | None:
        return None if self.budget is None else self.budget - self.spent

    @property
    def is_close(self) -> bool:
        """Whether four fifths are spent."""
        return self.budget is not None and self.spent >= self.budget * WARN_AT


def text_parts(words: str) -> gsm.Parts:
    """The parts of a text as a renderer gives it: each recipient's own token is as long as any other."""
    return gsm.parts(words.replace(TOKEN, "A" * tokens.LENGTH))


def price(channel: Channel, on: date, kind: str = "") -> Decimal | None:
    """Pence for one part of a text or for one call on a day: by a carrier of that kind or, without one, by the carriers
    of the channel in their resting shares. None where nobody gave a price."""
    if kind:
        found = Price.objects.filter(channel=channel, kind=kind, valid_from__lte=on).order_by("-valid_from").first()
        return found.pence if found else None
    shares = Carrier.objects.filter(channel=channel).values_list("kind", "resting")
    known = [(cost, share) for one, share in shares if (cost := price(channel, on, one)) is not None and share]
    if not known:
        return None
    return sum((cost * share for cost, share in known), Decimal(0)) / sum(share for _, share in known)


def forecast(by_channel: Mapping[Channel, int], parts: int, on: date) -> Forecast:
    """Of a send to so many recipients by each channel, whose text has so many parts."""
    pence, unpriced = Decimal(0), []
    for channel in PAID:
        number = by_channel.get(channel, 0)
        one = price(channel, on) if number else Decimal(0)
        if one is None:
            unpriced.append(channel)
        else:
            pence += one * number * (parts if channel == Channel.TEXT else 1)
    return Forecast(pence, parts, tuple(unpriced))


def charged_to(area_ids: list[int]) -> Area | None:
    """The policing area that a team of these areas is charged to: the first that holds one of them; None: the force."""
    for area in Area.objects.filter(pk__in=area_ids).order_by("code"):
        for one in [area, *reversed(places.ancestors(area))]:
            if one.kind == Area.Kind.POLICING_AREA:
                return one
    return None


def month_of(area: Area, on: date) -> Month:
    """What the area's teams have spent and booked in the month of a day."""
    first = on.replace(day=1)
    spent = Spend.objects.filter(area=area, month=first).aggregate(sum=Sum("pence"))["sum"] or Decimal(0)
    budget = Budget.objects.filter(area=area, from_month__lte=first).order_by("-from_month").first()
    return Month(area, first, spent / 100, budget.pounds if budget else None)


def must_afford(area: Area | None, pence: Decimal, on: date, *, urgent: bool) -> None:
    """Raise BudgetSpent where the month's budget does not reach; an urgent send goes all the same."""
    if area is None or urgent or not pence:
        return
    month = month_of(area, on)
    if month.left is not None and pence / 100 > month.left:
        raise BudgetSpent(
            f"It would cost £{pence / 100:,.2f} in texts and calls, and {area.name} has £{max(month.left, 0):,.2f} left"
            f" for {month.month:%B}. Send it by email alone, or ask an administrator for more."
        )


def book(send: Send, *, area: Area | None) -> None:
    """Charge a send that is being frozen with what it will cost. In the caller's transaction; raises BudgetSpent."""
    on = clock.today()
    by_channel = _recipients(send)
    if not by_channel:
        return
    with connection.cursor() as cursor:  # whoever books for the area goes first or waits
        cursor.execute("SELECT pg_advisory_xact_lock(7306, %s)", [area.pk if area else 0])
    cost = forecast(by_channel, send.text_parts, on)
    must_afford(area, cost.pence, on, urgent=send.lane == Lane.URGENT)
    Spend.objects.create(send=send, area=area, month=on.replace(day=1), pence=cost.pence)


def settle(send: Send) -> None:
    """Put what a send that has ended cost in the place of its forecast. Safe to run twice."""
    spend = Spend.objects.filter(send=send, final=False).first()
    if spend is None:
        return
    states = list(HANDED)
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, [send.pk, list(map(int, PAID)), states, State.FAILED, list(map(str, _NOT_CHARGED))])
        taken = cursor.fetchall()
    kinds = dict(Carrier.objects.values_list("pk", "kind"))
    on, pence = send.created_at.astimezone(clock.LONDON).date(), Decimal(0)
    for number, carrier, count in taken:
        channel = Channel(number)
        one = price(channel, on, kinds.get(carrier, "")) or Decimal(0)
        pence += one * count * (send.text_parts if channel == Channel.TEXT else 1)
    Spend.objects.filter(pk=spend.pk).update(pence=pence, final=True)


def _recipients(send: Send) -> dict[Channel, int]:
    """Texts and calls of a frozen send."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel, count(*) FROM delivery WHERE send_id = %s AND channel = ANY(%s) GROUP BY channel",
            [send.pk, list(map(int, PAID))],
        )
        return {Channel(channel): count for channel, count in cursor.fetchall()}
