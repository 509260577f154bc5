"""Panels hold numbers by alert, area and day, and no resident. The officer who wrote an alert stands with it."""

from peelian.core.personal_data import EMPLOYER, Declaration, register

register.add(
    "insight.AlertCount",
    Declaration(
        "How many alerts each team and officer sends, and what comes back",
        EMPLOYER,
        "As long as the alert",
        "In the answer to a subject access request of the officer",
        "With the alert",
    ),
)
register.add(
    "insight.AlertDay",
    Declaration(
        "How many answers an alert had on each day",
        EMPLOYER,
        "As long as the alert",
        "Nothing: numbers only",
        "With the alert",
    ),
)
