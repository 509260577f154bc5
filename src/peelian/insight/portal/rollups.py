"""This part keeps no rollup of its own; what it sends is made known here, when the app is ready."""

from peelian.delivery import hooks
from peelian.insight.portal import weekly

hooks.renderers.add(weekly.RENDERER, weekly.WeeklyRenderer())
