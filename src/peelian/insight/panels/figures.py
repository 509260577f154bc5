"""What a panel counts, and the rates that follow from it: each a numerator over a named base, None where there is none.

The rates are those of the board paper of November 2018, Appendix A; its satisfaction is the mean rating divided by the
scale's highest value, six (alerts.queries.SCALE).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal

SCALE = 6  # the highest rating


@dataclass(frozen=True)
class Counts:
    """The alerts of a scope and what came back on them. `email_alerts`, `text_alerts` and `call_alerts` count an alert
    once for each channel it went by, so that together they may be more than `alerts`."""

    alerts: int = 0
    email_alerts: int = 0
    text_alerts: int = 0
    call_alerts: int = 0
    emails: int = 0
    texts: int = 0
    calls: int = 0
    text_pence: Decimal = Decimal(0)
    call_pence: Decimal = Decimal(0)
    replies: int = 0
    email_replies: int = 0
    ratings: int = 0
    rating_total: int = 0
    visits: int = 0  # by the links people passed on
    left: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Counts)))

    @property
    def messages(self) -> int:
        return self.emails + self.texts + self.calls

    @property
    def over_channels(self) -> int:
        """Alerts added up over the channels: each as often as it had channels."""
        return self.email_alerts + self.text_alerts + self.call_alerts

    @property
    def emails_per_alert(self) -> float | None:
        return share(self.emails, self.email_alerts)

    @property
    def visits_per_email(self) -> float | None:
        return share(self.visits, self.emails)

    @property
    def ratings_per_email(self) -> float | None:
        return share(self.ratings, self.emails)

    @property
    def replies_per_email(self) -> float | None:
        return share(self.email_replies, self.emails)

    @property
    def replies_per_alert(self) -> float | None:
        return share(self.email_replies, self.email_alerts)

    @property
    def pounds_per_text(self) -> float | None:
        return share(float(self.text_pence) / 100, self.texts)

    @property
    def pounds_per_call(self) -> float | None:
        return share(float(self.call_pence) / 100, self.calls)

    @property
    def known_opens(self) -> int:
        """The least number of emails that were opened: whoever rates one or answers it has read it, and may do both."""
        return max(self.ratings, self.email_replies)

    @property
    def mean_rating(self) -> float | None:
        return share(self.rating_total, self.ratings)

    @property
    def satisfaction(self) -> float | None:
        """Mean rating ÷ 6, the papers' convention; of those who rated, who chose themselves."""
        mean = self.mean_rating
        return None if mean is None else mean / SCALE


@dataclass(frozen=True)
class Standing:
    """How the members of a scope stood on one day. A comms issue is a contact point that failed; incommunicado is
    whoever has none that works; contacted is who received anything in the period."""

    members: int = 0
    comms_issues: int = 0
    incommunicado: int = 0
    contacted: int | None = None

    @property
    def contactable(self) -> int:
        """Everybody who is not incommunicado."""
        return self.members - self.incommunicado

    @property
    def contactable_share(self) -> float | None:
        return share(self.contactable, self.members)

    @property
    def without_any_issue(self) -> int:
        """Members none of whose contact points is known to fail, if nobody has both troubles."""
        return self.members - self.incommunicado - self.comms_issues

    @property
    def contacted_share(self) -> float | None:
        return None if self.contacted is None else share(self.contacted, self.members)


def residual(total: int, parts: list[int]) -> int:
    """What a list of parts leaves of its total: "Other". Raises ValueError where the parts are more than the total."""
    rest = total - sum(parts)
    if rest < 0:
        raise ValueError(f"the parts add up to {sum(parts):,}, which is more than {total:,}")
    return rest


def share(part: float, base: float) -> float | None:
    """PART ÷ BASE; None without a base, so that no page prints a share of nothing."""
    return part / base if base else None
