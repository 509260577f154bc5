from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from peelian.accounts import roles
from peelian.accounts.roles import Role
from peelian.audit.door import WHOLE_FORCE
from peelian.core.models import StoredFile
from peelian.places.models import Area


class Organisation(models.Model):
    """Whom a member may agree to hear from. `bit` is its place in the members' bit mask of agreements."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    bit = models.PositiveSmallIntegerField(unique=True)
    # Said to residents beside the tick, as two sentences: what it sends, and about how often
    sends = models.CharField(max_length=200, blank=True, default="", db_default="")
    how_often = models.CharField(max_length=80, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(bit__lt=31), name="an_organisation_bit_fits")]
        ordering = ["bit"]

    def __str__(self) -> str:
        return self.name

    @property
    def mask(self) -> int:
        return 1 << self.bit

    @property
    def about(self) -> str:
        return f"{self.sends} {self.how_often}".strip()


class StaffManager(BaseUserManager["Staff"]):
    def get_by_natural_key(self, username: str | None) -> Staff:
        return self.get(email=(username or "").lower())


class Pictured(models.Model):
    """What may have a photograph for residents, always said in words as well. `photo_key` is its address, which cannot
    be guessed and is another for each photograph."""

    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    photo_alt = models.CharField(max_length=250, blank=True, default="", db_default="")
    photo_key = models.CharField(max_length=22, unique=True, null=True, blank=True)

    class Meta:
        abstract = True


class Staff(Pictured, AbstractBaseUser):
    """Somebody who works with Peelian. What they may do follows from role (accounts.roles) and scope."""

    email = models.EmailField(unique=True)  # always lower case
    name = models.CharField(max_length=120, blank=True)
    job_title = models.CharField(max_length=80, blank=True)  # "PCSO", shown in public in place of the name
    role = models.CharField(max_length=16, choices=Role.choices)
    scope = models.ManyToManyField(Area, blank=True, related_name="+")  # none: the whole force
    show_name = models.BooleanField(default=False)  # the person's own consent; the force's policy must allow it too
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)  # may sign in without a second factor, in demo mode only
    joined_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    enabled_at = models.DateTimeField(null=True, blank=True)  # after having been disabled

    objects = StaffManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["name", "email"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="a_staff_email_is_lower_case")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False  # rights come from accounts.roles alone

    def may(self, permission: str) -> bool:
        """Whether the person's role has the permission (accounts.roles); what no area cuts (audit.door.WHOLE_FORCE) is
        not for people with areas. Scope is otherwise asked of queries."""
        allowed = self.is_active and roles.allows(self.role, permission)
        return allowed and not (permission in WHOLE_FORCE and self.scope.exists())

    @property
    def audit_actor(self) -> tuple[str, int | None, str]:
        return ("staff", self.pk, self.role)

    @property
    def pending(self) -> bool:
        """Invited, but no password set yet."""
        return not self.has_usable_password()

    @property
    def state(self) -> str:
        """One of active, pending (invited) and disabled."""
        if not self.is_active:
            return "disabled"
        return "pending" if self.pending else "active"

    @property
    def public_title(self) -> str:
        """What residents read in place of a name."""
        return self.job_title or self.get_role_display()


class Team(Pictured):
    """The people who look after some areas, of one organisation. Alerts and threads belong to a team."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="teams")
    areas = models.ManyToManyField(Area, blank=True, related_name="teams")  # none: the whole force
    people = models.ManyToManyField(Staff, blank=True, related_name="teams")
    public_email = models.EmailField(blank=True)
    public_phone = models.CharField(max_length=20, blank=True)
    about = models.TextField(blank=True)
    social = models.TextField(blank=True, default="", db_default="")  # addresses of public pages, one a line

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
