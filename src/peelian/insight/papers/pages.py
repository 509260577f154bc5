from peelian.insight.measures.rollups import NAME
from peelian.insight.parts import PAGES, Page

PAGES.append(
    Page("Board papers", "What goes to the board, and who has signed it?", "insight_staff:papers", rollups=(NAME,))
)
