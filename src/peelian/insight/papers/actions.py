"""Writes of board papers: asked for, made by a job, what was found accepted, signed."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit import actions as audit
from peelian.core import clock, files, jobs
from peelian.core.periods import Period
from peelian.insight.measures.queries import definitions
from peelian.insight.models import BoardPaper, PaperFinding
from peelian.insight.papers import build, errors, queries, text
from peelian.insight.papers import files as made
from peelian.places.models import Area

State = BoardPaper.State
LONGEST = 300  # characters of a finding's place, figure and expectation
FAILED = "It could not be made. Ask again; if it happens once more, tell whoever looks after Peelian."


@transaction.atomic
def ask_for_paper(*, period: Period, areas: Sequence[Area], public: bool, by: Staff) -> BoardPaper:
    """Have a paper made: a job does it, and its page says how far it is. Raises NoFigures."""
    if not definitions():
        raise errors.NoFigures
    paper = BoardPaper.objects.create(start=period.start, end=period.end, public=public, made_by=by)
    paper.areas.set(areas)
    audit.record("paper.asked", "paper", paper.pk, by=by, period=period.name, public=public)
    jobs.enqueue("insight.make_paper", paper_id=paper.pk)
    return paper


def make_paper(paper_id: int) -> None:
    """Make a paper that was asked for. Called again for one that is made, it does nothing."""
    paper = BoardPaper.objects.filter(pk=paper_id, state=State.MAKING).first()
    if paper is None:
        return

    def progress(done: int, of: int) -> None:
        BoardPaper.objects.filter(pk=paper_id).update(steps_done=done, steps=of + 1)

    try:
        areas = list(paper.areas.order_by("name"))
        data = build.build(paper.period, areas, public=paper.public, made_at=clock.now(), progress=progress)
        _keep(paper, data)
    except Exception:
        BoardPaper.objects.filter(pk=paper_id, state=State.MAKING).update(state=State.FAILED, problem=FAILED)
        raise


@transaction.atomic
def _keep(paper: BoardPaper, data: build.Data) -> None:
    paper.data = data
    paper.html = files.keep(made.html(data), "text/html")
    paper.pdf = files.keep(made.pdf(data), "application/pdf")
    paper.state, paper.made_at, paper.steps_done = State.WAITING, clock.now(), paper.steps
    paper.save()
    BoardPaper.objects.filter(pk=paper.pk).update(steps_done=1, steps=1)
    PaperFinding.objects.bulk_create(_findings(paper, data))


def _findings(paper: BoardPaper, data: build.Data) -> list[PaperFinding]:
    from peelian.insight.checker import check_text

    words = text.markdown(data)
    return [
        PaperFinding(
            paper=paper, place=text.where(words, found.line, found.place)[:LONGEST], kind=found.kind,
            printed=found.printed[:LONGEST],
            expected=found.expected[:LONGEST], why=found.why,
        )
        for found in check_text(words, str(paper))
    ]  # fmt: skip


@transaction.atomic
def accept(*, finding: PaperFinding, reason: str, by: Staff) -> None:
    """Let something stand that the checker found, with the reason."""
    paper = BoardPaper.objects.select_for_update(of=("self",)).get(pk=finding.paper_id)
    if paper.state == State.SIGNED:
        raise errors.SignedAlready
    row = PaperFinding.objects.select_for_update().get(pk=finding.pk)
    row.accepted_by, row.accepted_at, row.reason = by, clock.now(), reason
    row.save(update_fields=["accepted_by", "accepted_at", "reason"])
    audit.record("paper.finding_accepted", "paper", paper.pk, by=by, found=row.kind)


@transaction.atomic
def sign(*, paper: BoardPaper, by: Staff) -> None:
    """Sign a paper that somebody else had made and wrote, and in which nothing found is left open."""
    row = BoardPaper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if row.state == State.SIGNED:
        raise errors.SignedAlready
    if row.state != State.WAITING:
        raise errors.NotReady
    if row.made_by_id == by.pk or queries.wrote_in(by, row):
        raise errors.OwnPaper
    if queries.open_findings(row):
        raise errors.OpenFindings
    row.state, row.signed_by, row.signed_at = State.SIGNED, by, clock.now()
    row.save(update_fields=["state", "signed_by", "signed_at"])
    audit.record("paper.signed", "paper", row.pk, by=by)
