from collections.abc import Callable, Sequence

from peelian.core.registries import Registry

# Called with the ids of members who have left, or turned something off, in the transaction in which they do and after
# it: what is on its way to an address of theirs may be somebody else's too
stopped: Registry[Callable[[Sequence[int]], None]] = Registry("stopped")
