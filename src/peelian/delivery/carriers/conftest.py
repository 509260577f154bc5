import pytest

from peelian.core.testing.ports import free_port


@pytest.fixture
def unused_tcp_port() -> int:
    """A port on loopback that nobody listens on."""
    return free_port()
