from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

from peelian.core.testing.html import PageClient


class BrowserTogether(LoadScopeScheduling):
    """The browser tests go to one process, so that their installation starts once; every other test goes by itself."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BrowserTogether:
    return BrowserTogether(config, log)


@pytest.fixture
def client() -> PageClient:
    """A browser without JavaScript that checks each page it opens."""
    return PageClient()
