"""Parts of a lower app's page that an upper app brings: what a pulse survey found on the page of an alert's results, or
a meeting on the page of a neighbourhood. The page names the spot, `{% page_parts "alerts.results" alert.pk %}`; without
anybody who has something to say there, nothing stands there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from peelian.core.registries import Registry


@dataclass(frozen=True)
class PagePart:
    """Something for one spot. `context` is given the request and the id of what the page is about, and answers with the
    context of `template`, or None where there is nothing to say. Parts stand by `order`. Where a message repeats what a
    spot offers the request is an empty one, and the context's "title" and "url" are what the message says."""

    spot: str
    template: str
    context: Callable[[HttpRequest, int], dict[str, Any] | None]
    order: int = 50


# Under a name of the part's own: "surveys.worry"
page_parts: Registry[PagePart] = Registry("page_parts")


def at(spot: str) -> list[PagePart]:
    """The parts for SPOT, in the order they stand."""
    return sorted((part for part in page_parts.values() if part.spot == spot), key=lambda part: part.order)


def in_message(spot: str, about: int) -> list[dict[str, Any]]:
    """What the parts of SPOT offer, for a message that goes out about the same thing."""
    return [said for part in at(spot) if (said := part.context(HttpRequest(), about)) is not None]
