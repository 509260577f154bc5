import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0004_stages"), ("delivery", "0005_engine")]

    operations = [
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("daily", "Every day"), ("weekly", "Every week")], max_length=6)),
                ("day", models.DateField()),
                (
                    "send",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="delivery.send",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "day"), name="a_digest_a_day")],
            },
        ),
    ]
