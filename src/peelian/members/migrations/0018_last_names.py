"""Members by last name, for finding whom a group invites. By itself: an index on a large table is built beside the running
service, outside a transaction, and what stops midway is begun again without anything else half done."""

import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('members', '0017_groups'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='member',
            index=models.Index(django.db.models.functions.text.Lower('last_name'), condition=models.Q(('last_name', ''), _negated=True), name='members_by_last_name'),
        ),
    ]
