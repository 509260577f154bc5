"""Where an alert stands on its way out: whom it reaches, what is missing, who has to agree. Compose and Check agree."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import h3

from peelian.accounts.models import Staff
from peelian.alerts import actions, audience, expect, pacing, policy, queries
from peelian.alerts.audience import Forecast
from peelian.alerts.errors import AudienceProblem, Problem, Reason
from peelian.alerts.models import Alert
from peelian.alerts.pacing import Pacing
from peelian.core import wording
from peelian.places import queries as places

FINEST, COARSER, MOST_CELLS = 8, 7, 500  # H3 resolutions: cells about 1 km and 2.5 km across
ASKED_AT_EACH_STROKE = 50_000  # people
HIGH = 0.2  # degrees of latitude: an audience higher than this is drawn in coarser cells, or they would be specks
CHANNEL_WORDS = {"email": "by email", "text": "by text", "voice": "by phone call"}


@dataclass(frozen=True)
class Situation:
    """An alert counted once. `forecast` is None where the audience cannot be counted: `problems` or `empty` say why."""

    alert: Alert
    empty: bool
    forecast: Forecast | None
    problems: Sequence[Problem]
    missing: Sequence[str]
    reasons: Sequence[Reason]
    cells: str = field(default="", repr=False)
    paced: Pacing | None = None  # what residents' own settings make of it

    @property
    def people(self) -> int:
        return self.forecast.people if self.forecast else 0

    @property
    def nobody(self) -> bool:
        return self.forecast is not None and self.forecast.people == 0 and not self.problems

    @property
    def ready(self) -> bool:
        return not (self.empty or self.problems or self.missing or self.nobody)

    @property
    def to_do(self) -> list[str]:
        """Everything that stands between this draft and its way out, in sentences."""
        found = list(self.missing)
        if self.empty:
            found.append("Choose who gets it.")
        found += [problem.sentence for problem in self.problems]
        if self.nobody:
            found.append("Choose an audience that reaches somebody.")
        return found

    @property
    def channels(self) -> list[tuple[str, str]]:
        """By email: 1,102 people."""
        if self.forecast is None:
            return []
        return [(CHANNEL_WORDS[name], wording.people(n)) for name, n in self.forecast.by_channel.items()]

    @property
    def without_place(self) -> str:
        """How many others could be meant but have no place on the map; empty for none."""
        n = self.forecast.without_place if self.forecast else 0
        return wording.people(n) if n else ""

    @property
    def pacing(self) -> list[str]:
        return self.paced.sentences if self.paced else []

    @property
    def expectations(self) -> list[str]:
        """For whoever lets it go; empty while it is not ready."""
        if not (self.ready and self.forecast and self.paced and self.paced.doses):
            return []
        return expect.sentences(self.alert, self.forecast, self.paced.doses)

    @property
    def in_words(self) -> list[str]:
        return audience.sentences(self.alert.audience)


def people_of(alert: Alert, by: Staff) -> int:
    """Whom it reaches, 0 where that cannot be counted. The count goes into the trail."""
    try:
        return actions.count_audience(alert=alert, by=by).people
    except AudienceProblem:
        return 0


def situation(alert: Alert, by: Staff, *, to_let_go: bool = False) -> Situation:
    """Count the alert's audience as it is in memory, which need not be saved. The count goes into the trail.

    What residents' settings make of very many people is found out only TO_LET_GO, as it takes four times as long, and
    with it how many alerts they had.
    """
    missing = queries.missing(alert)
    if not audience.clauses_of(alert.audience):
        return Situation(alert, True, None, [], missing, [])
    try:
        forecast = actions.count_audience(alert=alert, by=by)
    except AudienceProblem as wrong:
        return Situation(alert, False, None, wrong.problems, missing, [])
    reasons = policy.reasons(alert, by=by, people=forecast.people)
    cells = _cells(alert) if forecast.people else ""
    most = forecast.people if to_let_go else ASKED_AT_EACH_STROKE
    paced = pacing.forecast(alert, with_doses=to_let_go) if 0 < forecast.people <= most else None
    return Situation(alert, False, forecast, forecast.problems, missing, reasons, cells, paced)


def _cells(alert: Alert) -> str:
    """The map of cells as JSON: [[[latitude, longitude], …], people]. Cells under five people are left out."""
    found, coarser = audience.selection(alert).cells(FINEST, COARSER)
    if len(found) > MOST_CELLS or _height([cell for cell, _ in found]) > HIGH:
        found = coarser
    drawn = [
        [[[round(lat, 4), round(lng, 4)] for lat, lng in h3.cell_to_boundary(cell)], people] for cell, people in found
    ]
    return json.dumps(drawn, separators=(",", ":"))


def _height(cells: list[str]) -> float:
    """From the southernmost to the northernmost cell, in degrees."""
    latitudes = [h3.cell_to_latlng(cell)[0] for cell in cells]
    return max(latitudes) - min(latitudes) if latitudes else 0.0


def outline_kind() -> str:
    """The smallest administrative kind there is: its borders help to find one's way while drawing."""
    there = set(places.current_areas().order_by().values_list("kind", flat=True).distinct())
    return next((kind for kind in ("ward", "sector", "policing-area", "force") if kind in there), "")
