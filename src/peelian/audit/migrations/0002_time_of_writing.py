from django.db import migrations


class Migration(migrations.Migration):
    """An event carries the moment it was written, not the one its transaction began: a long transaction can no longer
    add to a day that has been sealed (audit.actions.seal)."""

    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE audit_event ALTER COLUMN at SET DEFAULT clock_timestamp()",
            "ALTER TABLE audit_event ALTER COLUMN at SET DEFAULT now()",
        )
    ]
