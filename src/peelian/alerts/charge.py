"""What the texts and calls of an alert cost, and who pays: the policing area of the team that sends it."""

from __future__ import annotations

from decimal import Decimal

from peelian.alerts import translated
from peelian.alerts.audience import Forecast
from peelian.alerts.models import Alert
from peelian.alerts.renderer import PARTS, AlertRenderer
from peelian.core import clock, translators, wording
from peelian.delivery import costs
from peelian.delivery.models import Channel, Send, Spend
from peelian.members.models import CHANNELS, TEXT, VOICE
from peelian.places.models import Area


def text_parts(alert: Alert) -> int:
    """Of one text of this alert; one where it goes by no text."""
    return costs.text_parts(AlertRenderer().text(alert.pk)).parts if alert.channels & TEXT else 1


def language_parts(alert: Alert) -> dict[str, int]:
    """The same in each language that somebody asked to be texted in, where it differs. Until it is translated it counts
    as the longest it can be: most scripts leave 67 characters to a part."""
    if not alert.channels & TEXT:
        return {}
    usual = text_parts(alert)
    found = {}
    for wanted in translated.wanted(alert):
        if wanted.texts:
            known = translated.translation_of(alert, wanted.language) is not None
            waits = translators.configured() is not None and not known and alert.send_id is None
            said = AlertRenderer().text(alert.pk, wanted.language)
            found[wanted.language] = PARTS if waits else costs.text_parts(said).parts
    return {language: parts for language, parts in found.items() if parts != usual}


def _more_parts(alert: Alert, texts: int) -> int:
    """What texts in other languages have beyond the usual, of so many TEXTS in all."""
    if not texts:
        return 0
    usual, by_language = text_parts(alert), language_parts(alert)
    asked = {one.language: one.texts for one in translated.wanted(alert)} if by_language else {}
    return sum((parts - usual) * asked.get(language, 0) for language, parts in by_language.items())


def payer(alert: Alert) -> Area | None:
    return costs.charged_to(list(alert.team.areas.values_list("pk", flat=True)))


def forecast(alert: Alert, counted: Forecast) -> costs.Forecast:
    """By people: a household with one telephone pays once only, so this may be a little too much."""
    by_channel = {Channel(CHANNELS[name]): number for name, number in counted.by_channel.items()}
    more = _more_parts(alert, by_channel.get(Channel.TEXT, 0))
    return costs.forecast(by_channel, text_parts(alert), clock.today(), more_parts=more)


def must_afford(alert: Alert, counted: Forecast) -> None:
    """Raise BudgetSpent where the month's budget does not reach for what the alert will cost."""
    if alert.channels & (TEXT | VOICE):
        urgent = alert.priority == Alert.Priority.URGENT
        costs.must_afford(payer(alert), forecast(alert, counted).pence, clock.today(), urgent=urgent)


def book(alert: Alert, send: Send) -> None:
    if alert.channels & (TEXT | VOICE):
        costs.book(send, area=payer(alert))


def sentences(alert: Alert, counted: Forecast) -> list[str]:
    """For whoever lets it go: parts, pounds, and how the month stands."""
    texts, calls = counted.by_channel.get("text", 0), counted.by_channel.get("voice", 0)
    if not texts and not calls:
        return []
    cost = forecast(alert, counted)
    found = []
    if texts:
        found.append(f"A text has {wording.plural_count(cost.parts, 'part')}.{_in_languages(alert)}")
    if cost.unpriced:
        kinds = wording.listed([{Channel.TEXT: "texts", Channel.VOICE: "calls"}[one] for one in cost.unpriced])
        found.append(f"Nobody has given a price for {kinds} yet, so the cost is not known.")
    else:
        found.append(f"Texts and calls will cost about £{cost.pence / 100:,.2f}.")
    area = payer(alert)
    if area is not None:
        month = costs.month_of(area, clock.today())
        if month.budget is not None and (month.spent + cost.pence / 100) >= month.budget * costs.WARN_AT:
            found.append(f"{area.name} has spent £{month.spent:,.2f} of its £{month.budget:,.2f} for {month.month:%B}.")
    return found


def _in_languages(alert: Alert) -> str:
    by_parts: dict[int, list[str]] = {}
    for language, parts in language_parts(alert).items():
        by_parts.setdefault(parts, []).append(translated.language_name(language))
    said = [
        f" In {wording.listed(sorted(names))} it has {wording.plural_count(parts, 'part')}."
        for parts, names in sorted(by_parts.items())
    ]
    return "".join(said)


def cost_of(send: Send) -> tuple[Decimal, bool] | None:
    """Pounds that a send costs, and whether that is final; None where it has no texts or calls."""
    spend = Spend.objects.filter(send=send).first()
    return (spend.pence / 100, spend.final) if spend else None
