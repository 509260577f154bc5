from collections.abc import Callable
from dataclasses import dataclass

from peelian.core.registries import Registry


@dataclass(frozen=True)
class Living:
    """How many residents of an area can be reached, and by channel ("email" → people; a person may have several)."""

    people: int
    by_channel: dict[str, int]


# Called within the transaction of an area import, after the tree has settled: members place everybody anew.
areas_changed: Registry[Callable[[], None]] = Registry("areas_changed")

# Who lives in an area (by its id), for the page of the area; the first answer is shown. Alerts fill it.
living_in: Registry[Callable[[int], Living]] = Registry("living_in")
