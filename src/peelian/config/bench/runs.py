"""The benchmarks by name, each with its own size where none is given."""

from __future__ import annotations

from collections.abc import Callable

from peelian.config.bench import audience, handing_over, importing, pages
from peelian.config.bench.report import Result
from peelian.config.bench.scratch import Scratch

BENCHES: dict[str, Callable[[Scratch, int | None], Result]] = {
    "audience": lambda scratch, members: audience.run(scratch, members or audience.MEMBERS),
    "pages": lambda scratch, members: pages.run(scratch, members or pages.MEMBERS),
    "hand-over": lambda scratch, members: handing_over.run(scratch, members or handing_over.MEMBERS),
    "import": lambda scratch, members: importing.run(scratch, members),
}
