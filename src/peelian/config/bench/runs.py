"""The benchmarks by name, each with its own size where none is given."""

from __future__ import annotations

from collections.abc import Callable

from peelian.config.bench import (
    asking,
    audience,
    crime,
    delivering,
    handing_over,
    importing,
    insight,
    joining,
    pages,
    rating,
)
from peelian.config.bench import website as website_bench
from peelian.config.bench.report import Result
from peelian.config.bench.scratch import Scratch

BENCHES: dict[str, Callable[[Scratch, int | None, str | None], Result]] = {
    "audience": lambda scratch, members, _: audience.run(scratch, members or audience.MEMBERS),
    "pages": lambda scratch, members, _: pages.run(scratch, members or pages.MEMBERS),
    "hand-over": lambda scratch, members, _: handing_over.run(scratch, members or handing_over.MEMBERS),
    "delivery": delivering.run,
    "signups": lambda scratch, members, _: joining.run(scratch, members or joining.MEMBERS),
    "ratings": lambda scratch, members, _: rating.run(scratch, members or rating.MEMBERS),
    "surveys": lambda scratch, members, _: asking.run(scratch, members or asking.MEMBERS),
    "insight": insight.run,
    "website": website_bench.run,
    "crime": lambda scratch, *_: crime.run(scratch),
    "import": lambda scratch, members, _: importing.run(scratch, members),
}
