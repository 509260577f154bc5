"""A program that asks /api/v1/ in a test."""

import json
from datetime import timedelta

from django.test import Client

from peelian.accounts.models import Staff
from peelian.api import actions
from peelian.core import clock

EVERYTHING = ["alerts:read", "alerts:write", "conversations:read", "conversations:answer"]


def token_for(staff, *scopes, days=30):
    given = {"name": "Test", "scopes": scopes or EVERYTHING, "expires_on": clock.today() + timedelta(days=days)}
    return actions.make_token(staff=staff, by=staff, **given)


class Program:
    """What asks: with the token of a member of staff, or without."""

    def __init__(self, staff: Staff | None = None, *scopes: str) -> None:
        self.token, secret = token_for(staff, *scopes) if staff else (None, "")
        self.client = Client(headers={"Authorization": f"Bearer {secret}"} if staff else {})

    def get(self, path, status=200, headers=None, **query):
        answer = self.client.get(f"/api/v1/{path}", query, headers=headers)
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    def post(self, path, body, status, key=""):
        headers = {"Idempotency-Key": key} if key else {}
        data = body if isinstance(body, bytes) else json.dumps(body)
        answer = self.client.post(f"/api/v1/{path}", data, "application/json", headers=headers)
        assert answer.status_code == status, answer.content
        if status >= 400:
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["detail"].endswith(".")
        return answer.json()


def draft(**more):
    audience = {"clauses": [{"effect": "include", "kind": "areas", "values": ["W00"]}]}
    given = {"team": "elm-bridge-team", "title": "Vans broken into", "type": "vehicle-crime", "audience": audience}
    return given | {"happening": "Tools went.", "doing": "We patrol.", "can_do": "Lock up."} | more
