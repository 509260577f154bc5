"""GOV.UK Notify as its REST API documentation describes it: texts, their list by reference, templates."""

import json
from urllib.parse import parse_qs, urlsplit

import jwt

from peelian.delivery.carriers.tests.faking import Asked, Reply

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
KEY = f"peelian-{SERVICE}-{SECRET}"
URL = f"notify://{KEY}?template={TEMPLATE}&callback=bearer-token&api="
ID = "740e5834-3a29-46b4-9a6f-16142fde533a"


def error(status: int, kind: str, said: str = "no") -> Reply:
    return Reply(status, {"status_code": status, "errors": [{"error": kind, "message": said}]})


class Notify:
    def __init__(self) -> None:
        self.kept: list[dict] = []
        self.body, self.type = "((message))", "sms"

    def __call__(self, asked: Asked) -> Reply:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        try:
            assert jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})["iss"] == SERVICE
        except jwt.InvalidTokenError:
            return error(403, "AuthError", "Invalid token: API key not found")
        where = urlsplit(asked.path)
        if where.path == f"/v2/template/{TEMPLATE}":
            return Reply(200, {"id": TEMPLATE, "type": self.type, "version": 1, "body": self.body})
        if where.path.startswith("/v2/template/"):
            return error(404, "NoResultFound", "No result found")
        if asked.method == "GET" and where.path == "/v2/notifications":
            wanted = parse_qs(where.query)["reference"][0]
            found = [one for one in self.kept if one["reference"] == wanted]
            return Reply(200, {"notifications": found, "links": {"current": "/v2/notifications"}})
        return self.send(json.loads(asked.body)) if where.path == "/v2/notifications/sms" else Reply(404)

    def send(self, order: dict) -> Reply:
        number = order["phone_number"]
        if number.endswith("0001"):
            return error(400, "ValidationError", "phone_number Not a UK mobile number")
        if number.endswith("0002"):
            return error(400, "BadRequestError", "Can't send to this recipient when service is in trial mode")
        content = {"body": order["personalisation"]["message"], "from_number": "PEELIAN"}
        self.kept.append({"id": ID, "reference": order["reference"], "status": "sending", "type": "sms"})
        return Reply(201, {"id": ID, "reference": order["reference"], "content": content, "template": {"id": TEMPLATE}})
