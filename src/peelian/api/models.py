from __future__ import annotations

from django.db import models
from django.db.models import Q

from peelian.accounts.models import Staff
from peelian.core import clock


class Token(models.Model):
    """What a program shows in place of somebody's sign-in: it acts as that member of staff, within the scopes. The
    secret itself is kept nowhere, only its SHA-256."""

    name = models.CharField(max_length=80)  # what it is for, in an administrator's words
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)  # of api.scopes
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField()  # the last day it works
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def works(self) -> bool:
        return self.revoked_at is None and self.expires_on >= clock.today() and self.staff.is_active


class KeptAnswer(models.Model):
    """What was answered to a request that carried an Idempotency-Key, for a day: asked again, it is said again."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=100)
    asked = models.CharField(max_length=64)  # SHA-256 of method, address and body
    status = models.PositiveSmallIntegerField(default=0)  # 0 only within the transaction that answers
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="a_key_has_one_answer")]
        indexes = [models.Index(fields=["at"], name="answers_by_age", condition=Q(status__gt=0))]


from peelian.api.models_bundle import Bundle  # noqa: E402
from peelian.api.models_webhooks import Happened, Looked, Telling, Webhook  # noqa: E402 (beside the others)

__all__ = ["Bundle", "Happened", "KeptAnswer", "Looked", "Telling", "Token", "Webhook"]
