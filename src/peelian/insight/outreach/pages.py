from peelian.insight.parts import PAGES, Page

PAGES += [
    Page(
        "Where to go first",
        "Neighbourhood Watch, crime, sign-ups and residents laid over one another, by weights you set: which wards, and"
        " does it depend on the weights?",
        "insight_staff:overlay",
        rollups=("reach.stages",),
    ),
]
