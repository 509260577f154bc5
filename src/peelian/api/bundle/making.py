"""Publishing a month once it is over: once, by the first night that finds it missing."""

from __future__ import annotations

from django.db import transaction

from peelian.api.bundle.packing import packed
from peelian.api.models import Bundle
from peelian.audit.actions import SYSTEM, record
from peelian.core import clock, files, periods
from peelian.core.periods import Period


@transaction.atomic
def publish(month: Period) -> Bundle | None:
    """Keep the bundle of a month; None where it is kept already."""
    if Bundle.objects.filter(month=month.start).exists():
        return None
    file = files.keep(packed(month), "application/zip")
    bundle = Bundle.objects.create(month=month.start, file=file)
    record("open_data.published", "bundle", month.name, by=SYSTEM, bytes=file.size)
    return bundle


def publish_due() -> Bundle | None:
    """The bundle of the month that ended last."""
    return publish(periods.last_whole_month(clock.today()))
