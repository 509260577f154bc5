"""Core has no domain tables. Migration 0001 makes two UNLOGGED ones: `core_counter` (core.limits) and `core_cache`
(Django's cache). `StoredFile` is where every app's file bytes are (core.files)."""

from django.db import models


class StoredFile(models.Model):
    """The bytes of a file, once, whoever uses it and under whatever name: written and read by core.files."""

    sha256 = models.CharField(max_length=64, unique=True)  # of the bytes, in small hexadecimal letters
    media_type = models.CharField(max_length=40)  # what the bytes are, found out by whoever kept them
    size = models.IntegerField()  # bytes
    content = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(size__gt=0, size__lte=10_485_760), name="a_file_has_ten_megabytes_at_most"
            )
        ]
