"""Two people wrote the same draft: both texts side by side, and nothing is lost until somebody has chosen."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from peelian.alerts import audience
from peelian.alerts.errors import DraftChanged
from peelian.alerts.forms.staff import ABOUT_PARTS
from peelian.alerts.models import Alert
from peelian.core import wording
from peelian.members.models import CHANNELS

NAMES = {
    "title": "Title",
    **{name: label for name, (label, _) in ABOUT_PARTS.items()},
    "topic": "Type",
    "priority": "How urgent it is",
    "team": "From",
    "audience": "Who gets it",
    "channels": "How it reaches them",
    "ends_on": "Shown until",
    "restricted": "Not on the public website",
}
TEXTS = ("title", *ABOUT_PARTS)


def differing(changed: DraftChanged) -> list[str]:
    """The fields in which the two versions are not the same."""
    return [name for name in NAMES if name in changed.written and _differs(changed.alert, changed.written, name)]


def merge_page(request: HttpRequest, changed: DraftChanged) -> HttpResponse:
    """The page in place of a save that came second. 409: nothing of theirs or yours is lost."""
    names = differing(changed)
    own = _own(request, changed.written, names)
    rows = [
        {
            "name": name,
            "label": NAMES[name],
            "text": name in TEXTS,
            "long": name in ABOUT_PARTS,
            "own": name in own,
            "theirs": _said(name, getattr(changed.alert, name)),
            "mine": _said(name, changed.written[name]),
        }
        for name in names
    ]
    shown = {name for name in names if name in TEXTS}
    left_out = {"csrfmiddlewaretoken", "version", "before", "next", "snippet", *shown}
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in left_out and not name.startswith("keep_")
        for value in values
    ]
    context = {
        "alert": changed.alert,
        "rows": rows,
        "carried": carried,
        "version": changed.alert.version,
        "before": marks(changed.alert),
    }
    return render(request, "alerts/staff/merge.html", context, status=409)


def marks(alert: Alert) -> str:
    """Short hashes of a draft's fields as the page was filled with them: they tell later what the writer changed."""
    return json.dumps({name: _mark(getattr(alert, name)) for name in NAMES}, separators=(",", ":"))


def _mark(value: Any) -> str:
    return hashlib.sha256(_plainly(value).encode()).hexdigest()[:12]


def _plainly(value: Any) -> str:
    """A value as text in which nothing but its meaning counts: neither white space nor the order of clauses."""
    if isinstance(value, dict):
        return json.dumps(sorted(json.dumps(raw, sort_keys=True) for raw in audience.clauses_of(value)))
    return " ".join(str(getattr(value, "pk", value) or "").split())


def _differs(alert: Alert, written: dict[str, Any], name: str) -> bool:
    return _plainly(getattr(alert, name)) != _plainly(written[name])


def _own(request: HttpRequest, written: dict[str, Any], names: list[str]) -> set[str]:
    """The fields that the second writer has changed; all of them where that cannot be told."""
    try:
        before = dict(json.loads(request.POST.get("before", "")))
    except (TypeError, ValueError):
        return set(names)
    return {name for name in names if before.get(name) != _mark(written[name])}


def _said(name: str, value: Any) -> str:
    """A value in words."""
    if name == "audience":
        return " ".join(audience.sentences(value)) or "Nobody yet."
    if name == "channels":
        return wording.listed([word for word, bit in CHANNELS.items() if value & bit]).capitalize() or "None"
    if name == "ends_on":
        return wording.uk_date(value) if value else "The usual time"
    if name == "restricted":
        return "Yes" if value else "No"
    if name == "priority":
        return str(Alert.Priority(value).label)
    return str(value) if value not in (None, "") else "(empty)" if name not in TEXTS else ""
