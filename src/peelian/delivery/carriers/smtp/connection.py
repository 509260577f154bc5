"""One SMTP connection that hands over messages: a state machine driven by the server's replies.

A connection pulls its work: it asks its owner for the next message whenever it could begin one. Where
PIPELINING is offered, one write carries a message's body, its closing dot and the next message's MAIL, RCPT
and DATA.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import deque
from typing import Any, Final, Protocol, cast

from peelian.delivery.carriers.smtp.channel import CLOSING, NOT_SMTP, Limits, SmtpChannel
from peelian.delivery.carriers.smtp.url import SmtpSettings
from peelian.delivery.carriers.smtp.wire import (
    DATA,
    DOT,
    ENVELOPE,
    MAIL,
    PERMIT,
    RCPT,
    CannotSend,
    Envelope,
    Kind,
    Outcome,
    commands,
    from_reply,
    stuffed,
)

RSET: Final = "rset"
LONE_DOT: Final = "lone dot"
PERMIT_LASTS = 1.0  # seconds a permit may be old when the body goes out; recall promises two
GOODBYE_TAKES = 2.0  # seconds we wait for the answer to QUIT
# What a pipelining server owes us while it has one message and is told of the next; and its usual answer to all that
_BETWEEN: Final = deque((DOT, MAIL, RCPT, DATA))
_ALL_WELL: Final = re.compile(rb"(?:2\d\d [^\n]*\n){3}354 [^\n]*\n").fullmatch


class Job:
    """An envelope on its way, with what was already said about it."""

    __slots__ = ("envelope", "mail", "permitted_at", "rcpt", "rcpt_refused", "refusal", "run", "tried")

    def __init__(self, envelope: Envelope, run: Any) -> None:
        self.envelope, self.run = envelope, run
        self.permitted_at = 0.0  # when its run said last that it was wanted
        self.mail = self.rcpt = b""
        self.refusal: Outcome | None = None
        self.rcpt_refused = False
        self.tried = False  # a used connection went away under it before its body was sent


class Owner(Protocol):
    """What a connection needs from the pool."""

    def next_job(self, connection: SmtpConnection) -> Job | None: ...
    def done(self, job: Job, outcome: Outcome) -> None: ...
    def again(self, job: Job) -> None: ...
    def resting(self, connection: SmtpConnection) -> None: ...
    def gone(self, connection: SmtpConnection) -> None: ...


class SmtpConnection(SmtpChannel):
    """`connect()`; with an owner, `wake()` makes it work until there is nothing left; `leave()`."""

    def __init__(
        self,
        settings: SmtpSettings,
        *,
        limits: Limits | None = None,
        tls_context: ssl.SSLContext | None = None,
        owner: Owner | None = None,
    ) -> None:
        super().__init__(settings, limits or Limits(), tls_context)
        self.finished = 0  # messages this connection got an answer for
        self._owner = owner
        self._awaiting: deque[str] = deque()
        self._job: Job | None = None  # its MAIL, RCPT, DATA are under way
        self._sent: Job | None = None  # its closing dot is written, the reply not yet seen
        self._taken = 0
        self._deadline = 0.0
        self._reset_needed = False
        self._steps = {
            MAIL: self._on_mail,
            RCPT: self._on_rcpt,
            DATA: self._on_data,
            DOT: self._on_dot,
            RSET: self._on_rset,
            LONE_DOT: self._on_rset,
        }

    @property
    def unused(self) -> bool:
        """Whether it never had a message."""
        return self._taken == 0

    # Messages.

    def wake(self) -> None:
        """Take the next message, leave at the agreed number of messages, or rest until woken."""
        if self._over:
            return
        if self._reset_needed and not self.features.pipelining:
            self._write(b"RSET\r\n", RSET)
            return
        opening = self._open_next()
        if opening:
            self._transport_write(opening)
            self._deadline = self._loop.time() + self._limits.command
        elif self._taken >= self._limits.messages:
            self.leave()
        else:
            self._deadline = self._loop.time() + self._limits.idle
            cast(Owner, self._owner).resting(self)

    def _open_next(self) -> bytes:
        """The first commands of the next message, noted as awaited; empty where there is none to begin."""
        owner = cast(Owner, self._owner)
        while self._taken < self._limits.messages and (job := owner.next_job(self)):
            try:
                job.mail, job.rcpt = commands(job.envelope, self.features)
            except CannotSend as why:
                owner.done(job, _refused_here(job, why))
                continue
            self._job = job
            self._taken += 1
            if not self.features.pipelining:
                self._awaiting.append(MAIL)
                return job.mail
            opening = job.mail + job.rcpt + b"DATA\r\n"
            if self._reset_needed:
                self._reset_needed = False
                self._awaiting.append(RSET)
                opening = b"RSET\r\n" + opening
            self._awaiting.extend((MAIL, RCPT, DATA))
            return opening
        return b""

    def _send_body(self, job: Job) -> None:
        """One write: this body, its dot, and where the server takes them early the next commands."""
        self._job, self._sent = None, job
        self._awaiting.append(DOT)
        self._deadline = self._loop.time() + self._limits.data
        opening = self._open_next() if self.features.pipelining else b""
        self._transport_write(b"".join((stuffed(job.envelope.data), b".\r\n", opening)))

    def _write(self, line: bytes, stage: str) -> None:
        self._awaiting.append(stage)
        self._deadline = self._loop.time() + self._limits.command
        self._transport_write(line)

    def _transport_write(self, data: bytes) -> None:
        cast(asyncio.Transport, self._transport).write(data)

    # Replies: the usual ones in one look, else one method for each thing that was said.

    def data_received(self, data: bytes) -> None:
        if self._awaiting == _BETWEEN and _ALL_WELL(data) and not (self._over or self._partial or self._lines):
            self._awaiting.clear()
            self._on_dot(int(data[:3]), b"")
            if self._job is not None:  # whoever was told may have hung up
                self._permitted_body(self._job)
        else:
            super().data_received(data)

    def _on_mail(self, code: int, text: bytes) -> None:
        job = cast(Job, self._job)
        if code // 100 == 2:
            if not self.features.pipelining:
                self._write(job.rcpt, RCPT)
            return
        job.refusal = from_reply(job.envelope.key, code, text, MAIL)
        if not self.features.pipelining:
            self._finish(job.refusal)
            self.wake()

    def _on_rcpt(self, code: int, text: bytes) -> None:
        job = cast(Job, self._job)
        if code // 100 == 2:
            if not self.features.pipelining:
                self._write(b"DATA\r\n", DATA)
            return
        job.rcpt_refused = True
        job.refusal = job.refusal or from_reply(job.envelope.key, code, text, RCPT)
        if not self.features.pipelining:
            self._reset_needed = True
            self._finish(job.refusal)
            self.wake()

    def _on_data(self, code: int, text: bytes) -> None:
        """354 or a refusal. After a refused RCPT 354 may come too and asks for a lone dot (RFC 2920, 3.1)."""
        job = cast(Job, self._job)
        if code == 354:
            if job.refusal is None:
                self._permitted_body(job)
            elif job.rcpt_refused:
                self._finish(job.refusal)
                self._write(b".\r\n", LONE_DOT)
            else:  # sender refused, yet the rest taken: a lone dot would deliver an empty message
                self.abort("The mail server contradicted itself.")
            return
        self._reset_needed = True
        self._finish(job.refusal or from_reply(job.envelope.key, code, text, DATA))
        self.wake()

    def _on_dot(self, code: int, text: bytes) -> None:
        job, self._sent = cast(Job, self._sent), None
        self.finished += 1
        cast(Owner, self._owner).done(job, from_reply(job.envelope.key, code, text, DOT))
        if self._job is None and not self._over:
            self.wake()

    def _on_rset(self, code: int, text: bytes) -> None:
        self._reset_needed = False
        if self._job is None:
            self.wake()

    def _finish(self, outcome: Outcome) -> None:
        job, self._job = cast(Job, self._job), None
        self.finished += 1
        cast(Owner, self._owner).done(job, outcome)

    def _permitted_body(self, job: Job) -> None:
        """Send the body, asking once more where the permit has grown old while the server took its time."""
        if self._loop.time() - job.permitted_at <= PERMIT_LASTS or job.run.wanted():
            self._send_body(job)
        else:  # inside DATA the only way out that sends nothing is to hang up
            self._finish(not_permitted(job.envelope))
            self.abort()

    # Endings.

    def leave(self) -> None:
        """Say QUIT and let go; for a connection with nothing under way."""
        if self._over:
            return
        self._over = True
        transport = cast(asyncio.Transport, self._transport)
        transport.write(b"QUIT\r\n")
        self._loop.call_later(GOODBYE_TAKES, transport.abort)
        if self._owner is not None:
            self._owner.gone(self)

    def check(self, now: float) -> None:
        """Called now and then: hang up where the server has kept us waiting, leave where nobody has work."""
        if now < self._deadline or self._over:
            return
        if self._job is None and self._sent is None and not self._awaiting:
            self.leave()
        else:
            self.abort("The mail server did not answer in time.")

    def abort(self, why: str = "", *, lost: bool = False, code: int = 0, text: bytes = b"") -> None:
        """Hang up. What was under way gets its outcome: unknown once its closing dot may have left us."""
        if self._over:
            return
        super().abort(why)
        if self._owner is None:
            return
        sent, job, self._sent, self._job = self._sent, self._job, None, None
        if sent is not None:
            kind = Kind.TRY_LATER if self._stuck else Kind.UNKNOWN
            self._owner.done(sent, Outcome(sent.envelope.key, kind, 0, "", why, DOT))
        if job is not None and lost and self.finished and job.refusal is None and not job.tried:
            job.tried = True
            self._owner.again(job)
        elif job is not None:
            stage = self._awaiting[0] if self._awaiting else DATA
            failed = from_reply(job.envelope.key, code, text or why.encode(), stage)
            self._owner.done(job, job.refusal or failed._replace(kind=Kind.TRY_LATER))
        self._owner.gone(self)

    def _closing(self, stage: str, text: bytes) -> None:
        """421: the server leaves. A message that finds it leaving on a used connection gets another one."""
        if stage == DOT:  # an answer all the same: the message was not taken
            job, self._sent = cast(Job, self._sent), None
            cast(Owner, self._owner).done(job, from_reply(job.envelope.key, 421, text, DOT))
        else:
            self._awaiting.appendleft(stage)
        self.abort(CLOSING, code=421, text=text, lost=True)

    def _on_reply(self, code: int, text: bytes) -> None:
        if not self._awaiting:
            super()._on_reply(code, text)
            return
        stage = self._awaiting.popleft()
        if code == 421:
            self._closing(stage, text)
        elif code >= 400 or (code == 354 if stage is DATA else code < 300):
            self._deadline = self._loop.time() + self._limits.command
            self._steps[stage](code, text)
        else:
            self._awaiting.appendleft(stage)
            self.abort(NOT_SMTP)


def not_permitted(envelope: Envelope) -> Outcome:
    """The outcome of an envelope whose permit was refused: nothing of it was delivered."""
    return Outcome(envelope.key, Kind.TRY_LATER, 0, "", "Stopped before it was handed over.", PERMIT)


def _refused_here(job: Job, why: CannotSend) -> Outcome:
    return Outcome(job.envelope.key, Kind.REFUSED_FOR_GOOD, why.code, why.enhanced, why.text, ENVELOPE)
