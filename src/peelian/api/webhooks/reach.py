"""Reaching an address that an administrator named, and nothing else: https, never a machine of the force's own network.

The name is resolved once; every address it has must be public, and the connection goes to the one that was looked at
(its certificate is still compared with the name), so that a name which changes in between leads nowhere. No redirect is
followed, and of the answer only its status is looked at.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import certifi
import urllib3

CONNECT, READ = 5.0, 10.0  # seconds
LONGEST = 500
TRUSTED = certifi.where()
# Addresses that hold another, to which a gateway would go
_CARRYING = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("2002::/16"))


class Unreachable(Exception):
    """Nothing was taken; the sentence says why."""


@dataclass(frozen=True)
class Place:
    """Where an address leads: the name and port, and what comes after them."""

    host: str
    port: int
    path: str


@dataclass(frozen=True)
class Answer:
    status: int
    wait: int  # seconds that it asked us to wait; 0 where it did not


def place_of(url: str) -> Place:
    """Raises Unreachable for what is not an https address of a named machine."""
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        raise Unreachable("That is not a web address.") from None
    if parts.scheme != "https" or not parts.hostname or len(url) > LONGEST:
        raise Unreachable("Type an address that begins with https://")
    if parts.username or parts.password or parts.fragment:
        raise Unreachable("Leave out names, passwords and what stands after #.")
    if not url.isascii() or any(sign <= " " for sign in url):
        raise Unreachable("Type the address without spaces, in plain letters.")
    return Place(parts.hostname, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def public_address(host: str, port: int) -> str:
    """One address of a machine, all of whose addresses are public. Raises Unreachable."""
    found = resolve(host, port)
    if not found:
        raise Unreachable(f"There is no machine called {host}.")
    if not all(is_public(one) for one in found):
        raise Unreachable(f"{host} is on a private network, and nothing is sent there.")
    return found[0]


def resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(one[4][0]) for one in found]


def is_public(text: str) -> bool:
    """Whether an address is of the open Internet, through whatever it is written."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        elif any(address in one for one in _CARRYING):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send it. Raises Unreachable when there is no answer."""
    place = place_of(url)
    address = public_address(place.host, place.port)
    named = place.host if place.port == 443 else f"{place.host}:{place.port}"
    pool = urllib3.HTTPSConnectionPool(
        address,
        place.port,
        timeout=urllib3.Timeout(connect=CONNECT, read=READ),
        retries=False,
        ca_certs=TRUSTED,
        cert_reqs="CERT_REQUIRED",
        assert_hostname=place.host,
        server_hostname=place.host,
    )
    try:
        given = {"Host": named, "User-Agent": "Peelian-Webhooks/1", **headers}
        answer = pool.urlopen("POST", place.path, body=body, headers=given, redirect=False, preload_content=False)
        answer.close()
    except urllib3.exceptions.HTTPError as problem:
        raise Unreachable(_said(problem)) from None
    finally:
        pool.close()
    wait = answer.headers.get("Retry-After", "")
    return Answer(answer.status, int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 6 else 0)


def _said(problem: Exception) -> str:
    if isinstance(problem, urllib3.exceptions.SSLError):
        return "Its certificate is not one we can trust."
    if isinstance(problem, urllib3.exceptions.TimeoutError):
        return f"It did not answer within {READ:.0f} seconds."
    return "The connection failed."
