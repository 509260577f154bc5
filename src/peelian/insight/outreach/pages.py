from peelian.insight.parts import PAGES, Page

PAGES += [
    Page(
        "Outreach planner",
        "Small areas, streets or venues by what an officer hour there is expected to bring for the groups we miss;"
        " plans, and how good their forecasts were.",
        "insight_staff:outreach",
        rollups=("reach.stages", "outreach.tally"),
    ),
    Page(
        "Where to go first",
        "Neighbourhood Watch, crime, sign-ups and residents laid over one another, by weights you set: which wards, and"
        " does it depend on the weights?",
        "insight_staff:overlay",
        rollups=("reach.stages",),
    ),
]
