from peelian.insight.reach import counting
from peelian.insight.rollups import Rollup, rollups

SIGN_UPS = rollups.add(Rollup("reach.sign-ups", counting.refresh_sign_ups, daily=True))
STAGES = rollups.add(Rollup("reach.stages", counting.refresh_stages, daily=True))
