"""Which small area holds a point. Of two that meet there the first by code does, as everywhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from peelian.insight.reach.placing import holding
from peelian.places import queries as places

A_FEW = 300


def small_areas_holding(points: Sequence[tuple[int, int]]) -> list[int]:
    """For each point (1e-7 degree) its small area, 0 where none holds it."""
    if not points:
        return []
    ids, shapes = places.small_area_shapes() if len(points) > A_FEW else places.small_area_shapes_at(points)
    where = np.array(points, np.int64).reshape(-1, 2)
    at = holding(shapes, where[:, 0], where[:, 1])
    return [int(ids[one]) if one >= 0 else 0 for one in at]
