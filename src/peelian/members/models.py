from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from peelian.accounts.models import Organisation, Staff, Team
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.places.models import Area

EVERY_TOPIC = -1  # all bits set: the member hears about every type, also those added later
EMAIL, TEXT, VOICE = 1, 2, 4  # channel bits
CHANNELS = {"email": EMAIL, "text": TEXT, "voice": VOICE}


class Topic(models.Model):
    """A type of alert, as the force names it and as residents choose it. `bit` is its place in a member's interests."""

    class Purpose(models.TextChoices):
        PUBLIC_TASK = "public-task", "Policing"
        PROMOTION = "promotion", "Promotion (needs its own agreement)"

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    example = models.CharField(max_length=200, blank=True)  # what such a message might say, for residents choosing
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.PUBLIC_TASK)
    bit = models.PositiveSmallIntegerField(unique=True)
    about_crime = models.BooleanField(default=False, db_default=False)  # counts in residents' dose
    days_shown = models.PositiveSmallIntegerField(default=90)  # how long the public page stands unless a date is given

    class Meta:
        ordering = ["bit"]
        constraints = [models.CheckConstraint(condition=models.Q(bit__lt=62), name="a_topic_bit_fits")]

    def __str__(self) -> str:
        return self.name

    @property
    def mask(self) -> int:
        return 1 << self.bit


class Member(models.Model):
    """A registered resident. Whom an audience finds is decided in AudienceRow, which follows this row."""

    external_id = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001  null, so that many have none
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    email = models.ForeignKey(Address, models.PROTECT, null=True, blank=True, related_name="+")
    mobile = models.ForeignKey(Address, models.PROTECT, null=True, blank=True, related_name="+")
    landline = models.ForeignKey(Address, models.PROTECT, null=True, blank=True, related_name="+")
    street_address = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=7, blank=True)  # as places.Postcode.code
    longitude = models.IntegerField(null=True, blank=True)  # home, 1e-7 degree
    latitude = models.IntegerField(null=True, blank=True)
    cell = models.BigIntegerField(null=True, blank=True)  # H3 resolution 11
    area = models.ForeignKey(Area, models.SET_NULL, null=True, blank=True, related_name="+")  # lowest administrative
    language = models.CharField(max_length=8, default="en")  # BCP 47
    interests = models.BigIntegerField(default=EVERY_TOPIC)  # bits of Topic
    channels = models.PositiveSmallIntegerField(default=0)  # bits; 0: email, else text, else voice
    organisations = models.IntegerField(default=1)  # bits of Organisation
    promotion = models.BooleanField(default=False)  # agreed to fundraising and third-party messages
    young = models.BooleanField(default=False)  # 13 to 17 when they joined
    source = models.CharField(max_length=40, default="web")
    # The short link they came by. Its index is partial, since most members came by none
    campaign = models.ForeignKey(
        "members.Campaign", models.SET_NULL, null=True, blank=True, related_name="members", db_index=False
    )
    joined_on = models.DateField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirm_asked_at = models.DateTimeField(null=True, blank=True)
    chosen_at = models.DateTimeField(null=True, blank=True)  # when they last changed their settings themselves
    left_at = models.DateTimeField(null=True, blank=True)
    answers_taken_back = models.BooleanField(default=False, db_default=False)  # no import brings them again
    legal_hold = models.BooleanField(default=False, db_default=False)  # nothing of theirs is erased meanwhile
    restricted_at = models.DateTimeField(null=True, blank=True)  # their data is kept and not used, as they asked

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(confirmed_at=None, confirm_asked_at=None, left_at=None),
                name="members_to_ask",
            ),
            models.Index(Lower("last_name"), condition=~models.Q(last_name=""), name="members_by_last_name"),
            models.Index(fields=["campaign"], condition=models.Q(campaign__isnull=False), name="members_by_campaign"),
        ]
        constraints = [
            # Not unique=True: that would add a second index, for LIKE, to be kept up by every import
            models.UniqueConstraint(fields=["external_id"], name="an_external_id_is_one_member"),
            models.CheckConstraint(
                condition=models.Q(longitude=None, latitude=None, cell=None)
                | models.Q(longitude__isnull=False, latitude__isnull=False, cell__isnull=False),
                name="a_member_is_placed_wholly_or_not",
            ),
            models.CheckConstraint(
                condition=models.Q(email__isnull=False)
                | models.Q(mobile__isnull=False)
                | models.Q(landline__isnull=False)
                | models.Q(left_at__isnull=False),
                name="a_member_has_a_contact_point",
            ),
        ]


class Place(models.Model):
    """A further place that matters to a member: work, a parent's home. At most four; home is on the member."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="places")
    label = models.CharField(max_length=40)
    postcode = models.CharField(max_length=7, blank=True)
    longitude = models.IntegerField()
    latitude = models.IntegerField()
    cell = models.BigIntegerField()
    area = models.ForeignKey(Area, models.SET_NULL, null=True, blank=True, related_name="+")


class TopicChannel(models.Model):
    """For this type of alert the member wants other channels than for the rest."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="topic_channels")
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+")
    channels = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "topic"], name="a_choice_per_topic")]


class Pace(models.Model):
    """How often and when a member wants to hear; a member without a row has all of it as here by default.

    `*_from` is the least priority that may come by a channel (delivery.models.Priority: 1 routine, 2 important,
    3 urgent). Times are on a London clock; quiet hours may span midnight; both null: the installation's own."""

    class Digest(models.TextChoices):
        DAILY = "daily", "Every day"
        WEEKLY = "weekly", "Every week"

    member = models.OneToOneField(Member, models.CASCADE, primary_key=True, related_name="pace")
    weekly_limit = models.PositiveSmallIntegerField(null=True, blank=True)  # null: no limit; 0: digests alone
    digest = models.CharField(max_length=6, choices=Digest.choices, default=Digest.WEEKLY)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    urgent_passes = models.BooleanField(default=True)  # quiet hours and the weekly limit
    email_from = models.PositiveSmallIntegerField(default=1)
    text_from = models.PositiveSmallIntegerField(default=1)
    voice_from = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_begin_and_end",
            ),
            models.CheckConstraint(
                condition=models.Q(email_from__range=(1, 3), text_from__range=(1, 3), voice_from__range=(1, 3)),
                name="a_threshold_is_a_priority",
            ),
            models.CheckConstraint(
                condition=models.Q(weekly_limit=None) | models.Q(weekly_limit__range=(0, 50)),
                name="a_weekly_limit_is_0_to_50",
            ),
        ]


class ChannelHours(models.Model):
    """By this channel the member wants to hear only then. A channel without such rows may be used at any time."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="channel_hours")
    channel = models.PositiveSmallIntegerField()
    weekdays = models.PositiveSmallIntegerField(default=127)  # bits, Monday 1 … Sunday 64
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens__lt=models.F("closes")), name="hours_open_before_they_close"
            ),
            models.CheckConstraint(condition=models.Q(weekdays__range=(1, 127)), name="hours_have_a_day"),
        ]


_ASKED = ["interests", "member", "organisations", "channels", "language"]  # of every row


class AudienceRow(models.Model):
    """What an audience query reads: one narrow row for each place of each member, derived from the tables above.

    `reachable` are the channels that could be used now: of a confirmed member who has not left, with an address that is
    not suppressed. `channels` are those of them that the member chose. A member without a place has one row with
    neither cell nor area. A person exactly on the border of two wards has a row for each. Written by
    members.audience.refresh alone."""

    class Kind(models.IntegerChoices):
        HOME = 0
        FURTHER = 1
        BORDER = 2  # the same place again, for the other ward it touches

    # No constraint: rows are derived and rebuilt by the hundred thousand, and a check for each would double the time
    member = models.ForeignKey(Member, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    kind = models.SmallIntegerField(default=Kind.HOME)
    language = models.SmallIntegerField()  # of categories.LANGUAGE_NUMBERS
    channels = models.SmallIntegerField()
    reachable = models.SmallIntegerField()
    promotion = models.BooleanField(default=False)
    lon = models.IntegerField(null=True)  # 1e-7 degree, named as places.cells.Cover.rows_sql expects
    lat = models.IntegerField(null=True)
    organisations = models.IntegerField()
    area_id = models.BigIntegerField(null=True)  # lowest administrative area
    cell = models.BigIntegerField(null=True)
    interests = models.BigIntegerField()
    # On rows that are no home: where the member's home is, so that somebody with two places in a shape counts once
    home_area_id = models.BigIntegerField(null=True)
    home_lon = models.IntegerField(null=True)
    home_lat = models.IntegerField(null=True)

    class Meta:
        db_table = "members_audience"
        # Homes and other places apart: an index row without nulls is narrower and quicker to read (decision 0011)
        indexes = [
            models.Index(fields=["area_id"], include=_ASKED, condition=models.Q(kind=0), name="audience_homes_by_area"),
            models.Index(
                fields=["cell"],
                include=["lon", "lat", *_ASKED],
                condition=models.Q(kind=0),
                name="audience_homes_by_cell",
            ),
            models.Index(
                fields=["area_id"],
                include=["home_area_id", *_ASKED],
                condition=models.Q(kind__gt=0),
                name="audience_further_by_area",
            ),
            models.Index(
                fields=["cell"],
                include=["lon", "lat", "home_lon", "home_lat", *_ASKED],
                condition=models.Q(kind__gt=0),
                name="audience_further_by_cell",
            ),
            models.Index(fields=["member"], name="audience_by_member"),
        ]


class Group(models.Model):
    """People a team may address together: CCTV owners, dog walkers, a school's parents."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    about = models.CharField(max_length=300, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    open = models.BooleanField(default=True)  # residents join by themselves; else by invitation. All may leave
    purpose = models.CharField(max_length=300, blank=True, db_default="")  # what the team writes to it about
    owner = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    expires_on = models.DateField(null=True, blank=True)  # its last day
    review_on = models.DateField(null=True, blank=True)  # when the owner looks whether it is still needed
    ended_at = models.DateTimeField(null=True, blank=True)  # ended by hand
    network = models.BooleanField(default=False, db_default=False)  # of key individuals (KeyIndividual)
    communities = models.TextField(blank=True, db_default="")  # of a network: those it should reach, one a line
    members = models.ManyToManyField(Member, through="GroupMembership", related_name="groups")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(network=False) | models.Q(open=False), name="a_network_is_by_invitation"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def over(self) -> bool:
        """Whether it has ended: it takes no alerts, and nobody joins it."""
        return self.ended_at is not None or (self.expires_on is not None and self.expires_on < clock.today())


class GroupMembership(models.Model):
    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships")
    member = models.ForeignKey(Member, models.CASCADE, related_name="memberships")
    since = models.DateField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "member"], name="a_member_is_in_a_group_once")]


class EqualityAnswers(models.Model):
    """Answers a member chose to give, and vendor codes. Read in aggregate only: no audience, page or export joins this
    table to a person; other apps ask members.equality for totals (tests/structure checks who reads it)."""

    member = models.OneToOneField(Member, models.CASCADE, primary_key=True, related_name="+")
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=20, blank=True)
    ethnic_group = models.CharField(max_length=40, blank=True)  # Census 2021 category slugs, members.categories
    disability = models.CharField(max_length=20, blank=True)
    origin_code = models.CharField(max_length=40, blank=True)


class Wording(models.Model):
    """A text that people agreed to or were shown, as it stood then."""

    kind = models.CharField(max_length=20)  # privacy, organisation, promotion, doorstep
    version = models.CharField(max_length=20)
    text = models.TextField()
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="a_wording_version_is_one_text")]


class Consent(models.Model):
    """A choice a member made, with the wording they saw."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="consents")
    wording = models.ForeignKey(Wording, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    how = models.CharField(max_length=40)  # web, doorstep, import
    by_staff = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)


class ReplacedEmail(models.Model):
    """An email address that died and that the member replaced: no import brings it back. Only a keyed sum of it is
    kept, since an address that nobody uses is forgotten."""

    pk = models.CompositePrimaryKey("member", "digest")
    member = models.ForeignKey(Member, models.CASCADE, related_name="replaced_emails", db_index=False)
    digest = models.CharField(max_length=64)


class Code(models.Model):
    """A six-figure code sent to a contact point. The code itself is stored nowhere: it follows from the row and the
    key."""

    address = models.ForeignKey(Address, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)


from peelian.members.models_account import (  # noqa: E402  they point to Member, and Django looks for models here
    ErasedNumber,
    FormerAddress,
    Holiday,
    LegalHold,
    NewContact,
    PastHome,
    RightsRequest,
)
from peelian.members.models_campaigns import Campaign, SourceTally  # noqa: E402
from peelian.members.models_doorstep import Door, DoorstepKey, DoorstepSignUp, Street  # noqa: E402
from peelian.members.models_groups import GroupInvitation, KeyIndividual, NetworkContact, Removed  # noqa: E402
from peelian.members.models_helping import Helper  # noqa: E402

__all__ = ["ErasedNumber", "FormerAddress", "Helper", "Holiday", "LegalHold", "NewContact", "PastHome", "RightsRequest"]
__all__ += ["Campaign", "Door", "DoorstepKey", "DoorstepSignUp", "SourceTally", "Street"]
__all__ += ["GroupInvitation", "KeyIndividual", "NetworkContact", "Removed"]
