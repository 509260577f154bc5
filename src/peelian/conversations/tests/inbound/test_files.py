"""Files that come with an email: known by their bytes, made anew, scanned, shown to the thread's staff alone."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import ExifTags, Image
from procrastinate.contrib.django.models import ProcrastinateJob

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.alerts.tests import public_factories as make
from peelian.audit.models import Event
from peelian.conversations.inbound import attachments, sniff
from peelian.conversations.models import Attachment, Inbound, Thread
from peelian.conversations.tests.inbound import support
from peelian.conversations.tests.inbound.support import came, mail, said
from peelian.core import clamd, clock, files, pictures
from peelian.core.models import StoredFile
from peelian.core.tests import scanner
from peelian.core.tests.photographs import SECRETS, bomb, heic, jpeg

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture
def world():
    return support.make_world()


def with_files(*given: tuple[str, bytes], kind: str = "application/octet-stream"):
    message = mail("See the picture")
    for name, content in given:
        main, sub = kind.split("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


def checked() -> list[tuple[str, str]]:
    for job in ProcrastinateJob.objects.filter(task_name="conversations.check_file"):
        attachments.check(**job.args)
    return list(Attachment.objects.order_by("pk").values_list("name", "state"))


def test_a_photograph_loses_the_place_where_it_was_taken(world):
    given = jpeg()
    assert all(secret in given for secret in SECRETS)
    came(with_files(("IMG_1.jpg", given)), world.reply_to)
    assert checked() == [("IMG_1.jpg", "shown")]

    stored = bytes(Attachment.objects.get().file.content)
    with Image.open(io.BytesIO(stored)) as picture:
        assert (picture.size, picture.format, dict(picture.getexif())) == ((60, 40), "JPEG", {})
    assert not any(secret in stored for secret in SECRETS)


def test_a_telephones_own_photograph_is_shown_as_jpeg(world):
    came(with_files(("IMG_2.HEIC", heic())), world.reply_to)
    assert checked() == [("IMG_2.HEIC", "shown")]
    file = Attachment.objects.get().file
    assert file.media_type == "image/jpeg"
    with Image.open(io.BytesIO(bytes(file.content))) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (60, 40), {})
    assert sniff.file_name("IMG_2.HEIC", file.media_type) == "IMG_2.jpg"
    assert "IMG_2.HEIC" in staff_page(world)


def test_a_sideways_photograph_is_turned_upright(world):
    out = io.BytesIO()
    picture = Image.new("RGB", (60, 40))
    tags = picture.getexif()
    tags[ExifTags.Base.Orientation] = 6
    picture.save(out, "JPEG", exif=tags)
    content, _ = pictures.remade(out.getvalue())
    with Image.open(io.BytesIO(content)) as turned:
        assert turned.size == (40, 60)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (jpeg(), "image/jpeg"),
        (PDF, "application/pdf"),
        ("Wörter\n".encode(), "text/plain"),
        (b"MZ\x90\0\x03", ""),
        (b"PK\x03\x04" + bytes(30), ""),
        (b"<html><script>alert(1)</script>", ""),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", ""),
        (b"<svg xmlns='x' onload='alert(1)'>", ""),
        (b"#!/bin/sh\n", ""),
        (b"{\\rtf1 }", ""),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\0\0\0\x18ftypavif", ""),
        (b"GIF89a" + bytes(20), "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"a\0b", ""),
        (b"\xff\xfe\x00", ""),
    ],
)
def test_what_a_file_is_its_bytes_say(content, media_type):
    assert sniff.media_type(content) == media_type


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("photo.jpg", b"MZ\x90\0 a program", attachments.OTHER),
        ("photo.jpg", b"<html><script>x</script>", attachments.OTHER),
        ("film.mov", b"\0\0\0\x18ftypqt  " + bytes(30), attachments.OTHER),
        ("nothing.pdf", b"", attachments.EMPTY),
        ("large.pdf", PDF + bytes(1_000), attachments.TOO_LARGE),
    ],
)
def test_what_is_refused_leaves_its_line_in_the_thread(world, name, content, why, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 1_000)
    came(with_files((name, content), kind="image/jpeg"), world.reply_to)

    row = Attachment.objects.get()
    assert (row.state, row.why, row.file) == ("refused", why, None)
    assert not ProcrastinateJob.objects.filter(task_name="conversations.check_file").exists()
    page = staff_page(world)
    assert name in page
    assert why in page


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (bomb(), attachments.TOO_MANY_POINTS),
        (jpeg()[:200], attachments.NO_PICTURE),
        (b"\xff\xd8\xff\xe0 and then words", attachments.NO_PICTURE),
        (b"GIF89a" + bytes(40), attachments.NO_PICTURE),
        (b"\0\0\0\x18ftypheic" + bytes(30), attachments.NO_PICTURE),
    ],
    ids=["bomb", "half", "words", "gif", "heic"],
)
def test_pictures_that_are_none_are_refused(world, content, why):
    came(with_files(("x.jpg", content)), world.reply_to)
    assert [state for _, state in checked()] == ["refused"]
    assert Attachment.objects.get().why == why
    assert StoredFile.objects.count() == 0


def test_more_than_ten_are_listed_and_not_taken(world):
    came(with_files(*[(f"{number}.txt", b"words %d" % number) for number in range(12)]), world.reply_to)
    assert [state for _, state in checked()] == ["shown"] * 10 + ["refused"] * 2


def test_names_that_lie_are_made_plain(world):
    names = ["../../etc/passwd", "photo\u202egpj.exe", "C:\\x\\note.txt", 'a"b<c>.txt']
    came(with_files(*[(name, b"plain words") for name in names]), world.reply_to)
    assert [name for name, _ in checked()] == ["passwd", "photogpj.exe", "note.txt", "abc.txt"]
    assert sniff.file_name("photogpj.exe", "text/plain") == "photogpj.txt"


def test_a_firms_sign_in_the_text_is_no_file(world):
    message = mail()
    message.add_alternative("<p>I saw a red van.</p><img src='cid:sign'>", subtype="html")
    message.get_payload()[1].add_related(jpeg(), maintype="image", subtype="jpeg", cid="<sign>")
    came(message, world.reply_to)
    assert Attachment.objects.count() == 0


def test_a_file_alone_is_a_message_too(world):
    message = mail("")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="a.pdf")
    came(message, world.reply_to)
    assert said() == [("email", "[Only a file was sent.]")]


# The scanner -----------------------------------------------------------------------------------------------------


@pytest.fixture(params=["tcp", "unix"])
def daemon(request, tmp_path, settings):
    with scanner.running(str(tmp_path / "clamd") if request.param == "unix" else "") as found:
        settings.PEELIAN_CLAMD = found.where
        yield found


def test_a_clean_file_is_shown_when_the_scanner_has_seen_all_of_it(world, daemon):
    content = PDF + b"x" * 300_000
    came(with_files(("a.pdf", content)), world.reply_to)
    assert checked() == [("a.pdf", "shown")]
    assert daemon.scanned == [content]
    assert Attachment.objects.get().scanned


def test_a_virus_is_removed_with_the_email_as_it_came(world, daemon):
    came(with_files(("a.txt", scanner.EICAR), ("b.txt", b"words")), world.reply_to)
    assert checked() == [("a.txt", "infected"), ("b.txt", "refused")]
    assert Inbound.objects.get().raw is None
    assert StoredFile.objects.count() == 0
    assert said() == [("email", "See the picture")]
    assert Event.objects.filter(verb="file.infected").exists()
    assert "Removed: a virus was found in it" in staff_page(world)


@pytest.mark.parametrize("how", ["silent", "hangs-up", "limit"])
def test_without_an_answer_the_file_is_kept_aside_and_not_shown(world, daemon, how, monkeypatch):
    daemon.how = how
    came(with_files(("a.pdf", PDF)), world.reply_to)
    with monkeypatch.context() as hurried:
        if how == "silent":
            hurried.setattr(clamd.scan, "__kwdefaults__", {"timeout": 0.3})
        with pytest.raises(clamd.NotChecked):
            checked()
    assert Attachment.objects.get().state == "unchecked"
    page = staff_page(world)
    assert "could not be checked for viruses" in page
    assert "/files/" not in page

    daemon.how = ""
    assert attachments.check_again() == 1
    assert checked() == [("a.pdf", "shown")]


def test_a_scanner_that_is_not_there(world, settings, tmp_path):
    settings.PEELIAN_CLAMD = f"unix:{tmp_path}/nobody"
    came(with_files(("a.pdf", PDF)), world.reply_to)
    with pytest.raises(clamd.NotChecked):
        checked()
    assert "cannot be reached" in clamd.ping()


def test_the_scanner_is_asked_whether_it_is_there(daemon):
    assert clamd.ping() == ""


# Handing out -----------------------------------------------------------------------------------------------------


def staff_page(world) -> str:
    return signed_in(world).get(Thread.objects.get().get_absolute_url()).content.decode()


def signed_in(world, *, of_the_team: bool = True) -> Client:
    area = world.team.areas.get() if of_the_team else make.make_area("W09", "Elsewhere", at=1)
    client = Client()
    sign_in(client, make_staff(Role.OFFICER, area, teams=[world.team] if of_the_team else []))
    return client


def test_a_file_is_saved_and_never_opened_and_that_is_in_the_trail(world):
    came(with_files(("Brief für Sie.pdf", PDF)), world.reply_to)
    checked()
    row, thread = Attachment.objects.get(), Thread.objects.get()
    assert "not checked for viruses" in staff_page(world)

    answer = signed_in(world).get(reverse("conversations_staff:file", args=[thread.pk, row.pk]))

    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert Event.objects.get(verb="file.downloaded").data == {"file": row.pk}


def test_nobody_else_gets_it(world):
    came(with_files(("a.pdf", PDF)), world.reply_to)
    checked()
    row, thread = Attachment.objects.get(), Thread.objects.get()
    stranger = signed_in(world, of_the_team=False)
    url = reverse("conversations_staff:file", args=[thread.pk, row.pk])
    assert stranger.get(url).status_code == 404
    assert Client().get(url).status_code == 302
    Attachment.objects.update(state="refused", file=None)
    assert signed_in(world).get(url).status_code == 404


def test_the_page_costs_the_same_however_many_files_there_are(world):
    counts = []
    for number in range(1, 4):
        message = with_files((f"a{number}.txt", b"words %d" % number))
        message.replace_header("Message-ID", f"<{number}@home.example>")
        came(message, world.reply_to)
        checked()
        client = signed_in(world)
        client.get(Thread.objects.get().get_absolute_url())
        with CaptureQueriesContext(
            connection,
        ) as counted:
            client.get(Thread.objects.get().get_absolute_url())
        counts.append(len(counted))
    assert len(set(counts)) == 1, counts


def test_files_go_a_day_after_their_thread(world):
    came(with_files(("a.pdf", PDF)), world.reply_to)
    checked()
    later = clock.now() + 2 * files.FREE_FOR
    assert files.delete_unused(later) == 0
    Thread.objects.all().delete()
    assert Inbound.objects.count() == 0
    assert files.delete_unused(later) == 1
