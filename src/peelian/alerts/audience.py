"""An alert's audience as it is stored, and what it means.

Stored is `{"clauses": [{"effect", "kind", "values" or "polygon"}]}`: effects include, exclude, must; kinds areas
(codes), polygon (GeoJSON), groups (slugs), languages (BCP 47), received (refs of alerts) and everybody (the force's
area). Confirmation, agreement to the sender's organisation, suppression and the resident's own settings are no
clauses: they are part of every members.audience.Selection and nothing here can take them out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from peelian.alerts.errors import AudienceProblem, NobodyThere, Problem
from peelian.alerts.models import Alert
from peelian.core import wording
from peelian.delivery import queries as delivery
from peelian.members.audience import Clause, Selection
from peelian.members.categories import LANGUAGES
from peelian.members.models import CHANNELS, Group
from peelian.places import queries as places
from peelian.places.geometry import GeometryError, drawn_polygon

EFFECTS = ("include", "exclude", "must")
KINDS = ("areas", "polygon", "groups", "languages", "received", "everybody")
MOST_CLAUSES = 50
MOST_VALUES = 2_000


@dataclass(frozen=True)
class Forecast:
    """Whom an audience reaches now. `by_channel` maps channel names to people; one person may have several."""

    people: int
    by_channel: dict[str, int]
    without_place: int
    problems: list[Problem] = field(default_factory=list)  # clauses that match nobody at all

    @property
    def said(self) -> str:
        """1,204 people; fewer than 5 people."""
        return wording.people(self.people)


def everybody() -> dict[str, Any]:
    """The stored audience of everybody: the force's area."""
    return {"clauses": [{"effect": "include", "kind": "everybody"}]}


def received(ref: str) -> dict[str, Any]:
    """The stored audience of exactly those who were handed an alert."""
    return {"clauses": [{"effect": "include", "kind": "received", "values": [ref]}]}


def clauses_of(stored: Any) -> list[Any]:
    """The stored clauses, whatever they are; empty for an empty draft."""
    found = stored.get("clauses") if isinstance(stored, dict) else None
    return found if isinstance(found, list) else []


def parse(stored: Any) -> list[Clause]:
    """The clauses as members.audience asks them. Raises AudienceProblem with a sentence for each thing that is
    wrong."""
    problems: list[Problem] = []
    clauses: list[Clause] = []
    given = clauses_of(stored)
    if len(given) > MOST_CLAUSES:
        raise AudienceProblem([Problem(None, "", f"The audience has more than {MOST_CLAUSES} conditions. Use fewer.")])
    for number, raw in enumerate(given):
        try:
            clauses.append(_clause(raw))
        except _Wrong as wrong:
            problems += [Problem(number, value, sentence) for value, sentence in wrong.found]
    if not problems and not any(clause.effect == "include" for clause in clauses):
        problems.append(Problem(None, "", "Choose at least one area or group that should get this alert."))
    if problems:
        raise AudienceProblem(problems)
    return clauses


def selection(alert: Alert, only: Sequence[int] | None = None) -> Selection:
    """The alert's audience, or who of ONLY these members is in it, ready to be counted or frozen. Raises
    AudienceProblem."""
    return Selection(
        parse(alert.audience),
        topic=alert.topic,
        organisation=alert.team.organisation,
        channels=alert.channels,
        only=only,
    )


def forecast(alert: Alert) -> Forecast:
    """Count the audience now. Raises AudienceProblem for what cannot be asked at all."""
    chosen = selection(alert)
    counted = chosen.count()
    stored = clauses_of(alert.audience)
    empty = [
        Problem(number, "", f"Nobody is registered {describe(stored[number])}. Take this condition out.")
        for number in chosen.matches_nothing()
    ]
    by_channel = {name: counted.by_channel[bit] for name, bit in CHANNELS.items() if counted.by_channel.get(bit)}
    return Forecast(counted.people, by_channel, counted.without_place, empty)


def checked(alert: Alert) -> Forecast:
    """Count the audience for a send. Raises AudienceProblem for a clause that matches nothing, NobodyThere for
    nobody."""
    counted = forecast(alert)
    if counted.problems:
        raise AudienceProblem(counted.problems)
    if counted.people == 0:
        raise NobodyThere
    return counted


# In words ---------------------------------------------------------------------------------------------------------


def sentences(stored: Any) -> list[str]:
    """The audience in words, a sentence for each clause, as results pages and approvers read it."""
    lead = {"include": "People", "exclude": "Not people", "must": "Only people"}
    return [
        f"{lead.get(str(raw.get('effect')), 'People')} {describe(raw)}."
        for raw in clauses_of(stored)
        if isinstance(raw, dict)
    ]


def describe(raw: Any) -> str:
    """One stored clause in words that follow "people": in Elm Bridge; who read Urdu."""
    kind, values = str(raw.get("kind")), [str(value) for value in _values(raw)]
    if kind == "areas":
        return f"in {_named(values, _area_name)}"
    if kind == "groups":
        return f"in the group{'s' if len(values) > 1 else ''} {_named(values, _group_name)}"
    if kind == "languages":
        return f"who chose {wording.listed([LANGUAGES.get(value, value) for value in values])}"
    if kind == "received":
        return f"who got {_named(values, _alert_title)}"
    if kind == "polygon":
        return "in the area drawn on the map"
    return "anywhere in the force’s area" if kind == "everybody" else "of an unknown kind"


def _named(values: list[str], name: Callable[[str], str]) -> str:
    most = 5
    shown = [name(value) for value in values[:most]]
    return wording.listed(shown if len(values) <= most else [*shown, f"{len(values) - most} more"])


def _area_name(code: str) -> str:
    found = places.current_areas().filter(code=code).first()
    return found.name if found else code


def _group_name(slug: str) -> str:
    return Group.objects.filter(slug=slug).values_list("name", flat=True).first() or slug


def _alert_title(ref: str) -> str:
    title = Alert.objects.filter(ref=ref).values_list("title", flat=True).first()
    return f"“{title}”" if title else ref


# One clause -------------------------------------------------------------------------------------------------------


class _Wrong(Exception):
    def __init__(self, *found: tuple[str, str]) -> None:
        self.found = found


def _clause(raw: Any) -> Clause:
    if not isinstance(raw, dict):
        raise _Wrong(("", "A condition of the audience could not be read."))
    effect, kind = raw.get("effect"), raw.get("kind")
    if effect not in EFFECTS:
        raise _Wrong((str(effect), "A condition of the audience says neither include, exclude nor must."))
    if kind not in KINDS:
        raise _Wrong((str(kind), f"There is no audience by “{str(kind)[:40]}”."))
    return _MEANINGS[cast(str, kind)](effect, raw)


def _values(raw: dict[str, Any]) -> Iterator[Any]:
    values = raw.get("values")
    return iter(values if isinstance(values, list) else [])


def _words(raw: dict[str, Any], what: str) -> list[str]:
    """The clause's values as distinct words; a clause without any is an error."""
    values = list(dict.fromkeys(str(value)[:80] for value in _values(raw)))
    if not values:
        raise _Wrong(("", f"Choose at least one {what}, or take the condition out."))
    if len(values) > MOST_VALUES:
        raise _Wrong(("", f"That condition names more than {MOST_VALUES:,} values."))
    return values


def _areas(effect: Any, raw: dict[str, Any]) -> Clause:
    codes = _words(raw, "area")
    known = dict(places.current_areas().filter(code__in=codes).values_list("code", "pk"))
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise _Wrong(*((code, f"There is no area of the code {code}.") for code in unknown))
    return Clause(effect, "areas", areas=tuple(known[code] for code in codes))


def _everybody(effect: Any, raw: dict[str, Any]) -> Clause:
    force = places.force()
    if force is None:
        raise _Wrong(("", "The force’s area is not known yet. An administrator imports it with peelian import areas."))
    return Clause(effect, "areas", areas=(force.pk,))


def _polygon(effect: Any, raw: dict[str, Any]) -> Clause:
    polygon = raw.get("polygon")
    if not isinstance(polygon, dict):
        raise _Wrong(("", "The shape is empty. Draw a line around the place."))
    try:
        drawn_polygon(polygon)
    except GeometryError as problem:
        raise _Wrong(("", str(problem))) from None
    return Clause(effect, "polygon", polygon=polygon)


def _groups(effect: Any, raw: dict[str, Any]) -> Clause:
    slugs = _words(raw, "group")
    known = dict(Group.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    unknown = [slug for slug in slugs if slug not in known]
    if unknown:
        raise _Wrong(*((slug, f"There is no group “{slug}”.") for slug in unknown))
    if over := [group.slug for group in Group.objects.filter(slug__in=slugs) if group.over]:
        raise _Wrong(*((slug, f"The group “{_group_name(slug)}” has ended. Take it out.") for slug in over))
    return Clause(effect, "groups", groups=tuple(known[slug] for slug in slugs))


def _languages(effect: Any, raw: dict[str, Any]) -> Clause:
    codes = _words(raw, "language")
    unknown = [code for code in codes if code not in LANGUAGES]
    if unknown:
        raise _Wrong(*((code, f"“{code}” is not the code of a language, such as ur for Urdu.") for code in unknown))
    return Clause(effect, "languages", languages=tuple(codes))


def _received(effect: Any, raw: dict[str, Any]) -> Clause:
    refs = _words(raw, "alert")
    known = dict(Alert.objects.filter(ref__in=refs, practice=False).values_list("ref", "send_id"))
    wrong = [(ref, f"There is no alert {ref}.") for ref in refs if ref not in known]
    wrong += [
        (ref, f"The alert {ref} has not been sent, so nobody got it.") for ref in refs if known.get(ref, 0) is None
    ]
    if wrong:
        raise _Wrong(*wrong)
    parts: list[str] = []
    values: list[Any] = []
    for ref in refs:
        sql, given = delivery.members_handed_sql(known[ref])
        parts.append(sql)
        values += given
    return Clause(effect, "members", members_sql=(" UNION ALL ".join(parts), values))


_MEANINGS: dict[str, Callable[[Any, dict[str, Any]], Clause]] = {
    "areas": _areas,
    "everybody": _everybody,
    "polygon": _polygon,
    "groups": _groups,
    "languages": _languages,
    "received": _received,
}
