"""A PDF as evidence of a promise: looked at first, a download alone, and residents' only where staff say so."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.accounts.tests.factories import sign_in
from peelian.audit.models import Event
from peelian.core import clamd, files
from peelian.core.models import StoredFile
from peelian.core.tests import scanner
from peelian.priorities import actions, errors
from peelian.priorities.actions import Paper
from peelian.priorities.models import PromiseChange, PromisePaper
from peelian.priorities.tests.factories import make_promise, publish, say

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nSpeed checks in May"


@pytest.fixture
def promise(ground: Any) -> Any:
    return make_promise(ground.ward, ground.officer, publisher=ground.supervisor)


@pytest.fixture
def daemon(settings: Any) -> Iterator[Any]:
    with scanner.running() as found:
        settings.PEELIAN_CLAMD = found.where
        yield found


def write(promise: Any, by: Any, content: bytes = PDF, **given: Any) -> PromiseChange:
    paper = Paper(content, given.pop("title", "Speed checks in May"), given.pop("public", True))
    return actions.write_change(promise=promise, what="kept", text="We checked.", by=by, paper=paper, **given)


def test_residents_get_a_paper_with_its_name_and_size_once_it_is_published(client, ground, promise):
    sign_in(client, ground.officer)
    page = f"/staff/priorities/promises/{promise.ref}/change/"
    said = {"what": "kept", "text": "We checked speed.", "title": "Speed checks in May", "paper_public": "on"}
    pdf = lambda content=PDF: SimpleUploadedFile("scan0001.pdf", content, "application/pdf")  # noqa: E731
    for wrong, sentence in (
        ({**said, "paper": pdf(b"PK a spreadsheet")}, "That is no PDF."),
        ({**said, "paper": pdf(), "title": ""}, "Say what the PDF is, in a few words"),
        ({**said, "paper": pdf(PDF + bytes(files.LARGEST))}, "That file is larger than 10 MB."),
        (said, "Choose the PDF that residents may have"),
    ):
        again = client.post(page, wrong).content.decode()
        assert sentence in again
        assert "We checked speed." in again  # nothing of it is lost
    assert not StoredFile.objects.exists()
    shown = client.post(page, {**said, "paper": pdf()}, follow=True).content.decode()
    assert "Speed checks in May (PDF, 28" in shown
    paper = PromisePaper.objects.get()
    link = f"/promises/paper/{paper.key}/speed-checks-in-may.pdf"
    assert client.get(link).status_code == 404  # nobody has published it
    assert client.get(f"/staff/priorities/promises/{promise.ref}/paper/{paper.pk}/").content == PDF
    publish(promise, ground.supervisor)
    assert f'href="{link}"' in client.get(f"/promises/{promise.ref}/").content.decode()
    answer = client.get(link)
    assert answer.content == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="speed-checks-in-may.pdf"'
    assert (answer["X-Content-Type-Options"], answer["X-Robots-Tag"]) == ("nosniff", "noindex")


def test_queries_of_the_public_page_do_not_grow_with_papers(client, ground, promise):
    counts = []
    for n in range(3):
        paper = Paper(PDF, f"Checks of week {n}", True)
        actions.write_change(promise=promise, what="progress", text="We checked.", by=ground.officer, paper=paper)
        publish(promise, ground.supervisor)
        with CaptureQueriesContext(connection) as done:
            page = client.get(f"/promises/{promise.ref}/?anew={n}").content.decode()
        assert page.count(".pdf") == n + 1
        counts.append(len(done))
    assert len(set(counts)) == 1


def test_without_the_tick_it_is_the_staffs_and_taken_away_its_link_is_dead(client, ground, promise):
    own = write(promise, ground.officer, public=False)
    publish(promise, ground.supervisor)
    assert client.get(f"/promises/paper/{own.paper.key}/x.pdf").status_code == 404
    assert "PDF" not in client.get(f"/promises/{promise.ref}/").content.decode()
    other = make_promise(ground.ward, ground.officer, publisher=ground.supervisor)
    change = write(other, ground.officer)
    publish(other, ground.supervisor)
    link = f"/promises/paper/{change.paper.key}/x.pdf"
    assert client.get(link).status_code == 200
    hide = f"/staff/priorities/promises/{other.ref}/paper/{change.pk}/hide/"
    sign_in(client, ground.officer)
    assert client.post(hide).status_code == 404
    sign_in(client, ground.supervisor)
    assert "Take the PDF away from residents" in client.get(f"/staff/priorities/promises/{other.ref}/").content.decode()
    client.post(hide)
    client.post(hide)
    assert client.get(link).status_code == 404
    assert Event.objects.filter(verb="promise.paper_hidden").count() == 1


def test_a_virus_keeps_the_words_out_and_nothing_of_the_file(client, ground, promise, daemon):
    with pytest.raises(errors.VirusFound):
        write(promise, ground.officer, PDF + scanner.EICAR)
    assert (StoredFile.objects.count(), PromiseChange.objects.filter(published_at=None).count()) == (0, 0)
    change = write(promise, ground.officer)
    assert (change.paper.state, change.paper.scanned) == ("shown", True)


def test_while_the_scanner_is_away_it_waits_and_nobody_gets_it(client, ground, promise, daemon):
    daemon.how = "hangs-up"
    change = write(promise, ground.officer)
    publish(promise, ground.supervisor)
    link = f"/promises/paper/{change.paper.key}/x.pdf"
    assert client.get(link).status_code == 404
    sign_in(client, ground.officer)
    assert "Not checked for viruses yet" in client.get(f"/staff/priorities/promises/{promise.ref}/").content.decode()
    with pytest.raises(clamd.NotChecked):  # its job: to be tried again
        actions.check_paper(change_id=change.pk)
    daemon.how = ""
    assert actions.check_papers() == 1
    actions.check_paper(change_id=change.pk)
    assert client.get(link).content == PDF
    assert actions.check_papers() == 0


def test_a_virus_found_later_is_deleted_and_said(client, ground, promise, daemon):
    daemon.how = "hangs-up"
    change = write(promise, ground.officer, PDF + scanner.EICAR)
    publish(promise, ground.supervisor)
    daemon.how = ""
    actions.check_paper(change_id=change.pk)
    paper = PromisePaper.objects.get()
    assert (paper.state, paper.file, StoredFile.objects.count()) == ("infected", None, 0)
    sign_in(client, ground.officer)
    assert "a virus was found in it" in client.get(f"/staff/priorities/promises/{promise.ref}/").content.decode()
    say(promise, "reopened", ground.supervisor, due_on=promise.due_on)
