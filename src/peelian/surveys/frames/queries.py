"""Reads of frames, by people whose role may see lists of victims; those of surveys they may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from peelian.accounts.models import Staff
from peelian.core.suppression import suppress
from peelian.surveys import queries
from peelian.surveys.errors import NoSuchSurvey
from peelian.surveys.frames.models import Frame, FrameCell
from peelian.surveys.models import Survey

NO_AREA = "Area not known"


def frame_for(staff: Staff, ref: str, pk: int) -> Frame:
    """One list of a survey the person may see; NoSuchSurvey else."""
    survey = queries.survey_for(staff, ref)
    found = survey.frames.select_related("survey__team__organisation", "by").filter(pk=pk).first()
    if found is None:
        raise NoSuchSurvey
    return found


def frames_of(survey: Survey) -> list[Frame]:
    """The newest first."""
    return list(survey.frames.select_related("by", "survey").order_by("-pk"))


def crimes(cells: Iterable[FrameCell]) -> list[tuple[str, int | None]]:
    """How many people of each type of crime, by the alphabet; None where so few that they could be somebody, or where
    the total would give them back."""
    counted: Counter[str] = Counter()
    for cell in cells:
        counted[cell.crime] += cell.people
    names = sorted(counted, key=str.casefold)
    return list(zip(names, suppress([counted[name] for name in names]), strict=True))
