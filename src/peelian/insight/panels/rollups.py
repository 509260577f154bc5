"""What the panels add up beforehand, and what they give the board paper."""

from peelian.core.panels import panels
from peelian.insight.panels import counting, lines
from peelian.insight.rollups import Rollup, rollups

rollups.add(Rollup("panels.alerts", counting.count_alerts))
rollups.add(Rollup("panels.standing", counting.count_standing, daily=True))
for panel in (lines.MEMBERS, lines.ALERTS):
    panels.add(panel.code, panel)
