from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0003_dose")]
    operations = [
        migrations.AddField("alert", "first_stage", models.PositiveIntegerField(blank=True, null=True)),
        migrations.AddField("alert", "stage_minutes", models.PositiveIntegerField(blank=True, null=True)),
    ]
