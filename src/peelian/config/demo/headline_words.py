"""The plan of the demonstration force, its headline measures, and what is said about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

AIMS: Final = (
    "Less burglary and robbery",
    "Victims who are satisfied",
    "More confidence in Heartshire Police",
    "Complaints dealt with quickly",
    "Low levels of reoffending",
    "Less fear of crime",
)
_OURS: Final = "Heartshire Police"
MEASURES: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "code": "burglary", "aim": AIMS[0], "name": "Burglaries recorded",
        "definition": "Burglaries of homes and businesses, by the month in which they were recorded.",
        "unit": "offences", "numerator": "Offences recorded", "source": _OURS, "good": "down", "target": 190,
        "limits": 15,
        "figures": {"level": 236, "trend": 0, "noise": 12, "step": -34, "spread": True, "beside": (242, 228)},
    },
    {
        "code": "robbery", "aim": AIMS[0], "name": "Robberies recorded",
        "definition": "Robberies of people and businesses, by the month in which they were recorded.",
        "unit": "offences", "numerator": "Offences recorded", "source": _OURS, "good": "down",
        "figures": {"level": 61, "trend": 6, "noise": 6, "spread": True},
    },
    {
        "code": "victims-satisfied", "aim": AIMS[1], "name": "Victims satisfied with the whole experience",
        "definition": "Of victims who answered the survey, those who were fairly, very or completely satisfied.",
        "unit": "%", "per": 100, "places": 1, "numerator": "Satisfied", "denominator": "Answers",
        "source": "Victim survey", "good": "up", "target": 70,
        "figures": {"level": 63, "trend": 4, "noise": 2.4, "base": 410},
    },
    {
        "code": "confidence", "aim": AIMS[2], "name": "Confidence in the local police",
        "definition": "Of adults asked in a national survey, those who agree that they have confidence in the police"
        " in their area, in years that end with a quarter.",
        "unit": "%", "per": 100, "places": 1, "numerator": "Agree", "denominator": "Adults asked",
        "source": "National crime survey", "frequency": "year", "good": "up",
        "figures": {"level": 74, "trend": -3, "noise": 0.7, "beside": (72, 75), "silent": 1},
    },
    {
        "code": "complaint-days", "aim": AIMS[3], "name": "Days to finish a complaint",
        "definition": "Mean number of days from a complaint to its end, of those that ended in the quarter.",
        "unit": "days", "per": 1, "places": 1, "numerator": "Days", "denominator": "Complaints that ended",
        "source": "Complaints register", "frequency": "quarter", "good": "down", "target": 60,
        "figures": {"level": 88, "trend": -14, "noise": 5, "base": 240, "beside": (73, 69)},
    },
    {
        "code": "reoffending", "aim": AIMS[4], "name": "Proven reoffending of adults",
        "definition": "Of adults in the cohort, those with a proven offence within a year.",
        "unit": "%", "per": 100, "places": 1, "numerator": "Reoffended", "denominator": "Adults in the cohort",
        "source": "Ministry of Justice", "frequency": "year", "good": "down",
        "figures": {"level": 29, "trend": 1, "noise": 0.3, "base": 2_900, "beside": (28.4, 27.9), "silent": 1},
    },
)  # fmt: skip
SAID: Final[dict[str, dict[str, str]]] = {
    "burglary": {
        "commentary": "Burglary has been lower for nine months, by more than chance alone brings. The change is seen in"
        " every policing area.\n\nNights have grown longer since, which in other years brought more.",
        "response": "- Neighbourhood teams write to residents within a day of a burglary near them.\n"
        "- Marked kits go to streets that were hit twice.\n"
        "- Charges are reviewed each week with the burglary team.",
    },
    "victims-satisfied": {
        "commentary": "Satisfaction moves within what this series does by itself. Those who answer choose to, and young"
        " people answer less often than others.",
        "response": "From next month victims are told **when** they will hear from us next, as each call ends.",
    },
    "complaint-days": {
        "commentary": "Complaints are finished sooner than two years ago, and later than in similar forces.",
        "response": "Those that can be settled by a talk go to the complainant’s own team within a week.",
    },
}
