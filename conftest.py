import pytest

from peelian.core.testing.html import PageClient


@pytest.fixture
def client() -> PageClient:
    """A browser without JavaScript that checks each page it opens."""
    return PageClient()
