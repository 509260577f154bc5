"""Insight's own tables: what its jobs have added up, which is made again from the apps below; and what staff write in
insight itself: definitions of measures, commentary, papers."""

from peelian.insight.models.crime import CrimeCount, CrimeFile, CrimePoint, SeverityWeight
from peelian.insight.models.measures import Aim, Commentary, Measure, MeasureDefinition, Observation
from peelian.insight.models.outreach import (
    OutreachOfficer,
    OutreachPlace,
    OutreachPlan,
    OutreachShape,
    OutreachTally,
    OverlayWeights,
    WatchCover,
)
from peelian.insight.models.panels import AlertCount, AlertDay, StandingDay
from peelian.insight.models.papers import BoardPaper, PaperFinding
from peelian.insight.models.portal import WeeklyChoice, WeeklyEmail
from peelian.insight.models.reach import AreaStages, SignUp, SmallAreaStages, Standing
from peelian.insight.models.refresh import Refresh

__all__ = [
    "Aim",
    "AlertCount",
    "AlertDay",
    "AreaStages",
    "BoardPaper",
    "Commentary",
    "CrimeCount",
    "CrimeFile",
    "CrimePoint",
    "Measure",
    "MeasureDefinition",
    "Observation",
    "OutreachOfficer",
    "OutreachPlace",
    "OutreachPlan",
    "OutreachShape",
    "OutreachTally",
    "OverlayWeights",
    "PaperFinding",
    "Refresh",
    "SeverityWeight",
    "SignUp",
    "SmallAreaStages",
    "Standing",
    "StandingDay",
    "WatchCover",
    "WeeklyChoice",
    "WeeklyEmail",
]
