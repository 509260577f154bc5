"""Twilio as its documentation describes it: Messages.json and Calls.json of an account, with basic authentication."""

import base64
from urllib.parse import parse_qs

from peelian.delivery.carriers.tests.faking import Asked, Reply

SID, TOKEN, FROM = "AC0123456789abcdef", "hush-token", "+441632960000"
URL = f"twilio://{SID}:{TOKEN}@/?from={FROM}&api="
_BASIC = "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
CODES = {"0001": 21211, "0002": 21614, "0003": 21610, "0004": 21606, "0005": 21617}


def error(status: int, code: int) -> Reply:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Reply(status, {"code": code, "message": "no", "more_info": more, "status": status})


def form_of(asked: Asked) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}


def answer(asked: Asked) -> Reply:
    account = f"/2010-04-01/Accounts/{SID}"
    if asked.headers.get("authorization") != _BASIC:
        return error(401, 20003)
    if asked.path == f"{account}.json":
        return Reply(200, {"sid": SID, "status": "active", "type": "Full"})
    if asked.path not in (f"{account}/Messages.json", f"{account}/Calls.json"):
        return error(404, 20404)
    to = form_of(asked)["To"]
    if code := CODES.get(to[-4:]):
        return error(400, code)
    call = asked.path.endswith("Calls.json")
    return Reply(201, {"sid": "CA1" if call else "SM1", "status": "queued", "to": to, "error_code": None})
