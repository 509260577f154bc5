"""`peelian import members`: a file of members becomes members, all or nothing, in one transaction.

Read → check in two processes → COPY to a staging table → look up postcodes and areas by sets → one INSERT … SELECT per
table → audience. Memory stays flat: a few blocks of rows are on their way at a time. Nothing is sent to anybody.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction

from peelian.accounts.models import Organisation
from peelian.audit.actions import Actor, record
from peelian.core import clock
from peelian.members import audience
from peelian.members.errors import FileRefused
from peelian.members.importing import consents, erased, replaced, report, staging
from peelian.members.importing.checking import Checker, Known, check_block, start_process
from peelian.members.importing.columns import CONTACTS
from peelian.members.importing.reader import MembersFile
from peelian.members.models import CHANNELS, Group, Topic

PROCESSES = 2
WORTH_PROCESSES = 1_000_000  # bytes; a smaller file is checked sooner than a process starts
WAITING = 6  # blocks on their way to and from the processes
REFRESHED = 20_000  # members whose audience rows are made anew in one statement
WORTH_COMPACTING = 10_000
SHARED_SAID = 20

Progress = Callable[[str, int, int], None]  # what is done, how far, of how much


@dataclass
class Outcome:
    """What an import did. NEW, CHANGED and UNCHANGED are members, LEFT rows of people who had left, SHARED rows whose
    address another member has too."""

    file: str
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    left: int = 0
    shared: int = 0
    young_answers: int = 0
    warnings: list[str] = field(default_factory=list)


class BadRows(FileRefused):
    """There are bad rows, so nothing was imported; the message lists them. `outcome` has the counts."""

    def __init__(self, outcome: Outcome, said: list[str]) -> None:
        count = "1 bad row" if outcome.bad == 1 else f"{outcome.bad:,} bad rows"
        super().__init__("\n".join([*said, f"{count} of {outcome.rows:,}: nothing was imported."]))
        self.outcome = outcome


def run(
    path: Path, *, by: Actor, dry_run: bool = False, skip_bad: Path | None = None, progress: Progress | None = None
) -> Outcome:
    """Import the file. With DRY_RUN everything is done and taken back. Raises FileRefused, BadRows among it."""
    report_progress = progress or (lambda said, done, of: None)
    with MembersFile(path) as file, transaction.atomic():
        staging.create()
        staging.fill(_checked(file, _known(), report_progress))
        outcome = _carry_over(file, path, by, skip_bad, report_progress)
        if dry_run:
            transaction.set_rollback(True)
        else:
            _finish(outcome, by, report_progress)
    if not dry_run and outcome.new + outcome.changed >= WORTH_COMPACTING and not connection.in_atomic_block:
        audience.compact()
    return outcome


def _known() -> Known:
    return Known(
        topics={topic.slug: topic.mask for topic in Topic.objects.all()},
        channels=dict(CHANNELS),
        providers={organisation.slug: organisation.mask for organisation in Organisation.objects.all()},
        groups=dict(Group.objects.filter(open=True).values_list("slug", "pk")),
        today=clock.today(),
    )


# Checking, in processes ----------------------------------------------------------------------------------------------


def _checked(file: MembersFile, known: Known, progress: Progress) -> Iterator[bytes]:
    """The file's records as COPY lines, in order."""
    if file.size < WORTH_PROCESSES:
        checker = Checker(file.header, known)
        yield from map(checker.lines, file.blocks())
        return
    # Fresh processes rather than forked ones: they share neither the database connection nor threads
    context = multiprocessing.get_context("spawn")
    waiting: deque[Future[bytes]] = deque()
    with ProcessPoolExecutor(PROCESSES, context, start_process, (file.header, known)) as pool:
        try:
            for block in file.blocks():
                waiting.append(pool.submit(check_block, block))
                if len(waiting) >= WAITING:
                    progress("Reading", file.done, file.size)
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


# Carrying over -------------------------------------------------------------------------------------------------------


def _carry_over(file: MembersFile, path: Path, by: Actor, skip_bad: Path | None, progress: Progress) -> Outcome:
    steps: list[tuple[str, Callable[[], None]]] = [
        ("Finding places", staging.place),
        ("Keeping repaired addresses", lambda: replaced.keep() if {*CONTACTS} & {*file.header} else None),
        ("Keeping addresses", lambda: staging.keep_addresses(file.header)),
        ("Keeping where they lived", lambda: staging.keep_past_homes(file.header, clock.today())),
        ("Keeping members", lambda: staging.keep_members(file.header, clock.today())),
        ("Keeping agreements", consents.keep),
        ("Keeping groups", lambda: staging.keep_groups() if "groups" in file.header else None),
        ("Keeping equality answers", lambda: staging.keep_answers(file.header)),
    ]
    outcome = Outcome(file.name)
    staging.mark_repeated_ids()
    staging.mark_unknown_postcodes()
    outcome.rows, outcome.bad = staging.counts()
    if skip_bad is not None:
        report.write_bad_rows(path, skip_bad)
    if outcome.bad:
        if skip_bad is None:
            raise BadRows(outcome, report.sentences(file.name, outcome.bad))
        staging.drop_bad()
    outcome.left = erased.drop()
    with staging.keys_proved_by_joins():
        for number, (said, step) in enumerate(steps):
            progress(said, number, len(steps) + 1)
            step()
    outcome.new, outcome.changed = staging.results()
    outcome.left += staging.left()
    outcome.unchanged = outcome.rows - outcome.bad - outcome.new - outcome.changed - outcome.left
    _warn(outcome, file)
    return outcome


def _warn(outcome: Outcome, file: MembersFile) -> None:
    outcome.shared, first = staging.shared(file.header, SHARED_SAID)
    outcome.warnings = [f"{file.name}, line {line}, {column}: another member has this too." for line, column in first]
    if outcome.shared > len(first):
        outcome.warnings.append(f"… and {outcome.shared - len(first):,} more that another member has too.")
    if outcome.left:
        outcome.warnings.append(f"{outcome.left:,} rows are of people who have left; they were passed over.")
    outcome.young_answers = staging.young_answers(file.header)
    if outcome.young_answers:
        outcome.warnings.append(
            f"{outcome.young_answers:,} rows hold equality answers of people under 18; those were not kept."
        )


def _finish(outcome: Outcome, by: Actor, progress: Progress) -> None:
    written = outcome.new + outcome.changed
    progress("Making the audience", 0, max(written, 1))
    whole = written > REFRESHED and 2 * written > staging.members_now()
    if whole:
        audience.refresh()
    after = 0
    while ids := staging.written_ids(after, REFRESHED):
        if not whole:
            audience.refresh(ids)
        audience.stopped(ids)
        after = ids[-1]
    counts = {"rows": outcome.rows, "new": outcome.new, "changed": outcome.changed, "bad": outcome.bad}
    record("members.imported", "members", "", by=by, **counts)
    progress("Making the audience", max(written, 1), max(written, 1))
