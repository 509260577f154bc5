from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    """A few pages, built while people go on writing."""

    atomic = False
    dependencies = [("conversations", "0005_waits_and_desks")]
    operations = [AddIndexConcurrently("message", BrinIndex(fields=["at"], name="messages_by_time"))]
