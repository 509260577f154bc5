from peelian.core.measures import kept_figures
from peelian.insight.measures.newest import newest
from peelian.insight.measures.rollups import NAME
from peelian.insight.parts import PAGES, Page

PAGES += [
    Page("Measures", "How does each aim stand, and is it changing?", "insight_staff:measures", rollups=(NAME,)),
    Page("Commentary to write and sign", "Who has to say what, and by when?", "insight_staff:commentaries"),
]

kept_figures.add("insight", newest)
