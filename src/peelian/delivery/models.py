from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now

from peelian.accounts.models import Organisation
from peelian.contacts.models import Address
from peelian.members.models import Member
from peelian.places.models import Area


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
    DIGEST = 7, "in a digest"  # over the member's weekly limit: waits for their next digest


class Reason(models.TextChoices):
    """Why a delivery failed or was not sent."""

    NONE = "", ""
    RECALLED = "recalled", "recalled before it went"
    SUPPRESSED = "suppressed", "the address is stopped"
    LEFT = "left", "the resident has left or turned this off"
    UNCONFIRMED = "unconfirmed", "the resident has not confirmed"
    REFUSED = "refused", "refused for good by the mail server"
    GAVE_UP = "gave-up", "not accepted after repeated tries"
    BOUNCED = "bounced", "came back: no such address"
    FULL = "full", "came back: not taken for now"
    BLOCKED = "blocked", "refused as unwanted by the other side"
    COMPLAINED = "complained", "reported as spam"
    UNANSWERED = "unanswered", "nobody answered"
    THRESHOLD = "threshold", "the resident wants only more urgent ones this way"
    LIMIT = "limit", "over the resident’s weekly limit"
    ENDED = "ended", "it had ended before the digest"
    WITHDRAWN = "withdrawn", "it was withdrawn before the digest"
    HOLIDAY = "holiday", "the resident is on holiday"
    RESTRICTED = "restricted", "the resident asked us not to use their data"


class Priority(models.IntegerChoices):
    """How pressing a send is; residents choose from which on each channel may reach them."""

    ROUTINE = 1, "routine"
    IMPORTANT = 2, "important"
    URGENT = 3, "urgent"


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
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.ROUTINE, db_default=1)
    counted = models.BooleanField(default=False, db_default=False)  # in residents' weekly limits, quiet hours, digests
    practice = models.BooleanField(default=False, db_default=False)  # by the simulator, whatever carriers there are
    text_parts = models.SmallIntegerField(default=1, db_default=1)  # of one text message, for its cost
    # The same of texts to those who asked for another language, where it differs: BCP 47 → parts
    language_parts = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    first_stage = models.IntegerField(null=True, blank=True)  # so many go first, and then it waits
    stage_minutes = models.IntegerField(null=True, blank=True)  # … for so long, unless somebody looks; null: for ever
    resume_at = models.DateTimeField(null=True, blank=True)  # when a stage that waits goes on by itself
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENDING)
    recipients = models.IntegerField(default=0)
    texts = models.IntegerField(default=0, db_default=0)  # of these; what is neither text nor call is email
    calls = models.IntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    job_id = models.BigIntegerField(null=True, unique=True)  # of a single message: its job, which may run twice

    class Meta:
        indexes = [
            models.Index(fields=["renderer", "object_id"], name="sends_of_an_object"),
            models.Index(fields=["id"], condition=Q(first_stage__isnull=False), name="sends_in_their_first_stage"),
            models.Index(fields=["resume_at"], condition=Q(resume_at__isnull=False), name="sends_to_resume"),
            BrinIndex(fields=["created_at"], name="sends_by_time"),
            # What went to many, newest first, without the codes and confirmations between (delivery.of_person)
            models.Index(fields=["-id"], condition=Q(job_id=None), name="sends_to_many"),
        ]


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
    carrier = models.SmallIntegerField(null=True)  # of Carrier, who has or had it last; no constraint, as above
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "delivery"


class Batch(models.Model):
    """A run of addresses of one send that one job hands over. `done_at` is set when none of them is left waiting.

    Of those left when it was looked at last, `resting` wait as their residents asked (hours, weekly limit), from the
    earliest until the latest moment at which they may go."""

    send = models.ForeignKey(Send, models.PROTECT, related_name="batches", db_index=False)
    number = models.IntegerField()
    first_address = models.BigIntegerField()
    last_address = models.BigIntegerField()
    size = models.IntegerField()
    resting = models.IntegerField(default=0, db_default=0)
    resting_from = models.DateTimeField(null=True, blank=True)
    resting_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["send", "number"], name="a_batch_number_is_one_batch")]
        # Every code and confirmation leaves a batch: what is left to do must be found without reading them all
        indexes = [
            models.Index(fields=["send"], condition=Q(done_at=None), name="batches_not_done"),
            models.Index(fields=["first_address"], condition=Q(size=1), name="batches_of_one"),
        ]


class Tally(models.Model):
    """How many deliveries of a send reached an outcome: deltas, folded into one row each by a periodic job."""

    send = models.ForeignKey(Send, models.CASCADE, related_name="tallies")
    channel = models.SmallIntegerField(choices=Channel.choices)
    state = models.SmallIntegerField(choices=State.choices)
    carrier = models.SmallIntegerField(null=True)  # whose price a text or call has
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


class Carrier(models.Model):
    """A carrier that a setting names: its share of the channel now, and how it is. Rows are made when first seen."""

    id = models.SmallAutoField(primary_key=True)
    name = models.CharField(max_length=40)  # smtp, notify, twilio; smtp-2 for a second of the kind
    kind = models.CharField(max_length=20)  # the folder under delivery/carriers
    channel = models.SmallIntegerField(choices=Channel.choices)
    resting = models.SmallIntegerField(default=100)  # its share in per cent when all is well
    weight = models.SmallIntegerField(default=100)  # its share now; 0: nothing but checks
    problem = models.CharField(max_length=200, blank=True)  # a sentence; empty when all is well
    checked_at = models.DateTimeField(null=True, blank=True)
    shifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "channel"], name="a_carrier_is_one_row"),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=100, resting__gte=0, resting__lte=100),
                name="a_share_is_a_percentage",
            ),
        ]


class Limit(models.Model):
    """At most so many messages by a carrier, or to addresses of a mail domain; empty: no limit of that kind.

    With a `ramp_from` day, a new sending domain begins with `ramp_first` a day, and twice that each day after."""

    carrier = models.ForeignKey(Carrier, models.CASCADE, null=True, blank=True, related_name="limits")
    mail_domain = models.CharField(max_length=253, blank=True)
    per_second = models.IntegerField(null=True, blank=True)
    per_minute = models.IntegerField(null=True, blank=True)
    per_day = models.IntegerField(null=True, blank=True)
    ramp_from = models.DateField(null=True, blank=True)
    ramp_first = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "mail_domain"], name="a_limit_is_set_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(carrier__isnull=False, mail_domain="") | (Q(carrier=None) & ~Q(mail_domain="")),
                name="a_limit_is_of_a_carrier_or_a_domain",
            ),
        ]


class Receipt(models.Model):
    """What a carrier told us afterwards, as it came: append-only. Told twice, it is kept once."""

    pk = models.CompositePrimaryKey("send_id", "address_id", "state", "code")
    send_id = models.BigIntegerField()
    address_id = models.BigIntegerField()
    state = models.SmallIntegerField(choices=State.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices, default="", blank=True)
    code = models.CharField(max_length=24, default="", blank=True)  # the carrier's word or an enhanced status code
    carrier = models.SmallIntegerField(null=True)
    at = models.DateTimeField()  # by the carrier's clock
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [BrinIndex(fields=["received_at"], name="receipts_by_time")]


class SoftBounce(models.Model):
    """How often messages to an address came back for a passing reason, counted with decay (delivery.bounces)."""

    address = models.OneToOneField(Address, models.CASCADE, primary_key=True, related_name="+")
    score = models.FloatField()
    at = models.DateTimeField()


class Incoming(models.Model):
    """A message that came to us by LMTP or maildir: kept until its job has read it, and a week if it could not."""

    recipient = models.CharField(max_length=254)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)  # SHA-256 of recipient and content: the same one twice is one row
    received_at = models.DateTimeField(auto_now_add=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], name="a_message_comes_in_once")]


class MemberWeek(models.Model):
    """The sends that a member with a weekly limit got in a week; its length is what the limit counts.

    A send counts once, by however many channels and tries."""

    pk = models.CompositePrimaryKey("member", "week")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    week = models.DateField()  # its Monday, on a London calendar
    sends = ArrayField(models.BigIntegerField(), default=list)


class DigestItem(models.Model):
    """A send that waits for a member's next digest, or went in one, or dropped out of it with a reason."""

    pk = models.CompositePrimaryKey("member", "send")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    send = models.ForeignKey(Send, models.CASCADE, related_name="+", db_index=False)
    address_id = models.BigIntegerField()
    at = models.DateTimeField()
    digest = models.ForeignKey(Send, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    settled_at = models.DateTimeField(null=True, blank=True)  # when it went in a digest or dropped out
    reason = models.CharField(max_length=12, choices=Reason.choices, default="", blank=True)  # why it dropped out

    class Meta:
        indexes = [models.Index(fields=["member"], condition=Q(settled_at=None), name="digest_items_waiting")]


class Price(models.Model):
    """What one part of a text, or one call, costs from a day on."""

    channel = models.SmallIntegerField(choices=Channel.choices)
    kind = models.CharField(max_length=20)  # of Carrier
    valid_from = models.DateField()
    pence = models.DecimalField(max_digits=7, decimal_places=3)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "kind", "valid_from"], name="a_price_a_day")]


class Budget(models.Model):
    """What the teams of an area may spend on texts and calls in each month from one on; none: no limit."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    from_month = models.DateField()  # its first day
    pounds = models.DecimalField(max_digits=9, decimal_places=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "from_month"], name="a_budget_a_month")]


class Spend(models.Model):
    """What a send costs: as forecast when it was frozen, as it was when it has ended. Charged to an area and month."""

    send = models.OneToOneField(Send, models.CASCADE, primary_key=True, related_name="spend")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    month = models.DateField()
    pence = models.DecimalField(max_digits=12, decimal_places=3)
    final = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["area", "month"], include=["pence"], name="spend_of_a_month")]
