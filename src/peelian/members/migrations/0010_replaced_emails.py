"""Which email addresses died and were replaced by their members, as sums, for imports."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("members", "0009_homes_apart")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="ReplacedEmail",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "member", "digest", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replaced_emails",
                        to="members.member",
                    ),
                ),
            ],
        ),
    ]
