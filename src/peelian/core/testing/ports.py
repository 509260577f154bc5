"""Ports of loopback for servers that a test names before they listen, or that never do."""

import random
import socket

# Below those that systems hand out by themselves, to servers that ask for any and to whoever calls: one of those would
# be somebody else's by the time it is needed.
FIRST, LAST = 12_000, 29_999


def free_port() -> int:
    """A port on loopback that nobody listens on. Processes that ask at the same time get different ones."""
    while True:
        port = random.SystemRandom().randint(FIRST, LAST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
