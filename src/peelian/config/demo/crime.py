"""Two years of invented crime, as police open data would publish it: most of it in towns, more in summer."""

from __future__ import annotations

from collections import Counter

import numpy as np

from peelian.config.demo.geography import Geography
from peelian.core import clock
from peelian.core.periods import last_whole_month
from peelian.insight.crime import counting, types
from peelian.insight.models import CrimeFile, SeverityWeight

MONTHS = 25
PER_PERSON = 0.0062  # a month, without anti-social behaviour
FORCE = "Heartshire Police"
KINDS = {
    "violence-and-sexual-offences": 0.37, "anti-social-behaviour": 0.15, "criminal-damage-and-arson": 0.08,
    "vehicle-crime": 0.09, "public-order": 0.07, "other-theft": 0.06, "shoplifting": 0.07, "burglary": 0.045,
    "drugs": 0.02, "robbery": 0.015, "possession-of-weapons": 0.01, "bicycle-theft": 0.007,
    "theft-from-the-person": 0.008, "other-crime": 0.005,
}  # fmt: skip
WEIGHTS = "Demonstration (invented)"  # nobody's score: what a real one weighs is its owner's to publish
SEVERITY = {
    "violence-and-sexual-offences": 120, "robbery": 90, "possession-of-weapons": 60, "burglary": 50, "drugs": 20,
    "theft-from-the-person": 15, "public-order": 12, "criminal-damage-and-arson": 10, "other-crime": 10,
    "vehicle-crime": 8, "bicycle-theft": 4, "other-theft": 4, "shoplifting": 3,
}  # fmt: skip
SUMMER = 0.1  # so much more in July than in the mean month


def write(seed: int, ground: Geography, people: int) -> None:
    """Write the last 25 whole months, counted by today's areas."""
    rng = np.random.default_rng([seed, 2013])
    spots = [(longitude, latitude) for ward in ground.wards for _, longitude, latitude in ward.postcodes]
    pull = np.concatenate(
        [np.full(len(ward.postcodes), (0.4 + 2.2 * ward.town**2) / len(ward.postcodes)) for ward in ground.wards]
    ) * rng.gamma(0.7, 1, len(spots))
    places = counting.Ground()
    month, kinds = last_whole_month(clock.today()), list(KINDS)
    for _ in range(MONTHS):
        season = 1 + SUMMER * np.cos((month.start.month - 7) / 6 * np.pi)
        burglary = 1 + 0.25 * np.cos((month.start.month - 12) / 6 * np.pi)
        rates = np.array([KINDS[kind] * (burglary if kind == "burglary" else season) for kind in kinds])
        counts = rng.poisson(people * PER_PERSON * rates * rng.normal(1, 0.02))
        points: Counter[tuple[str, int, int]] = Counter()
        for kind, n in zip(kinds, counts.tolist(), strict=True):
            for at in rng.choice(len(spots), n, p=pull / pull.sum()).tolist():
                points[kind, *spots[at]] += 1
        nowhere = int(rng.poisson(sum(counts) * 0.01))
        file = CrimeFile.objects.create(
            dataset=CrimeFile.Dataset.STREET, month=month.start, reported_by=FORCE,
            types=types.of_month(month.start).version, sha256="", rows=int(counts.sum()) + nowhere,
            without_place=nowhere, loaded_at=clock.now(),
        )  # fmt: skip
        counting.put_points(file, sorted(points.items()))
        counting.count([file], places)
        month = month.previous()
    _weigh()


def _weigh() -> None:
    """One version of weights, so that the page of crime has a severity to show."""
    SeverityWeight.objects.bulk_create(
        SeverityWeight(
            version=WEIGHTS, kind=kind, weight=weight, source="Invented for the demonstration", loaded_at=clock.now()
        )
        for kind, weight in SEVERITY.items()
    )
