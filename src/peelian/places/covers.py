"""A shape's cover as bytes, so that it is computed once, on import."""

import io
from typing import Any

import numpy as np

from peelian.places.cells import Border, Cover

_FIELDS = Border.__slots__


def pack(cover: Cover) -> bytes:
    """The cover as a NumPy archive."""
    file = io.BytesIO()
    ranges = {"inside": np.array(cover.inside, np.int64), "border": np.array(cover.border, np.int64)}
    arrays: dict[str, Any] = ranges | {name: getattr(cover.edges, name) for name in _FIELDS}
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def unpack(packed: bytes) -> Cover:
    """The cover that `pack` packed."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as found:
        inside = [(int(lo), int(hi)) for lo, hi in found["inside"].reshape(-1, 2)]
        border = [(int(lo), int(hi)) for lo, hi in found["border"].reshape(-1, 2)]
        return Cover(inside, border, Border(**{name: found[name] for name in _FIELDS}))
