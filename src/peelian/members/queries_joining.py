"""What somebody who joins may choose from. It changes a few times a year and is read at every step of joining, so each
process keeps it, and asks before each use whether it is still so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from functools import lru_cache

from django.conf import settings

from peelian.accounts.models import Organisation
from peelian.core.database import fingerprint
from peelian.members import queries
from peelian.members.models import Topic, Wording
from peelian.places import queries as places
from peelian.places.models import Area


@dataclass(frozen=True, eq=False)
class Offer:
    """`topics` are those of the public task, `promotes` says whether there are others; `privacy` is the notice that is
    shown, `beside` what stands at the ticks of organisations; `neighbourhoods` are (code, name); `usual_quiet` the
    installation's quiet hours. Shared by all requests: read, never changed."""

    topics: tuple[Topic, ...]
    promotes: bool
    organisations: tuple[Organisation, ...]
    privacy: Wording
    beside: Wording
    neighbourhoods: tuple[tuple[str, str], ...]
    usual_quiet: tuple[time, time] | None


def offer() -> Offer:
    """As it stands in the database now; the same object for as long as nothing in it changes."""
    version = fingerprint(Topic, Organisation, Wording, Area)
    return _offer(version, settings.PEELIAN_NEIGHBOURHOOD_KIND, settings.PEELIAN_QUIET_HOURS)


@lru_cache(maxsize=2)
def _offer(version: tuple[str, ...], neighbourhood_kind: str, usual_quiet: tuple[time, time] | None) -> Offer:
    topics = list(queries.topics())
    return Offer(
        topics=tuple(topic for topic in topics if topic.purpose == Topic.Purpose.PUBLIC_TASK),
        promotes=any(topic.purpose == Topic.Purpose.PROMOTION for topic in topics),
        organisations=tuple(queries.organisations()),
        privacy=queries.wording("privacy"),
        beside=queries.wording("organisation"),
        neighbourhoods=tuple(places.neighbourhoods().order_by("name").values_list("code", "name")),
        usual_quiet=usual_quiet,
    )
