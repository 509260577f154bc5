"""Measures of recorded crime, from the police open data that is loaded (insight.crime)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from peelian.core.measures import Measure, Observation, register
from peelian.core.periods import Period
from peelian.insight.crime import types
from peelian.insight.crime.queries import crime_counts, crimes_by_area
from peelian.insight.measures.computed import KINDS
from peelian.insight.models import CrimeFile
from peelian.places.models import Area

AIM = "Less crime in neighbourhoods"
SOURCE = "data.police.uk, street-level crime"
Kinds = tuple[str, ...] | None  # None: every type but anti-social behaviour


def _force(kinds: Kinds) -> Callable[[Period, int | None], Observation | None]:
    def compute(period: Period, area_id: int | None) -> Observation | None:
        total = crime_counts(area_id, kinds, period).total
        return None if total is None else Observation(float(total))

    return compute


def _areas(kinds: Kinds) -> Callable[[Period], Mapping[int, Observation]]:
    def compute(period: Period) -> Mapping[int, Observation]:
        if crime_counts(None, kinds, period).total is None:
            return {}
        ids = list(Area.objects.filter(valid_to=None, kind__in=KINDS).values_list("pk", flat=True))
        return {pk: Observation(float(n)) for pk, n in crimes_by_area(ids, kinds, period).items()}

    return compute


def _loaded(since: datetime | None) -> Sequence[Period]:
    """The months whose file came in since then."""
    files = CrimeFile.objects.filter(dataset=CrimeFile.Dataset.STREET)
    if since is not None:
        files = files.filter(loaded_at__gte=since - timedelta(minutes=10))
    return [Period.month_of(month) for month in sorted(set(files.values_list("month", flat=True)))]


def _registered(code: str, name: str, definition: str, kinds: Kinds) -> None:
    register(
        Measure(
            code=code,
            name=name,
            aim=AIM,
            definition=f"{definition} Places on the published map stand for several addresses, and months come late.",
            unit="crimes",
            numerator="Crimes",
            denominator="",
            source=SOURCE,
            good="down",
            kinds=KINDS,
            compute=_force(kinds),
            compute_areas=_areas(kinds),
            changed_since=_loaded,
        )
    )


_registered("crime-recorded", "Recorded crime", "Crimes of every type but anti-social behaviour, as published.", None)
_registered(
    "crime-neighbourhood",
    "Neighbourhood crime",
    "Burglary, robbery, vehicle crime and theft from the person, as published since May 2013.",
    types.NEIGHBOURHOOD,
)
_registered("crime-burglary", "Recorded burglary", "Burglaries of homes and businesses, as published.", ("burglary",))
_registered("crime-robbery", "Recorded robbery", "Robberies, as published.", ("robbery",))
