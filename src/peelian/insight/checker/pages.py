from peelian.insight.parts import PAGES, Page

PAGES += [Page("Check a paper", "Does a table or a paper contradict itself?", "insight_staff:check")]
