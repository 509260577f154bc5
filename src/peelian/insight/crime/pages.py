from peelian.insight.parts import PAGES, Page

PAGES.append(
    Page(
        "Crime",
        "What is recorded here, is it changing, how severe is it, and how much of it lies on how little ground?",
        "insight_staff:crime",
        rollups=("crime.counts",),
    )
)
