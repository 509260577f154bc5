"""Mailgun as its documentation describes it: POST /v3/DOMAIN/messages.mime with basic authentication."""

import base64
import email
import email.policy

from peelian.delivery.carriers.base import Fate
from peelian.delivery.carriers.tests.faking import Asked, Reply

KEY, DOMAIN, SIGNING = "key-3ax6xnjp29jd6fds4gc373sgvjxteol0", "now.peelian.example", "signing-key"
NAME = "Mailgun"
URL = f"mailgun://{KEY}@{DOMAIN}?webhook={SIGNING}&api="
_BASIC = "Basic " + base64.b64encode(f"api:{KEY}".encode()).decode()


def answer(asked: Asked) -> Reply:
    if asked.headers.get("authorization") != _BASIC:
        return Reply(401, "Forbidden", {"Content-Type": "text/plain"})
    if asked.path != f"/v3/{DOMAIN}/messages.mime":
        return Reply(404, {"message": "Domain not found: other.example"})
    form = form_of(asked)
    if "to" not in form:
        return Reply(400, {"message": "to parameter is missing"})
    if b"odd" in form["to"]:
        return Reply(400, {"message": "'to' parameter is not a valid address. please check documentation"})
    return Reply(200, {"id": "<20261120100000.1.ABC@now.peelian.example>", "message": "Queued. Thank you."})


def form_of(asked: Asked) -> dict[str, bytes]:
    """The fields of multipart/form-data, byte for byte."""
    kind = asked.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return {}
    boundary = email.message_from_string(f"Content-Type: {kind}\n\n").get_param("boundary")
    fields = {}
    for part in asked.body.split(f"--{boundary}".encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = email.message_from_bytes(head, policy=email.policy.default)["Content-Disposition"].params["name"]
        fields[name] = content.removesuffix(b"\r\n")
    return fields


FAULTS = [
    (Reply(500, {"message": "Internal error"}), Fate.LATER),
    (Reply(404, {"message": "Domain not found: now.peelian.example"}), Fate.UNREACHABLE),
    (Reply(200, "Mailgun Magnificent API"), Fate.UNKNOWN),
    (Reply(200, '{"id": '), Fate.UNKNOWN),
]
