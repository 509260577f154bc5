from __future__ import annotations

from django.db import models
from django.db.models import Q

from peelian.accounts.models import Organisation
from peelian.contacts.models import Address
from peelian.members.models import Member


class Lane(models.TextChoices):
    """Which messages wait for which: none waits for a later one in this list."""

    TRANSACTIONAL = "transactional", "Codes and confirmations"
    URGENT = "urgent", "Urgent"
    ROUTINE = "routine", "Routine"


class Channel(models.IntegerChoices):
    """The same bits as a member's channels."""

    EMAIL = 1, "email"
    TEXT = 2, "text"
    VOICE = 4, "voice"


class State(models.IntegerChoices):
    """Where a delivery is. The first two are on our side; the rest are outcomes and are counted in Tally."""

    QUEUED = 0, "waiting"
    CLAIMED = 1, "being handed over"
    HANDED_OVER = 2, "handed over"
    DELIVERED = 3, "delivered"
    FAILED = 4, "failed"
    NOT_SENT = 5, "not sent"  # decided at the claim, with a reason
    UNKNOWN = 6, "unknown"


class Reason(models.TextChoices):
    """Why a delivery failed or was not sent."""

    NONE = "", ""
    RECALLED = "recalled", "recalled before it went"
    SUPPRESSED = "suppressed", "the address is stopped"
    LEFT = "left", "the resident has left or turned this off"
    UNCONFIRMED = "unconfirmed", "the resident has not confirmed"
    REFUSED = "refused", "refused for good by the mail server"
    GAVE_UP = "gave-up", "not accepted after repeated tries"
    BOUNCED = "bounced", "came back"


class Send(models.Model):
    """One frozen audience and what to give it: a renderer's name and the id of what it renders."""

    class State(models.TextChoices):
        SENDING = "sending", "sending"
        PAUSED = "paused", "paused"
        SENT = "sent", "sent"
        RECALLED = "recalled", "recalled"

    renderer = models.CharField(max_length=40)  # delivery.hooks.renderers
    object_id = models.BigIntegerField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    topic_bit = models.PositiveSmallIntegerField(null=True)  # asked again at the claim; null: not a matter of interests
    promotion = models.BooleanField(default=False)
    lane = models.CharField(max_length=14, choices=Lane.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENDING)
    recipients = models.IntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    job_id = models.BigIntegerField(null=True, unique=True)  # of a single message: its job, which may run twice

    class Meta:
        indexes = [models.Index(fields=["renderer", "object_id"], name="sends_of_an_object")]


class Delivery(models.Model):
    """A send to an address: the ledger. Rows are inserted in key order; there is no index on the state."""

    pk = models.CompositePrimaryKey("send", "address")
    # No constraint on the three: a check for every row more than doubled the time to freeze a million (migration 0004)
    send = models.ForeignKey(Send, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    address = models.ForeignKey(Address, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    member = models.ForeignKey(
        Member, models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False
    )
    channel = models.SmallIntegerField(choices=Channel.choices)
    state = models.SmallIntegerField(choices=State.choices, default=State.QUEUED, db_default=0)
    tries = models.SmallIntegerField(default=0, db_default=0)
    reason = models.CharField(max_length=12, choices=Reason.choices, default="", db_default="", blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "delivery"


class Batch(models.Model):
    """A run of addresses of one send that one job hands over. `done_at` is set when none of them is left waiting."""

    send = models.ForeignKey(Send, models.PROTECT, related_name="batches", db_index=False)
    number = models.IntegerField()
    first_address = models.BigIntegerField()
    last_address = models.BigIntegerField()
    size = models.IntegerField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["send", "number"], name="a_batch_number_is_one_batch")]
        # Every code and confirmation leaves a batch: what is left to do must be found without reading them all
        indexes = [models.Index(fields=["send"], condition=Q(done_at=None), name="batches_not_done")]


class Tally(models.Model):
    """How many deliveries of a send reached an outcome: deltas, folded into one row each by a periodic job."""

    send = models.ForeignKey(Send, models.CASCADE, related_name="tallies")
    channel = models.SmallIntegerField(choices=Channel.choices)
    state = models.SmallIntegerField(choices=State.choices)
    n = models.IntegerField()


class Outgoing(models.Model):
    """The local outbox: what would have been sent, when no mail server is set. The newest 20,000 are kept."""

    send = models.ForeignKey(Send, models.SET_NULL, null=True, related_name="+", db_index=False)
    address = models.ForeignKey(
        Address, models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False
    )
    channel = models.SmallIntegerField(choices=Channel.choices, default=Channel.EMAIL)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=300)
    content = models.BinaryField()  # the whole message, RFC 5322, or the text
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            # The outbox is a carrier too: handed the same message twice, it keeps one
            models.UniqueConstraint(fields=["send", "address"], condition=Q(send__isnull=False), name="one_copy_each")
        ]
