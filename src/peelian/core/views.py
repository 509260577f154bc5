"""Health for machines, and the pages for what went wrong."""

import sys
from datetime import timedelta

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from peelian.core import clock

log = structlog.get_logger("peelian.web")
WORKER_SEEN_WITHIN = timedelta(minutes=1)


@require_safe
def healthz(_: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"process": "ok"})


@require_safe
def readyz(_: HttpRequest) -> HttpResponse:
    """Database reachable, migrations applied, a worker seen in the last minute; 503 with what is missing otherwise."""
    state = {"database": "ok", "migrations": "ok", "worker": "ok"}
    try:
        if pending_migrations():
            state["migrations"] = "pending"
        elif not worker_seen():
            state["worker"] = "not seen in the last minute"
    except DatabaseError:
        state = {"database": "unreachable", "migrations": "unknown", "worker": "unknown"}
    return JsonResponse(state, status=200 if set(state.values()) == {"ok"} else 503)


def pending_migrations() -> int:
    """How many migrations are not applied yet."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def worker_seen() -> bool:
    """Whether any worker has shown a sign of life within the last minute."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        row = cursor.fetchone()
    return bool(row and row[0] and row[0] > clock.now() - WORKER_SEEN_WITHIN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database does not answer. Whoever was sending something is told that it was not kept and where it still
    is."""
    log.error("database unavailable; see DATABASE_URL")
    sending = request.method not in ("GET", "HEAD")
    kept = gettext("Nothing was saved. Go back: what you wrote is still there. Send it again in a few minutes.")
    return render(request, "errors/503.html", {"reason": kept if sending else ""}, status=503)


def failed(request: HttpRequest) -> HttpResponse:
    """After a mistake of ours: a page that needs neither database nor session, with the request's id. Middleware that
    finds no database ends here too, because only what views raise passes core.middleware.Problems."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    return HttpResponse(render_to_string("errors/500.html", {"request_id": request_id}), status=500)
