"""Pages that say the same to everybody: painted once, kept in this process for part of a minute, sent compressed.

A page says how long it may be kept, and since when it is: `Cache-Control: max-age=60` with an `Age` that counts from
the moment it was painted. So whoever keeps it, we, a proxy or a browser, what is taken back is gone within the minute.
While one request paints a page anew, the others get the one that is there.

What is painted knows nothing of who asks. The key is the address's path and language; a page with any other query, or a
language that the rest of the website has not, is painted for that one answer. A page for which somebody looked at the
session, or asked for a form's token, is never kept. Views of it are counted where it is sent (website.painted,
website.middleware).
"""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import wraps
from threading import Lock
from typing import Concatenate, Final, ParamSpec

import brotli  # type: ignore[import-untyped]
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import get_language

from peelian.core import clock

LASTS: Final = timedelta(seconds=60)  # from painting to being gone everywhere
KEPT: Final = 1_000  # pages of about 25 KB, compressed twice
_SMALL: Final = 500  # bytes that are sent as they are
_KEPT_STATUS: Final = (200,)
_HEADERS: Final = ("X-Robots-Tag", "Content-Security-Policy", "X-Content-Type-Options", "Content-Language")
_SHARED_STATUS: Final = (200, 301, 302)
P = ParamSpec("P")
Key = tuple[str, str]


@dataclass
class _Page:
    """One page as it was painted. Of the bodies that are sent as they are, `gz` is empty. `still` asks whether what it
    shows is still allowed to be shown, where a minute is too long; COPIES, whether those of others may last so long."""

    etag: str
    gz: bytes
    br: bytes
    plain: bytes
    content_type: str
    painted: datetime
    modified: datetime
    headers: dict[str, str]
    still: Callable[[], bool] | None = None
    copies: bool = False

    def body(self, accepted: str) -> tuple[bytes, str]:
        """The bytes for what a browser accepts, and their encoding."""
        if not self.gz:
            return self.plain, ""
        if "br" in accepted:
            return self.br, "br"
        return (self.gz, "gzip") if "gzip" in accepted else (gzip.decompress(self.gz), "")


class _Pages:
    """The pages that this process keeps, those asked for lately."""

    def __init__(self) -> None:
        self.pages: OrderedDict[Key, _Page] = OrderedDict()
        self.lock = Lock()
        self.painting: Key | None = None  # the page that is being painted anew while there is an old one

    def find(self, key: Key) -> _Page | None:
        """A page to send. None where the caller is to paint it: there is none, it is too old, or it is time for
        another. Only one page at a time is painted before it must be: when many get old together, the threads go on
        answering."""
        kept = timedelta(seconds=settings.PAGES_KEPT)
        with self.lock:
            page = self.pages.get(key)
            if page is None:
                return None
            self.pages.move_to_end(key)
            age = clock.now() - page.painted
            if timedelta(0) <= age < kept:
                return page
            if self.painting is not None and timedelta(0) <= age < LASTS:
                return page
            self.painting = self.painting or key
            return None

    def put(self, key: Key, page: _Page) -> _Page:
        with self.lock:
            self._painted(key)
            before = self.pages.get(key)
            if before is not None and before.etag == page.etag:
                page = replace(page, modified=before.modified)
            self.pages[key] = page
            self.pages.move_to_end(key)
            while len(self.pages) > KEPT:
                self.pages.popitem(last=False)
            return page

    def drop(self, key: Key) -> None:
        with self.lock:
            self._painted(key)
            self.pages.pop(key, None)

    def _painted(self, key: Key) -> None:
        if self.painting == key:
            self.painting = None


_pages = _Pages()


def forget_all() -> None:
    """For tests, and after a change that must show at once in this process."""
    with _pages.lock:
        _pages.pages.clear()
        _pages.painting = None


def painted(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a view as one that says the same to everybody."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return _answer(request, lambda: view(request, *args, **kwargs))

    return answer


def only_while(response: HttpResponse, still: Callable[[], bool], *, copies: bool = False) -> None:
    """What RESPONSE shows may be shown only while STILL says so: it is asked for each answer. Browsers ask each time
    whether it is as it was; but with COPIES whoever has one may keep it for the rest of its minute."""
    response.still, response.copies = still, copies  # type: ignore[attr-defined]


def _answer(request: HttpRequest, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    key = _key(request)
    page = _pages.find(key) if key else None
    if page is not None and page.still is not None and not page.still():
        page = None
    if page is None:
        try:
            response = view()
        except BaseException:
            if key:
                _pages.drop(key)  # it has been taken away, or nobody can say
            raise
        if response.status_code not in _KEPT_STATUS or not isinstance(response, HttpResponse):
            if key:
                _pages.drop(key)
            if response.status_code in _SHARED_STATUS:
                response["Cache-Control"] = f"public, max-age={int(LASTS.total_seconds())}"
            return response
        page = _painted(response)
        if key and not request.session.accessed and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
            page = _pages.put(key, page)
        elif key:
            _pages.drop(key)
    return _sent(request, page)


def _key(request: HttpRequest) -> Key | None:
    """None for a page that is not kept. Some pages are there in languages that the rest of the website is not: all
    others, and however a language is spelled, are painted in English."""
    asked, language = set(request.GET) - {"lang"}, request.GET.get("lang")
    known = language is None or language in dict(settings.LANGUAGES)
    return (request.path, get_language() or "") if known and not asked and settings.PAGES_KEPT else None


def _painted(response: HttpResponse) -> _Page:
    body, kind = response.content, response["Content-Type"]
    digest = hashlib.blake2b(body + kind.encode(), digest_size=12).hexdigest()
    small = len(body) < _SMALL or kind.startswith("image/")
    now = clock.now().replace(microsecond=0)
    return _Page(
        etag=f'W/"{digest}"',  # weak: the same for each encoding
        gz=b"" if small else gzip.compress(body, 6, mtime=0),
        br=b"" if small else brotli.compress(body, quality=5),
        plain=body if small else b"",
        content_type=kind,
        painted=now,
        modified=now,
        headers={name: response[name] for name in _HEADERS if name in response},
        still=getattr(response, "still", None),
        copies=getattr(response, "copies", False),
    )


def _sent(request: HttpRequest, page: _Page) -> HttpResponse:
    body, encoding = page.body(request.headers.get("Accept-Encoding", ""))
    response = HttpResponse(body, content_type=page.content_type)
    if encoding:
        response["Content-Encoding"] = encoding
    for name, value in page.headers.items():
        response[name] = value
    response["ETag"] = page.etag
    response["Last-Modified"] = http_date(page.modified.timestamp())
    age = int((clock.now() - page.painted).total_seconds())
    if page.still is not None and not page.copies:
        response["Cache-Control"] = "public, no-cache"
    else:
        response["Cache-Control"] = f"public, max-age={int(LASTS.total_seconds())}"
        if age > 0:
            response["Age"] = str(min(age, int(LASTS.total_seconds())))
    patch_vary_headers(response, ("Accept-Encoding",))
    conditional = get_conditional_response(request, page.etag, int(page.modified.timestamp()), response)
    return conditional if isinstance(conditional, HttpResponse) else response
