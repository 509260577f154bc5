"""What texts and calls cost: parts times a dated price, charged to an area and its monthly budget. Email is free.

A send is booked with a forecast when it is frozen, so that two together cannot pass a budget that each keeps; when it
has ended, what it cost takes the forecast's place.
"""

from __future__ import annotations

from collections import Counter
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
SELECT d.channel, d.carrier, coalesce(m.language, ''), count(*)
  FROM delivery d LEFT JOIN members_member m ON m.id = d.member_id
 WHERE d.send_id = %s AND d.channel = ANY(%s) AND (d.state = ANY(%s) OR d.state = %s AND d.reason <> ALL(%s))
 GROUP BY 1, 2, 3
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


def forecast(by_channel: Mapping[Channel, int], parts: int, on: date, *, more_parts: int = 0) -> Forecast:
    """Of a send to so many recipients by each channel, whose text has so many parts; MORE_PARTS go on top of that, for
    texts in other languages."""
    pence, unpriced = Decimal(0), []
    for channel in PAID:
        number = by_channel.get(channel, 0)
        one = price(channel, on) if number else Decimal(0)
        if one is None:
            unpriced.append(channel)
        else:
            pence += one * (number * parts + more_parts if channel == Channel.TEXT else number)
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
    by_channel, more_parts = _recipients(send)
    if not by_channel:
        return
    with connection.cursor() as cursor:  # whoever books for the area goes first or waits
        cursor.execute("SELECT pg_advisory_xact_lock(7306, %s)", [area.pk if area else 0])
    cost = forecast(by_channel, send.text_parts, on, more_parts=more_parts)
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
    for number, carrier, language, count in taken:
        channel = Channel(number)
        one = price(channel, on, kinds.get(carrier, "")) or Decimal(0)
        pence += one * count * (parts_in(send, language) if channel == Channel.TEXT else 1)
    Spend.objects.filter(pk=spend.pk).update(pence=pence, final=True)


def parts_in(send: Send, language: str) -> int:
    """Of one text of this send to somebody who asked for this language."""
    found: int = send.language_parts.get(language, send.text_parts)
    return found


_RECIPIENTS = """
SELECT d.channel, coalesce(m.language, ''), count(*) FROM delivery d LEFT JOIN members_member m ON m.id = d.member_id
 WHERE d.send_id = %s AND d.channel = ANY(%s) GROUP BY 1, 2
"""


def _recipients(send: Send) -> tuple[dict[Channel, int], int]:
    """Texts and calls of a frozen send, and the parts that its texts in other languages have beyond the usual."""
    found: Counter[Channel] = Counter()
    more = 0
    with connection.cursor() as cursor:
        cursor.execute(_RECIPIENTS, [send.pk, list(map(int, PAID))])
        for channel, language, count in cursor.fetchall():
            found[Channel(channel)] += count
            if channel == Channel.TEXT:
                more += count * (parts_in(send, language) - send.text_parts)
    return dict(found), more
