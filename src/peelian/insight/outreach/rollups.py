from peelian.insight.outreach import records
from peelian.insight.rollups import Rollup, rollups

TALLY = rollups.add(Rollup(records.NAME, records.refresh_tally, daily=True))
