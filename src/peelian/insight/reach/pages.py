from peelian.insight.parts import PAGES, Page
from peelian.insight.reach.rollups import SIGN_UPS, STAGES

PAGES += [
    Page(
        "Whom we reach",
        "Members against the people who live here, by ethnic group, age, deprivation and more: who is missing?",
        "insight_staff:representation",
        rollups=(STAGES.name,),
    ),
    Page(
        "Sign-ups",
        "Who joins, and when: each day for the groups that were under-represented, each month by group and by the way"
        " they came.",
        "insight_staff:sign_ups",
        rollups=(SIGN_UPS.name,),
    ),
    Page(
        "Wards beside each other",
        "Members for every 1,000 residents, ward by ward, and the wards that are clearly below the rest.",
        "insight_staff:wards",
        rollups=(STAGES.name, SIGN_UPS.name),
    ),
]
