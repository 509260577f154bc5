"""Pictures and papers that go with an alert: small, bare, in words too, and only as long as they should."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from peelian.accounts.models import Staff
from peelian.accounts.tests.factories import sign_in
from peelian.alerts import actions, errors, queries
from peelian.alerts.enclosed import enclosed
from peelian.alerts.models import Alert, Enclosure
from peelian.alerts.renderer import AlertRenderer
from peelian.alerts.tests.factories import Force, audit_of, hand_over, make_draft, make_force
from peelian.core import clamd, clock, files
from peelian.core.models import StoredFile
from peelian.core.testing.html import PageClient
from peelian.core.tests import scanner
from peelian.core.tests.photographs import SECRETS, bomb, jpeg

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nHow to mark your bicycle"
ALT = "A blue bicycle with a white basket"


@pytest.fixture
def force() -> Force:
    return make_force()


def sent_with(force: Force, *, restricted: bool = False) -> Alert:
    alert = make_draft(force, restricted=restricted)
    actions.add_paper(alert=alert, content=PDF, title="How to mark your bicycle", days=28, by=force.officer)
    actions.add_picture(alert=alert, content=jpeg(1_500, 1_000), alt=ALT, by=force.officer)
    actions.send_now(alert=alert, by=force.officer)
    assert actions.freeze(alert_id=alert.pk)
    alert = Alert.objects.get(pk=alert.pk)
    hand_over(alert)
    return Alert.objects.get(pk=alert.pk)


def test_a_picture_is_made_small_and_bare(force: Force) -> None:
    made = actions.add_picture(alert=make_draft(force), content=jpeg(1_500, 1_000), alt=f" {ALT}\n", by=force.officer)
    assert (made.alt, made.width, made.height, made.file.media_type) == (ALT, 1_200, 800, "image/jpeg")
    kept = Image.open(io.BytesIO(bytes(made.file.content)))
    assert kept.size == (1_200, 800)
    assert dict(kept.getexif()) == {}
    assert not any(secret in bytes(made.file.content) for secret in SECRETS)
    verb, _, data = audit_of(made.alert)[-1]
    assert (verb, data) == ("alert.enclosed", {"what": "picture", "size": made.file.size})


def test_what_is_refused(force: Force) -> None:
    alert, by = make_draft(force), force.officer
    with pytest.raises(errors.NoWords):
        actions.add_picture(alert=alert, content=jpeg(20, 20), alt=" \n", by=by)
    for content in (b"", b"GIF89a", PDF, b"<svg xmlns='http://www.w3.org/2000/svg'/>", jpeg()[:200]):
        with pytest.raises(errors.NotAPicture):
            actions.add_picture(alert=alert, content=content, alt=ALT, by=by)
    with pytest.raises(files.TooLarge):
        actions.add_picture(alert=alert, content=b"x" * (files.LARGEST + 1), alt=ALT, by=by)
    with pytest.raises(errors.NotAPicture, match="too many points"):
        actions.add_picture(alert=alert, content=bomb(), alt=ALT, by=by)
    for content in (b"MZ\x90\x00", jpeg(20, 20), b"<html>"):
        with pytest.raises(errors.NotAPaper):
            actions.add_paper(alert=alert, content=content, title="Paper", days=7, by=by)
    with pytest.raises(files.Empty):
        actions.add_paper(alert=alert, content=b"", title="Paper", days=7, by=by)
    with pytest.raises(errors.NoTitle):
        actions.add_paper(alert=alert, content=PDF, title=" ", days=7, by=by)
    for number in range(4):
        actions.add_paper(alert=alert, content=PDF, title=f"Paper {number}", days=7, by=by)
    with pytest.raises(errors.TooManyEnclosed):
        actions.add_paper(alert=alert, content=PDF, title="Paper", days=7, by=by)
    assert StoredFile.objects.count() == 1  # the same bytes once


def test_only_a_draft_changes(force: Force) -> None:
    alert = sent_with(force)
    with pytest.raises(errors.NotADraft):
        actions.add_paper(alert=alert, content=PDF, title="Paper", days=7, by=force.officer)
    with pytest.raises(errors.NotADraft):
        actions.remove_enclosure(enclosure=alert.enclosures.first(), by=force.officer)


def test_email_page_and_feed_have_it_by_link_and_in_words(client: PageClient, force: Force) -> None:
    alert = sent_with(force)
    picture, paper = enclosed(alert)
    day = clock.today() + timedelta(days=28)
    assert (
        paper.said == f"How to mark your bicycle (PDF, {len(PDF)} bytes, until {day:%A} {day.day} {day:%B} {day.year})"
    )
    email = AlertRenderer().email(alert.pk)
    assert f"Picture: {ALT}\n{picture.url}" in email.text
    assert f"File: {paper.said}\n{paper.url}" in email.text
    assert f'<img src="{picture.url}" alt="{ALT}" width="536"' in email.html
    assert f'<a href="{paper.url}">' in email.html
    page = client.page(f"/alerts/{alert.ref}/")
    assert [image.get("alt") for image in page.document.cssselect(".p-enclosed img")] == [ALT]
    assert paper.said in page.texts("a")
    assert picture.url in client.get("/alerts/feed.atom").content.decode()


def test_the_bytes_come_as_they_should_and_nothing_else_opens(client: PageClient, force: Force) -> None:
    alert = sent_with(force, restricted=True)
    picture, paper = enclosed(alert)
    shown = client.get(picture.url)
    assert (shown.status_code, shown["Content-Type"], shown["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert not shown.cookies
    saved = client.get(paper.url)
    assert (saved.content, saved["Content-Type"]) == (PDF, "application/pdf")
    assert saved["Content-Disposition"] == 'attachment; filename="how-to-mark-your-bicycle.pdf"'
    assert client.get(f"/f/{'x' * 22}/file.pdf").status_code == 404


def test_a_link_ends_with_its_days_and_with_a_withdrawal(client: PageClient, force: Force) -> None:
    alert = sent_with(force)
    picture, paper = enclosed(alert)
    Alert.objects.filter(pk=alert.pk).update(sent_at=clock.now() - timedelta(days=28))
    assert client.get(paper.url).status_code == 200
    Alert.objects.filter(pk=alert.pk).update(sent_at=clock.now() - timedelta(days=29))
    assert client.get(paper.url).status_code == 410
    assert client.get(picture.url).status_code == 200
    assert [one.is_picture for one in enclosed(Alert.objects.get(pk=alert.pk))] == [True]
    actions.withdraw(alert=Alert.objects.get(pk=alert.pk), reason="It was wrong.", by=force.supervisor)
    assert client.get(picture.url).status_code == 410


def test_an_officer_adds_and_removes_without_script(client: PageClient, force: Force) -> None:
    alert = make_draft(force)
    sign_in(client, force.officer)
    path = f"/staff/alerts/{alert.ref}/enclosures/"
    bare = client.page(path, {"what": "picture"}, post=True)
    assert bare.texts(".govuk-error-summary li") == ["Choose a file", "Say in words what the picture shows"]
    wrong = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")
    refused = client.page(path, {"what": "picture", "picture-file": wrong, "picture-alt": ALT}, post=True)
    assert refused.texts(".govuk-error-summary li") == [
        "That is not a picture we can open. Save it as JPEG or PNG and add it again."
    ]
    good = SimpleUploadedFile("../../a.jpg", jpeg(), "text/html")
    added = client.page(path, {"what": "picture", "picture-file": good, "picture-alt": ALT}, post=True)
    assert added.document.cssselect(".p-enclosures img")[0].get("alt") == ALT
    given = {"what": "paper", "paper-file": SimpleUploadedFile("x.pdf", PDF), "paper-title": "Leaflet", "paper-days": 7}
    client.page(path, given, post=True)
    assert "Pictures and files (2)" in client.page(f"/staff/alerts/{alert.ref}/edit/").texts("button")
    check = client.page(f"/staff/alerts/{alert.ref}/check/")
    assert check.document.cssselect(".p-enclosed img")[0].get("alt") == ALT
    paper = Enclosure.objects.get(kind="paper")
    client.page(f"{path}{paper.key}/remove/")
    client.page(f"{path}{paper.key}/remove/", {}, post=True)
    assert not Enclosure.objects.filter(kind="paper").exists()
    assert client.get(f"{path}{paper.key}/remove/").status_code == 404


# The virus scanner ----------------------------------------------------------------------------------------------------


@pytest.fixture
def daemon(settings: Any) -> Iterator[Any]:
    with scanner.running() as found:
        settings.PEELIAN_CLAMD = found.where
        yield found


def add(alert: Alert, by: Staff, content: bytes = PDF) -> Enclosure:
    return actions.add_paper(alert=alert, content=content, title="Leaflet", days=28, by=by)


def test_a_paper_goes_with_the_alert_once_the_scanner_has_seen_all_of_it(force: Force, daemon: Any) -> None:
    alert, content = make_draft(force), PDF + b"x" * 200_000
    made = add(alert, force.officer, content)
    assert daemon.scanned == [content]
    assert (made.state, made.scanned) == ("shown", True)
    assert [one.scanned for one in enclosed(alert)] == [True]


def test_a_virus_is_refused_and_nothing_of_it_is_kept(client: PageClient, force: Force, daemon: Any) -> None:
    alert = make_draft(force)
    sign_in(client, force.officer)
    file = SimpleUploadedFile("x.pdf", PDF + scanner.EICAR)
    given = {"what": "paper", "paper-file": file, "paper-title": "Leaflet", "paper-days": 7}
    page = client.page(f"/staff/alerts/{alert.ref}/enclosures/", given, post=True)
    assert page.texts(".govuk-error-summary li") == [
        "The scanner found a virus in that file. Nothing of it is kept; tell those who look after your computers."
    ]
    assert not StoredFile.objects.exists()
    assert not Enclosure.objects.exists()
    assert audit_of(alert)[-1][0] == "alert.enclosure_infected"


@pytest.mark.parametrize("how", ["hangs-up", "limit"])
def test_without_an_answer_a_paper_is_kept_and_the_alert_waits(
    client: PageClient, force: Force, daemon: Any, how: str
) -> None:
    alert, daemon.how = make_draft(force), how
    sign_in(client, force.officer)
    path = f"/staff/alerts/{alert.ref}/enclosures/"
    file = SimpleUploadedFile("x.pdf", PDF)
    given = {"what": "paper", "paper-file": file, "paper-title": "Leaflet", "paper-days": 7}
    page = client.page(path, given, post=True)
    assert "The virus scanner does not answer" in page.text()
    assert page.texts(".p-enclosures li span.p-muted") == ["Not checked for viruses yet"]
    made = Enclosure.objects.get()
    assert enclosed(alert) == []
    assert client.get(f"/f/{made.key}/leaflet.pdf").status_code == 404
    sentence = "“Leaflet” is not checked for viruses yet. Wait until it is, or remove it."
    assert queries.missing(alert) == [sentence]
    with pytest.raises(errors.NotReady, match="not checked for viruses"):
        actions.send_now(alert=alert, by=force.officer)
    with pytest.raises(clamd.NotChecked):  # its job: to be tried again
        actions.check_paper(enclosure_id=made.pk)

    daemon.how = ""
    assert actions.check_papers() == 1
    actions.check_paper(enclosure_id=made.pk)
    alert = Alert.objects.get(pk=alert.pk)
    assert (queries.missing(alert), [one.scanned for one in enclosed(alert)]) == ([], [True])
    assert client.get(f"/f/{made.key}/leaflet.pdf").content == PDF
    assert actions.check_papers() == 0


def test_a_virus_that_the_scanner_finds_later_is_deleted_and_said(force: Force, daemon: Any) -> None:
    alert, daemon.how = make_draft(force), "hangs-up"
    made = add(alert, force.officer, PDF + scanner.EICAR)
    daemon.how = ""
    actions.check_paper(enclosure_id=made.pk)
    made.refresh_from_db()
    assert (made.state, made.file, StoredFile.objects.count()) == ("infected", None, 0)
    assert queries.missing(alert) == ["A virus was found in “Leaflet”. Remove it."]
    actions.remove_enclosure(enclosure=made, by=force.officer)
    assert queries.missing(alert) == []


def test_without_a_scanner_staff_are_told_that_none_looked(client: PageClient, force: Force) -> None:
    alert = make_draft(force)
    assert add(alert, force.officer).scanned is False
    sign_in(client, force.officer)
    page = client.page(f"/staff/alerts/{alert.ref}/enclosures/")
    assert page.texts(".p-enclosures .p-muted") == ["not checked for viruses"]


def test_feeds_ask_no_more_for_more(client: PageClient, force: Force) -> None:
    def ask() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/alerts/feed.atom")
        return len(asked)

    sent_with(force)
    few = ask()
    for number in range(3):
        alert = make_draft(force, title=f"More {number}")
        actions.add_picture(alert=alert, content=jpeg(60 + number, 40), alt=ALT, by=force.officer)
        actions.send_now(alert=alert, by=force.officer)
        actions.freeze(alert_id=alert.pk)
    assert ask() == few
