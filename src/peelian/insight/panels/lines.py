"""The panel of the board papers' Appendix A as lines of words: each figure now, in the period before, the change by its
sign, and the base it rests on."""

from __future__ import annotations

from collections.abc import Callable

from peelian.core.panels import Line, Panel, Scope
from peelian.core.suppression import NOT_TOLD, SMALL, small, told
from peelian.core.wording import plural_count
from peelian.insight.panels import queries
from peelian.insight.panels.figures import Counts, Standing
from peelian.insight.panels.queries import Wanted

NOT_COUNTED = "not counted"
OPENS = (
    "the larger of ratings and replies: each of them opened it. Peelian puts no tracking picture into messages, so the"
    " true number is higher and is not known"
)


def number(value: float, places: int = 0) -> str:
    return f"{value:,.{places}f}"


def change(now: float, before: float, places: int = 0, unit: str = "") -> str:
    """ "+119,863 (+20.35%)", "−24 (−3.26%)", "no change"; without a percentage where there was nothing before."""
    by = round(now - before, places)
    if not by:
        return "no change"
    said = _signed(by, places, unit)
    return f"{said} ({_signed(100 * by / before, 2)}%)" if before else said


def _signed(value: float, places: int, unit: str = "") -> str:
    return f"{'+' if value > 0 else '−'}{unit}{abs(value):,.{places}f}"


def percent(share: float | None, places: int = 2) -> str:
    return "" if share is None else f"{100 * share:.{places}f}%"


def _line(label: str, now: float, before: float, note: str = "", places: int = 0, unit: str = "") -> Line:
    return Line(
        label,
        f"{unit}{number(now, places)}",
        f"{unit}{number(before, places)}",
        change(now, before, places, unit),
        note,
    )


def of_members(now: Standing | None, before: Standing | None) -> list[Line]:
    """Users, contactable, contacted, comms issues, incommunicado. Under five people are not told, nor what would give
    them away."""
    if now is None:
        return []
    rows: list[tuple[str, Callable[[Standing], int | None], str]] = [
        ("Members", lambda one: one.members, "confirmed, and not left"),
        ("Contactable", _contactable, f"{percent(now.contactable_share)} of members: not incommunicado"),
        ("Contacted in the period", lambda one: one.contacted, f"{percent(now.contacted_share)} of members"),
        ("With a comms issue", lambda one: one.comms_issues, "a contact point of theirs failed"),
        ("Incommunicado", lambda one: one.incommunicado, "none of their contact points works"),
    ]
    return [_of_people(label, of(now), of(before) if before else None, note) for label, of, note in rows]


def _contactable(one: Standing) -> int | None:
    """None where members less this would tell a small number of incommunicado."""
    return None if small(one.incommunicado) else one.contactable


def _of_people(label: str, now: int | None, before: int | None, note: str) -> Line:
    if now is None:
        return Line(label, NOT_TOLD if label == "Contactable" else NOT_COUNTED)
    if small(now) or (before is not None and small(before)):
        return Line(label, told(now), "" if before is None else told(before), note="" if small(now) else note)
    if before is None:
        return Line(label, number(now), NOT_COUNTED, note=note)
    return _line(label, now, before, note)


def of_alerts(now: Counts, before: Counts) -> list[Line]:
    """How many alerts, once each, and by how many channels: so that their sum explains itself."""
    return [
        _line("Alerts", now.alerts, before.alerts, over_channels(now)),
        _line("Alerts by email", now.email_alerts, before.email_alerts),
        _line("Alerts by text", now.text_alerts, before.text_alerts),
        _line("Alerts by voice", now.call_alerts, before.call_alerts),
        _line("Messages handed over", now.messages, before.messages, "emails, texts and calls; one for each address"),
    ]


def over_channels(found: Counts) -> str:
    """ "712 by email, 14 by text and 3 by voice are 729: 1 of the 728 went by two or three channels"."""
    if found.over_channels <= found.alerts:
        return ""
    parts = [(found.email_alerts, "email"), (found.text_alerts, "text"), (found.call_alerts, "voice")]
    named = [f"{many:,} by {name}" for many, name in parts if many]
    more = found.over_channels - found.alerts
    return (
        f"{', '.join(named[:-1])} and {named[-1]} are {found.over_channels:,}: an alert by two channels counts once"
        f" here and twice there ({plural_count(more, 'time')})"
    )


def of_email(now: Counts, before: Counts) -> list[Line]:
    each = now.emails_per_alert
    per_alert = "" if each is None else f"{number(each, 2)} for each alert by email"
    return [
        _line("Emails", now.emails, before.emails, per_alert),
        _line("Replies by email", now.email_replies, before.email_replies, _of_emails(now.replies_per_email)),
        _line("Followed a passed-on link", now.visits, before.visits, _of_emails(now.visits_per_email)),
        _line("Ratings", now.ratings, before.ratings, _of_emails(now.ratings_per_email)),
        _rating(now, before),
        _line("Replies by every way", now.replies, before.replies),
        _line("Left or turned the type down", now.left, before.left),
        _line("Opened, at least", now.known_opens, before.known_opens, OPENS),
    ]


def _of_emails(share: float | None) -> str:
    return "" if share is None else f"{percent(share, 4)} of emails"


def _rating(now: Counts, before: Counts) -> Line:
    label = "Mean rating, of 6"
    if now.ratings < SMALL or now.mean_rating is None:
        return Line(label, f"fewer than {SMALL} ratings")
    people = plural_count(now.ratings, "person,people")
    note = f"{percent(now.satisfaction)} satisfaction (mean ÷ 6), of the {people} who rated"
    if before.ratings < SMALL or before.mean_rating is None:
        return Line(label, number(now.mean_rating, 2), f"fewer than {SMALL} ratings", note=note)
    by = round(now.mean_rating - before.mean_rating, 2)
    said = _signed(by, 2) if by else "no change"
    return Line(label, number(now.mean_rating, 2), number(before.mean_rating, 2), said, note)


def of_text_and_voice(now: Counts, before: Counts) -> list[Line]:
    return [
        _line("Texts", now.texts, before.texts),
        _line("Cost of texts", float(now.text_pence) / 100, float(before.text_pence) / 100,
              _each(now.pounds_per_text, "text"), places=2, unit="£"),
        _line("Calls", now.calls, before.calls),
        _line("Cost of calls", float(now.call_pence) / 100, float(before.call_pence) / 100,
              _each(now.pounds_per_call, "call"), places=2, unit="£"),
    ]  # fmt: skip


def _each(pounds: float | None, noun: str) -> str:
    return "" if pounds is None else f"£{pounds:.4f} for each {noun}"


def members_panel(scope: Scope) -> list[Line]:
    now = queries.standing(scope.area_id, scope.period)
    return of_members(now, queries.standing(scope.area_id, scope.period.previous()))


def alerts_panel(scope: Scope) -> list[Line]:
    """Alerts, email, text and voice of a scope, for the board paper; none where nothing was sent in both periods."""
    now, before = queries.counts(Wanted(scope)), queries.counts(Wanted(scope.before()))
    if not now.alerts and not before.alerts:
        return []
    return [*of_alerts(now, before), *of_email(now, before), *of_text_and_voice(now, before)]


MEMBERS = Panel("members", "Members", members_panel)
ALERTS = Panel("alerts", "Messages", alerts_panel)
