"""/healthz and /readyz: what a load balancer and an administrator are told."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from peelian.core import clock


def worker_last_seen(ago: dt.timedelta) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [clock.now() - ago])


def test_the_process_answers_without_the_database(client):
    response = client.get("/healthz")  # no `db` fixture: a question to the database would fail here
    assert (response.status_code, response.json()) == (200, {"process": "ok"})


@pytest.mark.django_db
def test_ready_means_database_migrations_and_a_worker(client):
    worker_last_seen(dt.timedelta(seconds=50))
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": "ok", "migrations": "ok", "worker": "ok"})


@pytest.mark.django_db
@pytest.mark.parametrize("ago", [None, dt.timedelta(seconds=70)])
def test_without_a_worker_in_the_last_minute_it_is_not(client, ago):
    if ago:
        worker_last_seen(ago)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["worker"]) == (503, "not seen in the last minute")


@pytest.mark.django_db
def test_a_migration_that_is_not_applied_is_said(client):
    worker_last_seen(dt.timedelta(0))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")
    response = client.get("/readyz")
    assert (response.status_code, response.json()["migrations"]) == (503, "pending")


@pytest.mark.django_db
def test_a_database_that_is_down_is_said(client, monkeypatch):
    """Asked in a thread, which has to make a connection of its own: in the socket's folder nobody listens."""
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nonexistent")
    with ThreadPoolExecutor(1) as elsewhere:
        response = elsewhere.submit(client.get, "/readyz").result()
    assert (response.status_code, response.json()["database"]) == (503, "unreachable")
