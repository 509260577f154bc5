"""A PDF as evidence of a promise. Where there is a virus scanner it goes nowhere before that has looked at it: at once,
or by a job once it answers."""

from __future__ import annotations

import secrets
from contextlib import suppress

from django.db import transaction
from django.db.models import ProtectedError

from peelian.accounts.models import Staff
from peelian.audit.actions import SYSTEM, record
from peelian.core import clamd, files, jobs
from peelian.core.models import StoredFile
from peelian.priorities import errors
from peelian.priorities.models import PromiseChange, PromisePaper

PDF = "application/pdf"
AT_ONCE = 5.0  # seconds that a writer waits for the scanner; then a job does
_S = PromisePaper.State


def put_paper(*, change: PromiseChange, content: bytes, title: str, public: bool) -> PromisePaper:
    """Keep a paper with what is being written, in the same transaction. Raises NotAPaper, NoTitle, and core.files'
    TooLarge and Empty."""
    title = " ".join(title.split())[:100]
    if not title:
        raise errors.NoTitle
    if content and not content.startswith(b"%PDF-"):
        raise errors.NotAPaper
    state = _S.WAITING if clamd.is_set() else _S.SHOWN
    file = files.keep(content, PDF)
    given = {"title": title, "key": secrets.token_urlsafe(16), "public": public}
    made = PromisePaper.objects.create(change=change, file=file, state=state, **given)
    if state == _S.WAITING:
        jobs.enqueue("priorities.check_paper", change_id=change.pk)
    return made


def check_paper(*, change_id: int, timeout: float = clamd.TIMEOUT) -> None:
    """Have a paper that waits looked at, outside of any transaction. Raises clamd.NotChecked when the scanner did not
    say what it is: it stays as it is, and a job comes again."""
    waiting = PromisePaper.objects.filter(pk=change_id, state=_S.WAITING)
    found = waiting.select_related("file", "change").first()
    if found is None or found.file is None:
        return
    virus = clamd.scan(bytes(found.file.content), timeout=timeout).virus if clamd.is_set() else ""
    if not virus:
        waiting.update(state=_S.SHOWN, scanned=clamd.is_set())
        return
    with transaction.atomic():
        if waiting.update(state=_S.INFECTED, file=None):
            record("promise.paper_infected", "promise", found.change.promise_id, by=SYSTEM, change=change_id)
    with suppress(ProtectedError):  # the same bytes wait elsewhere, and are looked at there
        StoredFile.objects.filter(pk=found.file.pk).delete()


def check_papers() -> int:
    """Have looked at what waits for the scanner; returns how many papers."""
    waiting = list(PromisePaper.objects.filter(state=_S.WAITING).values_list("pk", flat=True)[:1000])
    for pk in waiting:
        jobs.enqueue("priorities.check_paper", once_as=f"priorities.check_paper:{pk}", change_id=pk)
    return len(waiting)


@transaction.atomic
def hide_paper(*, change: PromiseChange, by: Staff) -> None:
    """Residents no longer get it; its link is dead at once. Twice is once."""
    if PromisePaper.objects.filter(change=change, public=True).update(public=False):
        record("promise.paper_hidden", "promise", change.promise_id, by=by, change=change.pk)
