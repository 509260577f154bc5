"""Which carriers the settings name for a channel, their rows, and how one is made.

Settings: PEELIAN_SMTP_URL (the first for email), PEELIAN_EMAIL_CARRIERS, PEELIAN_TEXT_CARRIERS and
PEELIAN_VOICE_CARRIERS; how a URL is read stands in delivery.carrier_urls."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple, cast

from django.conf import settings

from peelian.delivery import carrier_urls
from peelian.delivery.carriers.base import Carrier as AnyCarrier
from peelian.delivery.carriers.base import Given
from peelian.delivery.database import Connections
from peelian.delivery.models import Carrier, Channel, Lane

SETTINGS = {
    Channel.EMAIL: "PEELIAN_EMAIL_CARRIERS",
    Channel.TEXT: "PEELIAN_TEXT_CARRIERS",
    Channel.VOICE: "PEELIAN_VOICE_CARRIERS",
}
WITHOUT = {Channel.EMAIL: "outbox://", Channel.TEXT: "simulator://", Channel.VOICE: "simulator://"}


class Named(NamedTuple):
    """A carrier that a setting names. `share` is its resting share of the channel in per cent."""

    name: str
    kind: str
    channel: int
    url: str  # secrets and all: never logged
    share: int

    def __repr__(self) -> str:
        return f"Named({self.name!r}, {Channel(self.channel).label}, {self.share}%)"


def configured(channel: int) -> list[Named]:
    """The carriers of a channel, in the order of the settings: at least one.

    The settings were checked when the process began; carrier_urls.Wrong (a ValueError) otherwise."""
    setting = SETTINGS[Channel(channel)]
    given = str(getattr(settings, setting))
    first = str(settings.PEELIAN_SMTP_URL) if channel == Channel.EMAIL else ""
    value = given if given or first else WITHOUT[Channel(channel)]
    listed = carrier_urls.read_all(value, setting, Channel(channel).label, first)
    return [Named(one.name, one.carrier.kind, int(channel), one.carrier.url, one.share) for one in listed]


def row_ids() -> dict[tuple[str, int], int]:
    """The id of each configured carrier's row by (name, channel); rows are made, and kept as the settings say.

    A carrier at rest follows a change of its share at once, one that was shifted as it comes back. Asks before it
    writes: an upsert would use up an id of the few there are (smallint) each time."""
    wanted = {(one.name, one.channel): one for channel in Channel for one in configured(channel)}
    found = _rows()
    missing = [one for key, one in wanted.items() if key not in found]
    if missing:
        Carrier.objects.bulk_create(
            [
                Carrier(name=one.name, kind=one.kind, channel=one.channel, resting=one.share, weight=one.share)
                for one in missing
            ],
            ignore_conflicts=True,  # another process may be starting too
        )
        found = _rows()
    for key, one in wanted.items():
        row = found[key]
        if (row.kind, row.resting) != (one.kind, one.share):
            weight = one.share if row.weight == row.resting else min(row.weight, one.share)
            Carrier.objects.filter(pk=row.pk).update(kind=one.kind, resting=one.share, weight=weight)
    return {key: found[key].pk for key in wanted}


def _rows() -> dict[tuple[str, int], Carrier]:
    return {
        (row.name, row.channel): row for row in Carrier.objects.only("name", "kind", "channel", "resting", "weight")
    }


def make(named: Named, lane: Lane, connections: Connections) -> AnyCarrier:
    """The carrier itself, for one lane of one worker. Its folder is imported now, and its libraries with it."""
    module = import_module(f"peelian.delivery.carriers.{named.kind}.carrier")
    given = Given(named.name, named.kind, named.channel, lane, named.url, connections)
    return cast(AnyCarrier, module.make(given))
