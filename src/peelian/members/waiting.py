"""What waits on an officer's phone for a signal, whichever page at the door it was typed on, and what the phone keeps
so that the page opens without one. Each programme with such pages has a view for what is sent and one for its worker;
static/members/doorstep_sending.js is the other side, and docs/security.md says who could want what of the phone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static

from peelian.accounts.models import Staff
from peelian.members import queries_doorstep, sealing
from peelian.members.errors import NotOpened, NotReadable

AT_ONCE = 20  # entries in one answer
FILES = (
    "core/mark.svg", "core/peelian.css", "core/peelian.js", "members/doorstep.css", "members/doorstep_form.js",
    "members/doorstep_queue.js", "members/doorstep_sending.js", "vendor/govuk-frontend/govuk-frontend.min.css",
    "vendor/govuk-frontend/govuk-frontend.min.js",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One form that was filled in at a door, sealed. The phone makes its number, so that sent twice it counts once."""

    number: UUID
    parts: dict[str, str]

    def opened(self, staff: Staff) -> tuple[dict[str, Any], datetime]:
        """What was typed, and when it was saved by the phone's clock. Raises NotOpened."""
        try:
            live = queries_doorstep.live_key(staff, UUID(self.parts.get("key", "")))
            plain = sealing.opened(
                salt=bytes(live.salt), staff_id=staff.pk, key_id=live.pk, entry_id=self.number,
                theirs=self._part("half"), nonce=self._part("nonce"), sealed=self._part("sealed"),
            )  # fmt: skip
            said = json.loads(plain)
            return dict(said["typed"]), datetime.fromisoformat(said["saved"])
        except (ValueError, KeyError, TypeError):
            raise NotOpened from None

    def _part(self, name: str) -> str:
        return self.parts.get(name, "")


def entries(request: HttpRequest) -> list[Entry]:
    """What the phone has sent. Raises NotReadable."""
    try:
        given = json.loads(request.body)["entries"][:AT_ONCE]
        return [Entry(UUID(one["id"]), {name: str(value) for name, value in one.items()}) for one in given]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotReadable from None


def numbers(texts: Iterable[str]) -> list[UUID]:
    """Those that are numbers of entries or keys."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def kept(request: HttpRequest) -> dict[str, Any]:
    """For the context of a page that a phone may keep (`?kept`): nobody's name, no token of the session, no message."""
    if "kept" not in request.GET:
        return {}
    return {"shell": True, "person": None, "navigation": [], "messages": []}


def worker(base: str, *own: str) -> HttpResponse:
    """The service worker of the pages under BASE, which it has to come from, with the names of the files that it keeps:
    those of all pages at the door, and OWN."""
    given = {"base": base, "files": [static(name) for name in (*FILES, *own)]}
    script = f"const GIVEN = {json.dumps(given)};\nimportScripts({json.dumps(static('members/doorstep_worker.js'))});\n"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")
