"""The description at /api/v1/openapi.json is kept: programs made from it ask what they like and never meet a mistake of
ours, nor an answer that it does not describe."""

import hypothesis
import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from peelian.alerts.tests.factories import make_draft, make_force, make_sent
from peelian.api import door, tokens
from peelian.api.models import Webhook
from peelian.api.tests.program import token_for
from peelian.api.tests.wire import staying_open
from peelian.api.v1.api import interface
from peelian.config.wsgi import application

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
DESCRIBED = interface.get_openapi_schema()
ADDRESSES = [(method, path) for path, methods in DESCRIBED["paths"].items() for method in methods]


@pytest.fixture
def schema(db, monkeypatch):
    """The description, and a force with an alert that is out and one that is not."""
    monkeypatch.setattr(tokens, "MOST_A_MINUTE", 10**6)
    monkeypatch.setattr(door, "MOST_A_MINUTE", 10**6)
    force = make_force()
    refs = [make_sent(force).ref, make_draft(force, title="A draft").ref]
    _, secret = token_for(force.officer)
    found = schemathesis.openapi.from_dict(DESCRIBED)
    found.app = application
    with staying_open():
        yield found, {"Authorization": f"Bearer {secret}"}, refs


def test_no_question_breaks_it_and_every_answer_is_described(schema):
    """One test for all addresses: to make the force takes longer than to ask."""
    described, headers, refs = schema
    for method, path in ADDRESSES:
        ask(described[path][method], headers, refs)


def ask(operation, headers, refs):
    @hypothesis.given(case=operation.as_strategy())
    @hypothesis.settings(
        max_examples=10,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def asked(case):
        if "ref" in case.path_parameters and len(case.path_parameters["ref"]) % 2:
            case.path_parameters["ref"] = refs[len(case.path_parameters["ref"]) % 4 // 2]
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)

    asked()


def test_the_description_is_openapi_3_1_and_says_what_needs_a_token(db):
    said = Client().get("/api/v1/openapi.json")
    assert said["Content-Type"].startswith("application/json")
    found = said.json()
    assert found["openapi"] == "3.1.0"
    assert found["components"]["securitySchemes"]["StaffToken"]["scheme"] == "bearer"
    assert {path for path, methods in found["paths"].items() if any("security" in one for one in methods.values())} == {
        "/api/v1/me",
        "/api/v1/alerts",
        "/api/v1/alerts/{ref}/send",
        "/api/v1/staff/alerts",
        "/api/v1/staff/alerts/{ref}",
        "/api/v1/staff/alerts/{ref}/results",
        "/api/v1/staff/threads",
        "/api/v1/threads/{thread}/answers",
        "/api/v1/events",
        "/api/v1/promises",
    }
    assert found["paths"]["/api/v1/alerts"]["get"].get("security") is None
    assert set(found["webhooks"]) == set(Webhook.Kind.values)


def test_every_refusal_is_described_as_a_problem():
    for path, methods in DESCRIBED["paths"].items():
        for method, operation in methods.items():
            for code, answer in operation["responses"].items():
                if code >= "4":
                    assert list(answer["content"]) == ["application/problem+json"], (method, path, code)
