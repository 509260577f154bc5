from django.db import models


class Event(models.Model):
    """One thing that happened. Appended in the change's own transaction and never altered: triggers refuse it.

    Rows hold ids, never names, addresses or message text. There are no foreign keys, so that what a row points to may
    be erased while the row stays. The table is partitioned by month (migration 0001); retention drops months whole.
    """

    pk = models.CompositePrimaryKey("at", "id")
    id = models.BigIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)  # staff, member, system
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=60)  # a role or "command line"; never a name
    verb = models.CharField(max_length=60)  # alert.approved
    object_kind = models.CharField(max_length=30)
    object_id = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36)

    class Meta:
        managed = False
        db_table = "audit_event"
        ordering = ["-at", "-id"]

    @property
    def details(self) -> list[tuple[str, str]]:
        """The data as pairs of words, for pages."""
        return [(_words(name), said(value)) for name, value in self.data.items()]


def _words(name: str) -> str:
    return str(name).replace("_", " ")


def said(value: object) -> str:
    """A value of an event's data in words: "per day: 500; per second: 8", "yes", "none"."""
    if isinstance(value, dict):
        return "; ".join(f"{_words(name)}: {said(one)}" for name, one in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(said(one) for one in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None or value == "" else str(value)


class Seal(models.Model):
    """The hash over one London day's events, chained to the day before; `peelian doctor` verifies it."""

    day = models.DateField(primary_key=True)
    events = models.IntegerField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(auto_now_add=True)
