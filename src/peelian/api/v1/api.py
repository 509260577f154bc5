"""The interface with all its addresses."""

from peelian.api.v1 import (  # noqa: F401 (each adds its addresses to the router)
    answering,
    drafting,
    open_data,
    programmes,
    staff,
)
from peelian.api.v1 import interface as frame
from peelian.api.v1.router import router

interface = frame.make()
interface.add_router("", router)
