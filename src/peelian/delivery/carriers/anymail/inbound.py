"""Emails that a carrier takes in for us and posts here, read by django-anymail's views into what they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.encoders import encode_base64
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32, default
from email.utils import parseaddr
from typing import Any, NamedTuple

from anymail.exceptions import AnymailConfigurationError, AnymailError, AnymailWebhookValidationFailure
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from peelian.delivery.receipts import BadSignature, Unreadable

MOST_LINES = 700_000  # of a form: a parser needs a moment for each
MOST_FIELDS = 500  # of a form: a message with as many files is none


class Came(NamedTuple):
    """An email as it came: `content` is RFC 5322, `sender` and `recipients` are those of its envelope."""

    recipients: tuple[str, ...]
    content: bytes
    sender: str


class NotWhole(Exception):
    """It is signed, and could not be taken apart: a person has to see it."""


# The bytes of an event's message, where the carrier gives them as they were; None where only its parts are there
RawOf = Callable[[Any], bytes | None]


def emails(view: Any, request: HttpRequest, raw_of: RawOf, recipients_of: Callable[[Any], list[str]]) -> list[Came]:
    """The emails of a request whose signature the view has checked. Raises BadSignature, Unreadable, NotWhole."""
    try:
        _read_form(request)
        view.run_validators(request)
    except AnymailWebhookValidationFailure:
        raise BadSignature from None
    except (AnymailError, ValueError, KeyError, TypeError, AttributeError):
        raise Unreadable from None
    try:
        return [_came(event, raw_of, recipients_of) for event in view.parse_events(request)]
    except AnymailConfigurationError:  # another kind of webhook was pointed here
        raise Unreadable from None
    except (AnymailError, MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError) as problem:
        raise NotWhole from problem


def _came(event: Any, raw_of: RawOf, recipients_of: Callable[[Any], list[str]]) -> Came:
    message = event.message
    given = [*recipients_of(event), str(message.envelope_recipient or "")]
    addresses = [parseaddr(one)[1] for one in given if one and "\n" not in one]
    content = raw_of(event) or _put_together(message)
    return Came(tuple(dict.fromkeys(one for one in addresses if one)), content, str(message.envelope_sender or ""))


def _put_together(message: Message) -> bytes:
    """An email out of its parts. Files that were given as bytes are written in base64: as they are, a line end in one
    would become another. So are header fields that somebody wrote in letters beyond ASCII, as encoded words."""
    for part in message.walk():
        if not part.is_multipart() and part.get("Content-Transfer-Encoding") is None:
            encode_base64(part)
    try:
        return message.as_bytes()
    except UnicodeEncodeError:
        return message.as_bytes(policy=default.clone(refold_source="all"))


def plain(request: HttpRequest, body: bytes) -> HttpRequest:
    """The same request with its body read, of any size that the door has let in. Its form is read later, by whom the
    headers did not tell already that it is nobody's."""
    asked = HttpRequest()
    asked.META, asked.method, asked.content_type = request.META, request.method, request.content_type
    asked.path, asked.encoding = request.path, request.encoding or "utf-8"
    asked._body = body
    return asked


def _read_form(request: HttpRequest) -> None:
    """Django's own reader of forms stops at the size that is enough for a page's; an email is a larger field."""
    kept: Any = request
    if request.content_type == "application/x-www-form-urlencoded":
        kept.POST = QueryDict(request.body, encoding="utf-8")
    elif request.content_type == "multipart/form-data":
        fields, files = QueryDict(mutable=True, encoding="utf-8"), MultiValueDict[str, Any]()
        for name, part, content in _parts(request):
            if (file := part.get_filename()) is not None:
                files.appendlist(name, SimpleUploadedFile(str(file) or "file", content, part.get_content_type()))
            else:
                fields.appendlist(name, content.decode("utf-8", "replace"))
        kept.POST, kept.FILES = fields, files


def _parts(request: HttpRequest) -> Iterator[tuple[str, Message, bytes]]:
    """The fields of a form (RFC 7578), read as the MIME that it is, each in the bytes that were sent."""
    if request.body.count(b"\n") > MOST_LINES:
        raise Unreadable
    head = f"Content-Type: {request.META.get('CONTENT_TYPE', '')}\r\n\r\n".encode("latin-1", "replace")
    parts = BytesParser(policy=compat32).parsebytes(head + request.body).get_payload()
    if not isinstance(parts, list) or len(parts) > MOST_FIELDS:
        raise Unreadable
    for part in parts:
        if isinstance(part, Message):
            content = part.get_payload(decode=True)
            name = str(part.get_param("name", "", header="content-disposition"))
            yield name, part, content if isinstance(content, bytes) else b""


def field_bytes(request: HttpRequest, name: str) -> bytes | None:
    """A field of a form in the bytes that were sent, whatever character set they are in."""
    if request.content_type != "multipart/form-data":
        value = request.POST.get(name)
        return value.encode("utf-8", "replace") if value is not None else None
    found = (content for given, part, content in _parts(request) if given == name and part.get_filename() is None)
    return next(found, None)
