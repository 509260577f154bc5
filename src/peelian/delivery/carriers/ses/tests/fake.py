"""Amazon SES as its API reference (version 2) describes it: POST /v2/email/outbound-emails, GET /v2/email/account."""

import base64
import json

from peelian.delivery.carriers.base import Fate
from peelian.delivery.carriers.tests.faking import Asked, Reply

KEY_ID = "AKIAPEELIAN"
TOPIC = "arn:aws:sns:eu-west-2:123456789012:peelian-mail"
NAME = "Amazon SES"
URL = f"ses://{KEY_ID}:se%2Fcret@eu-west-2?topic={TOPIC}&configuration=peelian&api="


def error(status: int, kind: str, said: str = "no") -> Reply:
    return Reply(status, {"message": said}, {"x-amzn-ErrorType": kind, "x-amzn-RequestId": "r-1"})


def answer(asked: Asked) -> Reply:
    if f"Credential={KEY_ID}/" not in asked.headers.get("authorization", ""):
        return error(403, "UnrecognizedClientException", "The security token included in the request is invalid.")
    if asked.path == "/v2/email/account":
        return Reply(200, {"SendingEnabled": True, "ProductionAccessEnabled": True})
    if asked.path != "/v2/email/outbound-emails":
        return error(404, "NotFoundException")
    to = json.loads(asked.body)["Destination"]["ToAddresses"][0]
    if to.startswith("odd"):
        return error(400, "BadRequestException", "Missing final '@domain'")
    if to.startswith("paused"):
        return error(400, "SendingPausedException")
    return Reply(200, {"MessageId": "010b0190-1111-2222-3333-444444444444-000000"})


def sent(asked: Asked) -> bytes:
    return base64.b64decode(json.loads(asked.body)["Content"]["Raw"]["Data"])


FAULTS = [
    (error(429, "TooManyRequestsException"), Fate.LATER),
    (error(400, "LimitExceededException"), Fate.LATER),
    (error(400, "MessageRejected"), Fate.LATER),
    (error(403, "SignatureDoesNotMatch"), Fate.UNREACHABLE),
    (error(400, "MailFromDomainNotVerifiedException"), Fate.UNREACHABLE),
    (error(500, "InternalFailure"), Fate.LATER),
    (Reply(200, '{"MessageId'), Fate.UNKNOWN),
]
