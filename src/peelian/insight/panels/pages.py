"""What the overview names of this part."""

from peelian.insight.parts import PAGES, Page

PAGES.append(
    Page(
        "Monthly panel",
        "Members, alerts, what came back and what it cost, for any area, team and period, beside the period before.",
        "insight_staff:panel",
        rollups=("panels.alerts", "panels.standing"),
    )
)
PAGES.append(
    Page(
        "Teams and officers",
        "Who writes how much, what comes back, and which tools a team has not tried yet.",
        "insight_staff:teams",
        rollups=("panels.alerts",),
    )
)
