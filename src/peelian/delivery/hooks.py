from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peelian.core.messages import renderers
from peelian.core.registries import Registry

__all__ = ["renderers", "send_finished"]

# Called once with the models.Send, in the transaction that finishes it (no type: hooks stand below models)
send_finished: Registry[Callable[[Any], None]] = Registry("send_finished")
