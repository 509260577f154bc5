import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

from peelian.core.testing.html import PageClient


class Together(LoadScopeScheduling):
    """The browser tests go to one process, so that their installation starts once, and the journeys of a file to one;
    every other test goes by itself."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith("tests/browser/"):
            return "browser"
        return nodeid.partition("::")[0] if nodeid.startswith("tests/journeys/") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)


@pytest.fixture
def client() -> PageClient:
    """A browser without JavaScript that checks each page it opens."""
    return PageClient()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Threads of the worker keep their connections; a database with one open could not be dropped at the end."""
    from django.db import connection

    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The tests' database begins as a copy of one that has its tables."""
    from django.db import connection

    from peelian.core.postgres import Cluster
    from peelian.core.testing.prepared import template_database

    address = os.environ.get("DATABASE_URL") or Cluster(Path(os.environ["PEELIAN_HOME"])).dsn()
    connection.settings_dict["TEST"]["TEMPLATE"] = template_database(address)
