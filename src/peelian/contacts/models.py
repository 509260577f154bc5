from django.db import models


class Address(models.Model):
    """An email address or telephone number, once, in normal form. Several members may share it.

    Suppression belongs to the address: whoever uses it, nothing goes there until it is lifted.
    """

    class Kind(models.IntegerChoices):
        EMAIL = 1, "email"
        MOBILE = 2, "mobile"
        LANDLINE = 3, "landline"

    class Suppression(models.TextChoices):
        NONE = "", "not suppressed"
        BOUNCED = "bounced", "messages came back"
        COMPLAINED = "complained", "reported as spam"
        STOPPED = "stopped", "asked us to stop"
        ADMINISTRATOR = "administrator", "stopped by an administrator"

    kind = models.SmallIntegerField(choices=Kind.choices)
    value = models.CharField(max_length=254)  # email: lower-cased domain and local part; telephone: E.164
    verified_at = models.DateTimeField(null=True, blank=True)
    suppression = models.CharField(max_length=16, choices=Suppression.choices, default="", blank=True)
    suppressed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["suppressed_at", "id"], condition=~models.Q(suppression=""), name="suppressed_addresses"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], name="an_address_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(suppression="", suppressed_at=None)
                | (~models.Q(suppression="") & models.Q(suppressed_at__isnull=False)),
                name="a_suppression_has_a_time",
            ),
        ]
