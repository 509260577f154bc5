"""`peelian bench hand-over`: delivery's own measurement, as a row."""

from __future__ import annotations

from peelian.config.bench.report import Result
from peelian.config.bench.scratch import Scratch
from peelian.delivery import bench

MEMBERS = 100_000


def run(scratch: Scratch, members: int = MEMBERS) -> Result:
    """Freeze and hand over an alert to so many addresses, beside `smtp-source` where Postfix is installed."""
    result = Result(f"hand-over: {members:,} messages", ("what", "figure"))
    try:
        figures = bench.hand_over(members)
    except SystemExit as problem:
        result.notes = [str(problem)]
        return result
    bench.clean_up()
    result.rows = [(*pair,) for pair in figures.items()]
    result.notes = [
        "One worker with its ledger, personalised, to smtp-sink on the loopback; smtp-source -s 8 -d to the same sink"
        " keeps no ledger."
    ]
    return result
