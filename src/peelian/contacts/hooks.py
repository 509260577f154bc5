from collections.abc import Callable

from peelian.core.registries import Registry

# Called in the transaction that suppresses addresses or lifts it, with their ids: members makes its audience rows anew.
suppression_changed: Registry[Callable[[list[int]], None]] = Registry("suppression_changed")
