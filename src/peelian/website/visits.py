"""How often public pages are looked at: counted in this process, and added to the database every few seconds. A view
costs no write, and a process that is killed loses what it counted since: SECONDS at most.

Nothing is kept that could tell one visitor from another: no address, no cookie, no browser's name, no time of day. From
a browser's name follows the kind of device, from the page somebody came from the name of its website.
"""

from __future__ import annotations

import atexit
import os
import re
import threading
from collections import Counter
from datetime import date
from typing import Final
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest

from peelian.core import clock

SECONDS: Final = 5  # between two writes
MOST_HOSTS: Final = 500  # websites named in a day; whoever makes names up fills no table
OTHER: Final = "other websites"
DEVICES: Final = {"phone": "Phones", "tablet": "Tablets", "computer": "Computers", "robot": "Robots"}
_ROBOT = re.compile(r"bot|crawl|spider|slurp|fetch|monitor|preview|scan|curl|wget|python|java/|go-http|headless", re.I)
_TABLET = re.compile(r"ipad|tablet|kindle|silk/|playbook|android(?!.*mobile)", re.I)
_PHONE = re.compile(r"mobi|iphone|ipod|android|windows phone|opera mini", re.I)
_HOST = re.compile(r"(?=.{1,100}$)[a-z0-9-]+(\.[a-z0-9-]+)+")
_ADDRESS = re.compile(r"[0-9.]+")
log = structlog.get_logger("peelian.website")

View = tuple[date, str, str, bool]  # day, page, device, came from elsewhere


class _Waiting:
    """What was counted and is not written yet."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.views: Counter[View] = Counter()
        self.hosts: Counter[tuple[date, str]] = Counter()
        self.writer_of = 0  # the process that has a writer: a fork takes no threads along

    def take(self) -> tuple[Counter[View], Counter[tuple[date, str]]]:
        with self.lock:
            taken = self.views, self.hosts
            self.views, self.hosts = Counter(), Counter()
        return taken

    def put_back(self, views: Counter[View], hosts: Counter[tuple[date, str]]) -> None:
        with self.lock:
            self.views.update(views)
            self.hosts.update(hosts)


_waiting = _Waiting()


def count(request: HttpRequest, page: str) -> None:
    """One more view of PAGE."""
    device = device_of(request.headers.get("User-Agent", ""))
    host = came_from(request.headers.get("Referer", ""), request.get_host())
    day = clock.today()
    with _waiting.lock:
        _waiting.views[day, page[:120], device, host is not None] += 1
        if host is not None and device != "robot":
            _waiting.hosts[day, host] += 1
    if _waiting.writer_of != os.getpid() and not settings.TESTING:
        _begin_writing()


def device_of(browser: str) -> str:
    """The kind of device that a browser says it runs on. Who says nothing is a program."""
    if not browser or _ROBOT.search(browser):
        return "robot"
    if _TABLET.search(browser):
        return "tablet"
    return "phone" if _PHONE.search(browser) else "computer"


def came_from(referer: str, own: str) -> str | None:
    """The website somebody came from; empty where their browser does not say, None from a page of our own."""
    try:
        host = (urlsplit(referer).hostname or "").removeprefix("www.") if len(referer) < 2_000 else ""
    except ValueError:
        return ""
    if host and host == own.partition(":")[0].removeprefix("www."):
        return None
    return host if _HOST.fullmatch(host) and not _ADDRESS.fullmatch(host) else ""


def flush() -> int:
    """Write what was counted in this process; returns how many views. What cannot be written waits for the next."""
    views, hosts = _waiting.take()
    if not views:
        return 0
    try:
        _write(views, hosts)
    except DatabaseError:
        _waiting.put_back(views, hosts)
        log.warning("visits_wait", views=sum(views.values()))
        return 0
    return sum(views.values())


_VIEWS = """
INSERT INTO website_pageviews AS v (day, page, device, views, arrivals)
SELECT * FROM unnest(%s::date[], %s::text[], %s::text[], %s::int[], %s::int[])
ON CONFLICT (day, page, device) DO UPDATE SET views = v.views + excluded.views,
                                              arrivals = v.arrivals + excluded.arrivals"""
# A website that was named today goes on being counted; of new ones only so many
_HOSTS = """
INSERT INTO website_referrals AS r (day, host, arrivals)
SELECT g.day, CASE WHEN g.host = '' OR g.nth + (SELECT count(*) FROM website_referrals r WHERE r.day = g.day) <= %s
                     OR EXISTS (SELECT 1 FROM website_referrals r WHERE r.day = g.day AND r.host = g.host)
              THEN g.host ELSE %s END, sum(g.n)
  FROM (SELECT u.*, row_number() OVER (PARTITION BY day ORDER BY n DESC, host) AS nth
          FROM unnest(%s::date[], %s::text[], %s::int[]) AS u (day, host, n)) g
 GROUP BY 1, 2
ON CONFLICT (day, host) DO UPDATE SET arrivals = r.arrivals + excluded.arrivals"""


def _write(views: Counter[View], hosts: Counter[tuple[date, str]]) -> None:
    sums: dict[tuple[date, str, str], list[int]] = {}
    for (day, page, device, arrived), n in views.items():
        row = sums.setdefault((day, page, device), [0, 0])
        row[0] += n
        row[1] += n if arrived else 0
    keys = sorted(sums)  # in one order, so that processes wait for each other and never for each other in a circle
    with connection.cursor() as cursor:
        cursor.execute(
            _VIEWS,
            [*(list(part) for part in zip(*keys, strict=True)), [sums[k][0] for k in keys], [sums[k][1] for k in keys]],
        )
        if hosts:
            named = sorted(hosts)
            days, names = (list(part) for part in zip(*named, strict=True))
            cursor.execute(_HOSTS, [MOST_HOSTS, OTHER, days, names, [hosts[one] for one in named]])


def _begin_writing() -> None:
    with _waiting.lock:
        if _waiting.writer_of == os.getpid():
            return
        _waiting.writer_of = os.getpid()
    threading.Thread(target=_write_on, name="visits", daemon=True).start()
    atexit.register(flush)


def _write_on() -> None:
    pause = threading.Event()
    while not pause.wait(SECONDS):
        try:
            flush()
        except Exception:  # a writer that ends would let the counts grow for ever
            log.exception("visits_failed")
        finally:
            connection.close()
