"""Insight's own tables: what its jobs have added up. Nothing else writes them, and each is made again from the apps
below."""

from peelian.insight.models.refresh import Refresh

__all__ = ["Refresh"]
