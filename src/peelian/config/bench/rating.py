"""`peelian bench ratings`: everybody rates an alert at once, by the link in their message."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.urls import reverse

from peelian.config.bench import pages, visitors
from peelian.config.bench.engine import query
from peelian.config.bench.report import Result, half_and_most
from peelian.config.bench.scratch import Scratch
from peelian.config.bench.used import Used
from peelian.delivery import tokens

MEMBERS = 20_000
CONNECTIONS = 8
VALUES = 6
WARM_UP = 400
Request = tuple[str, str]


def run(scratch: Scratch, members: int = MEMBERS) -> Result:
    """So many ratings, then each again with another number; beside the server's shortest page."""
    send, addresses = pages.sent_to_everybody(scratch, members)
    result = Result(
        f"ratings: {members:,} of one alert",
        ("what", "requests", "a second", "p50 ms", "p95 ms", *Used.COLUMNS),
    )
    token = tokens.maker(send)
    with tempfile.TemporaryDirectory() as home, pages.server(Path(home)) as port:
        warm_up = [_rate(token(one).decode(), one % VALUES + 1) for one in addresses[:WARM_UP]]
        visitors.run(port, CONNECTIONS, Path(home), requests=warm_up)
        query("TRUNCATE alerts_rating")
        for what, later in (("first ratings", 0), ("each changed", 1)):
            requests = [_rate(token(one).decode(), (one + later) % VALUES + 1) for one in addresses]
            result.rows.append(measured(what, port, Path(home), requests))
            _check(addresses, later)
        result.rows.append(
            measured("/healthz, which asks for nothing", port, Path(home), [("GET", "/healthz")] * members)
        )
    result.notes = [
        f"peelian web (gunicorn, 2 processes of 4 threads) on the loopback, {CONNECTIONS} kept connections; the client,"
        " the server and the database share the machine; what each used of its processors, in milliseconds a request,"
        " stands beside the rate.",
        "Each is a signed link, a row and its entry in the audit trail, on disk before it is answered. All are there"
        " afterwards, each once; a request that fails ends the run.",
    ]
    return result


def measured(what: str, port: int, folder: Path, requests: list[Request]) -> tuple[Any, ...]:
    """What REQUESTS took: how many, how many a second, milliseconds each, and processor time of each. Raises when one
    is not answered with 200."""
    used = Used(port)
    went = visitors.run(port, CONNECTIONS, folder, requests=requests)
    many = len(requests)
    return (what, many, round(many / went.seconds), *half_and_most(went.times), *used.since(many, went.processor))


def _rate(token: str, value: int) -> Request:
    return "POST", reverse("alerts:rate", args=[token, value])


def _check(addresses: list[int], later: int) -> None:
    """Everybody's last word stands in the table, once."""
    wrong = query(
        "SELECT count(*) FILTER (WHERE value = (address_id + %s) %% %s + 1), count(*) FROM alerts_rating", later, VALUES
    )[0]
    assert wrong == (len(addresses), len(addresses)), f"{wrong} of {len(addresses)} ratings are right"
