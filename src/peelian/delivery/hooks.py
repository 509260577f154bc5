from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from peelian.core.messages import renderers
from peelian.core.registries import Registry

if TYPE_CHECKING:
    from peelian.delivery.models import Send

__all__ = ["renderers", "send_finished"]

# Called once, in the transaction that finishes a send
send_finished: Registry[Callable[[Send], None]] = Registry("send_finished")
