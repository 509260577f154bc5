"""Mail that comes back, through a real LMTP conversation and a real maildir, read by the job itself."""

from __future__ import annotations

import asyncio
import smtplib
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from peelian.contacts.models import Address
from peelian.conversations.tests.inbound import support
from peelian.delivery import hooks, references
from peelian.delivery.incoming import lmtp, maildir, store
from peelian.delivery.models import Delivery, Incoming, Reason, Send, State
from peelian.delivery.tests.conftest import people, send_to, states
from peelian.delivery.tests.reports import AWAY, COMPLAINT, POSTFIX, made
from peelian.delivery.tests.test_receipts import move

DOMAIN = settings.PEELIAN_MAIL_DOMAIN
HARD = {"action": "failed", "status": "5.1.1", "reply": "550 5.1.1 User unknown"}


@pytest.fixture
def door(tmp_path: Path) -> Iterator[str]:
    """An LMTP server on a socket of its own, in a thread of its own."""
    path = tmp_path / "lmtp"
    loop, started = asyncio.new_event_loop(), threading.Event()
    end: list[asyncio.Event] = []

    async def serve() -> None:
        ready = asyncio.Event()
        end.append(asyncio.Event())
        task = asyncio.create_task(lmtp.serve(f"unix:{path}", ready=ready, end=end[0]))
        await ready.wait()
        started.set()
        await task

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert started.wait(10)
    yield str(path)
    loop.call_soon_threadsafe(end[0].set)
    thread.join(10)
    loop.close()


@pytest.fixture
def sent(ledger: None) -> tuple[Send, list[Address]]:
    addresses = people(3)
    send = send_to(addresses)
    move(send, State.HANDED_OVER)
    yield send, addresses
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE delivery_incoming, delivery_receipt")


def to(send: Send, address: Address) -> str:
    return references.return_path(send.pk, address.pk)


def talk(path: str, recipients: list[str], content: bytes) -> tuple[list[int], list[tuple[int, bytes]]]:
    """One LMTP conversation: the answers to each RCPT, and those after the message."""
    with smtplib.LMTP(path, 0) as client:
        client.ehlo_or_helo_if_needed()
        assert client.mail("")[0] == 250  # what bounces has no sender
        answers = [client.rcpt(recipient)[0] for recipient in recipients]
        if 250 not in answers:
            return answers, []
        client.putcmd("data")
        assert client.getreply()[0] == 354
        client.send(content.replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n")
        return answers, [client.getreply() for answer in answers if answer == 250]


def test_a_bounce_comes_home(door, sent):
    send, (one, *_) = sent

    answers, after = talk(door, [to(send, one)], made(POSTFIX, to=to(send, one), **HARD))
    assert (answers, [code for code, _ in after]) == ([250], [250])
    assert Incoming.objects.get().recipient == to(send, one)
    assert store.read_all() == 1

    assert states(send) == {State.HANDED_OVER: 2, State.FAILED: 1}
    assert Delivery.objects.get(send=send, address=one).reason == Reason.BOUNCED
    assert list(Address.objects.exclude(suppression="").values_list("pk", "suppression")) == [(one.pk, "bounced")]
    assert Incoming.objects.count() == 0


def test_an_answer_for_each_recipient_and_none_for_strangers(door, sent):
    send, (one, other, third) = sent
    real, forged = to(send, one), to(send, other).replace("b-", "b-a", 1)
    wrong = f"b-{'a' * 24}@{DOMAIN}"
    strangers = [wrong, forged, f"nobody@{DOMAIN}", "b-x@elsewhere.example", to(send, one).replace(DOMAIN, "x.example")]

    answers, after = talk(door, [real.upper(), *strangers, to(send, third)], made(POSTFIX, to=real, **HARD))

    assert answers == [250, 550, 550, 550, 550, 550, 250]
    assert [code for code, _ in after] == [250, 250]
    assert Incoming.objects.count() == 2


def test_a_stranger_alone_may_not_even_send(door, ledger):
    assert talk(door, [f"b-{'z' * 24}@{DOMAIN}"], b"")[0] == [550]


def test_the_same_message_twice_is_kept_once(door, sent):
    send, (one, *_) = sent
    content = made(POSTFIX, to=to(send, one), **HARD)

    for _ in range(3):
        talk(door, [to(send, one)], content)

    assert Incoming.objects.count() == 1


@pytest.mark.parametrize("action", ["delayed", "relayed"])
def test_a_delay_does_nothing(door, sent, action):
    send, (one, *_) = sent
    talk(door, [to(send, one)], made(POSTFIX, to="x", action=action, status="4.4.1", reply="451 4.4.1 later"))

    store.read_all()

    assert states(send) == {State.HANDED_OVER: 3}
    assert Incoming.objects.count() == 0


def test_an_answering_machine_leaves_nothing(door, sent):
    send, (one, *_) = sent
    talk(door, [to(send, one)], made(AWAY, to="x"))

    store.read_all()

    assert Incoming.objects.count() == 0


def test_what_cannot_be_read_is_kept_and_holds_nothing_up(door, sent):
    send, (one, other, _) = sent
    talk(door, [to(send, one)], b"Content-Type: multipart/report; boundary=\xff\r\n\r\n\0\0\r\n")
    talk(door, [to(send, other)], made(POSTFIX, to="x", **HARD))

    store.read_all()

    assert Incoming.objects.get().problem == "It is no report of a mail system."
    assert states(send)[State.FAILED] == 1
    assert store.read_all() == 0


def test_a_mailbox_that_breaks_holds_nothing_up(sent, monkeypatch):
    def breaks(rest: str, content: bytes, at: object) -> str:
        raise UnicodeError("somebody@home.example")

    monkeypatch.setitem(hooks.mailboxes._items, "broken", hooks.Mailbox(lambda rest: True, breaks))
    store.keep([f"broken-1@{DOMAIN}"], b"x")

    store.read_all()

    assert Incoming.objects.get().problem == "It could not be read (UnicodeError)."


def test_a_complaint_is_the_address_s_last(door, sent):
    send, (one, *_) = sent
    content = made(COMPLAINT, address="x", kind="abuse", mail_from=to(send, one), return_path="a@b")
    talk(door, [f"complaints@{DOMAIN}"], content)

    store.read_all()

    assert Delivery.objects.get(send=send, address=one).reason == Reason.COMPLAINED
    assert Address.objects.get(pk=one.pk).suppression == "complained"


def test_a_complaint_about_a_forged_message_stops_nobody(door, sent):
    send, _ = sent
    content = made(COMPLAINT, address="x", kind="abuse", mail_from=f"b-{'a' * 24}@{DOMAIN}", return_path="a@b")
    talk(door, [f"complaints@{DOMAIN}"], content)

    store.read_all()

    assert states(send) == {State.HANDED_OVER: 3}
    assert Incoming.objects.get().problem == "It names no message of ours."


def test_too_large_is_said_for_each_recipient(door, sent, monkeypatch):
    send, (one, other, _) = sent
    monkeypatch.setattr(store, "LARGEST", 50_000)

    _, after = talk(door, [to(send, one), to(send, other)], b"Subject: x\r\n\r\n" + b"y" * 500 + b"\r\n" * 60_000)

    assert [code for code, _ in after] == [552, 552]
    assert Incoming.objects.count() == 0


def test_too_large_is_said_before_it_is_sent(door, ledger):
    with smtplib.LMTP(door, 0) as client:
        client.ehlo()
        assert client.docmd("MAIL FROM:<>", f"SIZE={store.LARGEST + 1}")[0] == 552


def test_fifty_megabytes_are_refused_and_never_held(door, sent):
    """In one endless line, which is the worst of it."""
    send, (one, *_) = sent
    megabyte = b"x" * 1_000_000
    tracemalloc.start()
    try:
        with smtplib.LMTP(door, 0, timeout=120) as client:
            client.ehlo_or_helo_if_needed()
            client.mail("")
            client.rcpt(to(send, one))
            client.putcmd("data")
            client.getreply()
            for _ in range(50):
                client.send(megabyte)
            client.send(b"\r\n.\r\n")
            answer, peak = client.getreply()[0], tracemalloc.get_traced_memory()[1]
            assert client.noop()[0] == 250  # and the conversation goes on
    finally:
        tracemalloc.stop()

    assert answer == 552
    assert peak < 3 * store.LARGEST
    assert Incoming.objects.count() == 0


def test_dots_and_lines_arrive_as_they_were(door, sent):
    send, (one, *_) = sent
    content = b"Subject: x\r\n\r\n.\r\n..two\r\n.three" + b"." * 70_000 + b"\r\n.last"

    talk(door, [to(send, one)], b"\r\n" + content)

    kept = bytes(Incoming.objects.get().content)
    assert kept == b"Return-Path: <>\r\n\r\n" + content + b"\r\n"


def test_without_a_database_the_mail_server_keeps_it(door, sent, monkeypatch):
    """Its connection is cut by the server. With the server itself stopped: test_lmtp_restart."""
    send, (one, other, _) = sent
    keep = store.keep

    def away(*given: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        keep(*given)

    monkeypatch.setattr(store, "keep", away)
    _, after = talk(door, [to(send, one), to(send, other)], made(POSTFIX, to="x", **HARD))
    assert [code for code, _ in after] == [451, 451]

    monkeypatch.setattr(store, "keep", keep)
    _, after = talk(door, [to(send, one), to(send, other)], made(POSTFIX, to="x", **HARD))
    assert [code for code, _ in after] == [250, 250]
    assert Incoming.objects.count() == 2


def test_what_was_kept_and_not_read_is_read_again(sent):
    """A worker dies in the middle: the transaction goes with it, and the next one begins anew."""
    send, (one, *_) = sent
    store.keep([to(send, one)], made(POSTFIX, to="x", **HARD))

    class Died(BaseException):
        pass

    def die(rest: str, content: bytes, at: object) -> str:
        raise Died

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(hooks.mailboxes._items, "b-", hooks.Mailbox(lambda rest: True, die))
        with pytest.raises(Died):
            store.read_all()
    assert Incoming.objects.count() == 1

    store.read_all()
    assert states(send)[State.FAILED] == 1


# Answers ----------------------------------------------------------------------------------------------------------


def test_an_answer_comes_by_lmtp_into_its_conversation(door, ledger):
    world = support.make_world()
    message = support.mail("I saw a red van.\n\nOn Fri, Elm Bridge team wrote:\n> Tools were taken")
    for _ in range(2):  # a mail server that heard no answer comes again
        with smtplib.LMTP(door, 0) as client:
            assert client.sendmail(support.EMAIL, [world.reply_to.upper()], message.as_bytes()) == {}
    with smtplib.LMTP(door, 0) as client:
        client.ehlo_or_helo_if_needed()
        client.mail(support.EMAIL)
        altered = world.reply_to.replace("reply+", "reply+1")
        assert client.rcpt(altered)[0] == 550

    assert store.read_all() == 1

    assert support.said() == [("email", "I saw a red van.")]
    assert support.kept() == [("taken", "")]


def test_too_many_answers_are_to_come_again_later(door, ledger, monkeypatch):
    world = support.make_world()
    mailbox = hooks.mailboxes["reply+"]
    monkeypatch.setitem(hooks.mailboxes._items, "reply+", mailbox._replace(most_an_hour=1))
    answers = []
    for number in range(2):
        with smtplib.LMTP(door, 0) as client:
            try:
                client.sendmail(support.EMAIL, [world.reply_to], support.mail(number=number).as_bytes())
                answers.append(250)
            except smtplib.SMTPDataError as refused:
                answers.append(refused.smtp_code)
    assert answers == [250, 452]


# The maildir ------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    for part in ("new", "cur", "tmp"):
        (tmp_path / "Maildir" / part).mkdir(parents=True)
    settings.PEELIAN_MAILDIR = str(tmp_path / "Maildir")
    return tmp_path / "Maildir"


def test_a_maildir_is_emptied(sent, folder):
    send, (one, other, _) = sent
    first = b"Delivered-To: catchall@host.example\r\nX-Original-To: %s\r\n" % to(send, one).encode()
    (folder / "new" / "1.a").write_bytes(first + made(POSTFIX, to="x", **HARD))
    second = b"Delivered-To: %s\r\n" % to(send, other).encode()
    (folder / "cur" / "2.a:2,S").write_bytes(second + made(POSTFIX, to="x", **HARD))
    (folder / "tmp" / "3.a").write_bytes(b"half of it")

    assert maildir.pull() == 2
    store.read_all()

    assert states(send) == {State.HANDED_OVER: 1, State.FAILED: 2}
    assert sorted(path.name for path in folder.rglob("*.a*")) == ["3.a"]


def test_what_is_not_kept_stays_in_the_maildir(sent, folder, monkeypatch):
    send, (one, *_) = sent
    (folder / "new" / "1.a").write_bytes(b"Delivered-To: %s\r\n\r\nx" % to(send, one).encode())

    def away(*given: object, **more: object) -> None:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(store, "keep", away)
        with pytest.raises(OperationalError):
            maildir.pull()

    assert (folder / "new" / "1.a").exists()
    assert maildir.pull() == 1


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        (b"Subject: x\r\n", "It names no address of ours."),
        (b"Delivered-To: b-forged@" + DOMAIN.encode() + b"\r\n", "It names no address of ours."),
        (b"\xff\xfe\0\0", "It names no address of ours."),
    ],
)
def test_strange_files_are_kept_as_problems(ledger, folder, head, problem):
    (folder / "new" / "1.a").write_bytes(head + b"\r\nwords")

    assert maildir.pull() == 1

    assert Incoming.objects.get().problem == problem
    Incoming.objects.all().delete()


def test_what_is_too_large_is_kept_aside_by_its_beginning(ledger, folder):
    (folder / "new" / "1.a").write_bytes(b"Subject: " + b"x" * (store.LARGEST + 5) + b"\r\nwords")

    assert maildir.pull() == 1

    found = Incoming.objects.get()
    assert (found.recipient, found.problem, len(found.content)) == ("aside:It is too large.", "", store.HEADER_KEPT)
    Incoming.objects.all().delete()


def test_a_maildir_waits_for_an_address_that_gets_too_much(ledger, folder, monkeypatch):
    monkeypatch.setitem(hooks.mailboxes._items, "few-", hooks.Mailbox(lambda rest: True, lambda *_: "", most_an_hour=1))
    for number in range(3):
        (folder / "new" / f"{number}.a").write_bytes(b"Delivered-To: few-1@%s\r\n\r\n%d" % (DOMAIN.encode(), number))

    assert maildir.pull() == 1
    assert len(list((folder / "new").iterdir())) == 2
    Incoming.objects.all().delete()


def test_a_maildir_holds_only_plain_files(ledger, folder):
    (folder / "new" / "1.a").symlink_to("/etc/passwd")
    (folder / "new" / "2.a").mkdir()

    assert maildir.pull() == 0
