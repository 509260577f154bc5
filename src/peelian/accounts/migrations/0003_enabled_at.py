from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_first_organisation")]
    operations = [
        migrations.AddField("staff", "enabled_at", models.DateTimeField(blank=True, null=True)),
    ]
