"""The frame of /api/v1/: errors as problems, questions without strays, and the description in OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from peelian.api import problems
from peelian.api.door import door
from peelian.api.errors import FieldProblems
from peelian.api.models import Webhook
from peelian.core.errors import PeelianError

PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457: what is wrong and how to mend it",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for a person"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the body, or ?name of a parameter"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
# What `data` of each kind of webhook holds; a test compares it with what is told
TOLD = {
    "alert.sent": ["alert", "team", "priority", "public"],
    "reply.received": ["thread", "message", "team", "alert"],
    "promise.changed": ["promise", "change", "what", "state", "team", "area"],
}
NAMING = {"area", "parent", "type"}  # parameters that name something, which may not be there
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"},
    "description": "The same key with the same request gets the same answer for 24 hours, and is done once",
}


class Interface(NinjaAPI):
    """A NinjaAPI whose description says what it really answers."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix="/api/v1/")
        schema["components"].setdefault("schemas", {})["Problem"] = PROBLEM
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                _complete(path, method, operation)
        schema["webhooks"] = {kind: _told(kind, names) for kind, names in TOLD.items()}
        return schema

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def guarded_urls(self) -> list[Any]:
        """Its addresses, each behind the door."""
        for bound in self._get_bound_routers():
            for view in bound.path_operations.values():
                for operation in view.operations:
                    operation.run = _without_strays(operation)  # type: ignore[method-assign]
        patterns = [one for one in self.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
        for pattern in patterns:
            pattern.callback = door(_in_problems(pattern.callback))
        return patterns


def _told(kind: str, names: list[str]) -> dict[str, Any]:
    """A webhook, for the section that OpenAPI 3.1 has for them."""
    data = {"type": "object", "required": names, "properties": {name: {} for name in names}}
    moment = {"type": "string", "format": "date-time"}
    properties = {"type": {"const": kind}, "timestamp": moment, "data": data}
    body = {"type": "object", "required": list(properties), "properties": properties}
    headers = [
        {"in": "header", "name": name, "required": True, "schema": {"type": "string"}}
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    ]
    said: dict[str, Any] = {"summary": str(Webhook.Kind(kind).label), "parameters": headers, "tags": ["Webhooks"]}
    said["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return {"post": said | {"responses": {"2XX": {"description": "Taken: it is not told again"}}}}


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add the answers that every address shares."""
    codes = [401, 422, 429, 503]
    operation["tags"] = ["With a token" if "security" in operation else "Open data"]
    if "security" in operation:
        codes += [403]
    if method != "get":
        codes += [400, 409, 413]
        operation.setdefault("parameters", []).append(KEY)
    names = {one["name"] for one in operation.get("parameters", [])}
    if "{" in path or names & NAMING:
        codes += [404]
    if "cursor" in names:
        codes += [400]
    for code in sorted({*codes, *operation.pop("x-more", [])}):
        content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        operation["responses"][code] = {"description": problems.TITLES[code], "content": content}
    if method == "get":
        operation["responses"][304] = {"description": "As it was: no body"}
    operation["responses"] = {str(code): said for code, said in operation["responses"].items()}


def _without_strays(operation: Operation) -> Callable[..., Any]:
    """Refuse parameters that nobody reads, and what no text in the database can hold."""
    run, known = operation.run, set(_parameters(operation))

    def guarded(request: HttpRequest, **given: Any) -> Any:
        strays = [name for name in request.GET if name not in known]
        wrong = [_wrong(f"?{name}", "There is no such parameter.") for name in strays]
        wrong += [
            _wrong(f"?{name}", "It holds a character that no text has.")
            for name in request.GET
            if any("\x00" in value for value in request.GET.getlist(name))
        ]
        wrong += [
            _wrong(f"?{name}", "Say it once.") for name in request.GET if len(request.GET.getlist(name)) > 1
        ]  # fmt: skip
        if wrong:
            return problems.problem(422, _sentence(wrong), errors=wrong)
        if any("\x00" in str(value) for value in given.values()):
            return problems.problem(404, "There is nothing here.")
        return run(request, **given)

    return guarded


def _parameters(operation: Operation) -> Iterable[str]:
    for model in operation.models:
        if model.__ninja_param_source__ == "query":
            schema = model.model_json_schema()
            for name, details in schema.get("properties", {}).items():
                reference = details.get("$ref", "").rpartition("/")[2]
                inner = schema.get("$defs", {}).get(reference, {}).get("properties")
                yield from inner if inner else [name]


def _in_problems(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """What answers without a view of ours (another method) answers in our words too."""

    def answering(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        if request.method == "HEAD":
            request.method = "GET"  # the server leaves the body out
        response = view(request, *args, **given)
        if response.status_code == 405 and response.get("Content-Type", "") != problems.MEDIA_TYPE:
            allowed = response.get("Allow", "")
            return problems.problem(405, f"This address answers {allowed} alone.", Allow=allowed)
        return response  # type: ignore[no-any-return]

    return answering


def _wrong(pointer: str, detail: str) -> dict[str, str]:
    return {"pointer": pointer, "detail": detail}


def _sentence(wrong: list[dict[str, str]]) -> str:
    return " ".join(f"{one['pointer'] or 'The body'}: {one['detail']}" for one in wrong[:5])


def make() -> Interface:
    """The interface without addresses yet."""
    made = Interface(
        title=f"{settings.PEELIAN_SERVICE_NAME}: interface for programs",
        version="1",
        description="Open data of a police force's neighbourhood alerts, and what its staff may do by program.",
        docs_url=None,
        urls_namespace="api-v1",
        openapi_extra={"info": {"license": {"name": "Open Government Licence v3.0", "identifier": "OGL-UK-3.0"}}},
    )
    made.exception_handler(PeelianError)(_on_ours)
    made.exception_handler(ValidationError)(_on_wrong_fields)
    made.exception_handler(HttpError)(_on_http)
    made.exception_handler(Http404)(lambda request, error: problems.problem(404, "There is nothing here."))
    return made


def _on_ours(request: HttpRequest, error: PeelianError) -> HttpResponse:
    if isinstance(error, FieldProblems):
        return problems.problem(422, str(error), errors=error.found)
    return problems.of(error)


def _on_wrong_fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
    wrong = []
    for one in error.errors:
        source, *place = one["loc"]
        in_body = "".join(f"/{step}" for step in place[1:])  # the first step names our own argument
        wrong.append(_wrong(in_body if source == "body" else f"?{place[-1]}", _said(one)))
    return problems.problem(422, _sentence(wrong), errors=wrong)


def _said(one: dict[str, Any]) -> str:
    if one["type"] == "extra_forbidden":
        return "There is no such field."
    if one["type"] == "missing":
        return "It is missing."
    message = str(one["msg"])
    return message if message.endswith(".") else f"{message}."


def _on_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    status = error.status_code if error.status_code in problems.TITLES else 400
    return problems.problem(status, error.message if error.message.endswith(".") else f"{error.message}.")
