from peelian.insight.parts import PAGES, Page

PAGES.append(
    Page(
        "Engagement",
        "One page for each neighbourhood and team: reach, conversation and quality, each with its trend and what is"
        " unusual about it.",
        "insight_staff:engagement",
        rollups=("panels.alerts", "panels.standing", "reach.sign-ups"),
    )
)
