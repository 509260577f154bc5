from peelian.insight.parts import PAGES, Page
from peelian.insight.reach.rollups import STAGES

PAGES += [
    Page(
        "Whom we reach",
        "Members against the people who live here, by ethnic group, age, deprivation and more: who is missing?",
        "insight_staff:representation",
        rollups=(STAGES.name,),
    ),
]
