"""How those who were asked had been chosen: what the results page says of samples, and the weights of unequal chances.

Somebody drawn with a chance of 1 in 12 stands for twelve people: the inverse of the chance is where weighting begins
(D. G. Horvitz and D. J. Thompson, Journal of the American Statistical Association 47, 1952). Of an anonymous survey
answers say nothing of strata, so only samples in proportion are drawn for one (surveys.inviting) and none is weighted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from peelian.core import wording
from peelian.surveys import sampling
from peelian.surveys.models import Mailing, Survey
from peelian.surveys.sampling import Stratum

ALIKE = 1.1  # chances that differ by less, as rounding to whole people makes them, are not weighted


@dataclass(frozen=True)
class Design:
    """By the stratum that stands with an answer (`Answer.stratum`) how many people it stands for. Who was invited
    without a sample stands for themselves; who was not invited has no known chance and no weight."""

    weights: dict[str, float]

    def weight(self, stratum: str | None) -> float | None:
        return None if stratum is None else self.weights.get(stratum, 1.0)


def samples(survey: Survey) -> list[tuple[Mailing, list[Stratum]]]:
    """The samples that were invited, in turn, with their strata as they were drawn."""
    sent = survey.mailings.filter(kind=Mailing.Kind.INVITATION, send__isnull=False)
    found = [(one, sampling.strata_of(one.settings)) for one in sent]
    return [(one, strata) for one, strata in found if strata]


def design(survey: Survey) -> Design | None:
    """None where everybody had about the same chance, or nobody can tell whose answer is of which stratum."""
    if survey.is_anonymous:
        return None
    weights = {
        f"{mailing.pk}:{place}": one.people / one.chosen
        for mailing, strata in samples(survey)
        for place, one in enumerate(strata)
        if one.chosen
    }
    if not weights or max(weights.values()) < ALIKE * min(weights.values()):
        return None
    return Design(weights)


def said(strata: Sequence[Stratum]) -> str:
    """500 people were drawn by lot from 12,304, in 6 strata, each with a chance of 1 in 12 to 1 in 40."""
    drawn, frame = sum(one.chosen for one in strata), sum(one.people for one in strata)
    chances = [one.chance_words for one in sorted(strata, key=lambda one: -one.chance)]
    spread = chances[0] if chances[0] == chances[-1] else f"{chances[0]} to {chances[-1]}"
    among = f", in {wording.plural_count(len(strata), 'stratum,strata')}" if len(strata) > 1 else ""
    return f"{wording.people(drawn).capitalize()} were drawn by lot from {frame:,}{among}: {spread}."
