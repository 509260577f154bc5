"""Postmark as its developer documentation describes it: POST /email, GET /server, answers and error codes."""

import json

from peelian.delivery.carriers.base import Fate
from peelian.delivery.carriers.tests.faking import Asked, Reply

TOKEN = "6f2b6c0e-0000-4000-8000-aaaaaaaaaaaa"
NAME = "Postmark"
URL = f"postmark://{TOKEN}?webhook=hook-secret&stream=broadcast&api="


def answer(asked: Asked) -> Reply:
    if asked.headers.get("x-postmark-server-token") != TOKEN:
        return Reply(401, {"ErrorCode": 10, "Message": "The Server Token you provided was invalid."})
    if asked.path == "/server":
        return Reply(200, {"ID": 1, "Name": "Peelian", "DeliveryType": "Live"})
    if asked.path != "/email":
        return Reply(404, {"ErrorCode": 1, "Message": "Not found"})
    to = json.loads(asked.body)["To"]
    if to.startswith("gone"):
        return Reply(
            422,
            {
                "ErrorCode": 406,
                "Message": "You tried to send to recipient(s) that have been marked as inactive.\n"
                f"Found inactive addresses: {to}.\nInactive recipients are ones that have generated a hard bounce,"
                " a spam complaint, or a manual suppression.",
            },
        )
    if to.startswith("odd"):
        return Reply(422, {"ErrorCode": 300, "Message": f"Invalid 'To' address: '{to}x'."})
    if to.startswith("unsigned"):
        return Reply(422, {"ErrorCode": 400, "Message": "The 'From' address is not a Sender Signature."})
    return Reply(
        200,
        {
            "To": to,
            "SubmittedAt": "2026-11-20T10:00:00.0000000Z",
            "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817",
            "ErrorCode": 0,
            "Message": "OK",
        },
    )


FAULTS = [(Reply(500, {"ErrorCode": 0}), Fate.LATER), (Reply(200, "{"), Fate.UNKNOWN)]
