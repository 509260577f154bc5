"""SendGrid as its API reference describes it: POST /v3/mail/send, GET /v3/scopes."""

import json

from peelian.delivery.carriers.base import Fate
from peelian.delivery.carriers.tests.faking import Asked, Reply

KEY = "SG.aBcD.eFgH"
NAME = "SendGrid"
URL = f"sendgrid://{KEY}?api="


def answer(asked: Asked) -> Reply:
    if asked.headers.get("authorization") != f"Bearer {KEY}":
        return Reply(401, {"errors": [{"message": "The provided authorization grant is invalid, expired, or revoked"}]})
    if asked.path == "/v3/scopes":
        return Reply(200, {"scopes": ["mail.send"]})
    if asked.path != "/v3/mail/send":
        return Reply(404, {"errors": [{"message": "not found"}]})
    to = json.loads(asked.body)["personalizations"][0]["to"][0]["email"]
    if to.startswith("odd"):
        where = "personalizations.0.to.0.email"
        return Reply(400, {"errors": [{"message": "Does not contain a valid address.", "field": where, "help": None}]})
    if to.startswith("unsigned"):
        said = "The from address does not match a verified Sender Identity."
        return Reply(403, {"errors": [{"message": said, "field": "from", "help": None}]})
    return Reply(202, "", {"X-Message-Id": "14c5d75ce93"})


FAULTS = [(Reply(500, {"errors": []}), Fate.LATER), (Reply(413, "{"), Fate.REFUSED)]
