"""Two more reasons why something was not sent, and what one resident was sent found without reading the ledger."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

REASONS = [
    ('', ''),
    ('recalled', 'recalled before it went'),
    ('suppressed', 'the address is stopped'),
    ('left', 'the resident has left or turned this off'),
    ('unconfirmed', 'the resident has not confirmed'),
    ('refused', 'refused for good by the mail server'),
    ('gave-up', 'not accepted after repeated tries'),
    ('bounced', 'came back: no such address'),
    ('full', 'came back: not taken for now'),
    ('blocked', 'refused as unwanted by the other side'),
    ('complained', 'reported as spam'),
    ('unanswered', 'nobody answered'),
    ('threshold', 'the resident wants only more urgent ones this way'),
    ('limit', 'over the resident’s weekly limit'),
    ('ended', 'it had ended before the digest'),
    ('withdrawn', 'it was withdrawn before the digest'),
    ('holiday', 'the resident is on holiday'),
    ('restricted', 'the resident asked us not to use their data'),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("delivery", "0007_channels_of_a_send")]
    operations = [
        migrations.AlterField(
            "delivery",
            "reason",
            models.CharField(blank=True, choices=REASONS, db_default="", default="", max_length=12),
        ),
        migrations.AlterField(
            "digestitem", "reason", models.CharField(blank=True, choices=REASONS, default="", max_length=12)
        ),
        migrations.AlterField(
            "receipt", "reason", models.CharField(blank=True, choices=REASONS, default="", max_length=12)
        ),
        AddIndexConcurrently(
            "batch", models.Index(condition=models.Q(size=1), fields=["first_address"], name="batches_of_one")
        ),
        AddIndexConcurrently(
            "send", models.Index(condition=models.Q(job_id=None), fields=["-id"], name="sends_to_many")
        ),
    ]
