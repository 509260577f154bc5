from django.db import migrations, models

SENDS = "What happens near you and what we do about it, requests for help, and how to meet us."
HOW_OFTEN = "About one message a week."


def say(apps, schema_editor):
    police = apps.get_model("accounts", "Organisation").objects.filter(slug="police", sends="")
    police.update(sends=SENDS, how_often=HOW_OFTEN)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_enabled_at")]
    operations = [
        migrations.AddField(
            "organisation", "sends", models.CharField(blank=True, db_default="", default="", max_length=200)
        ),
        migrations.AddField(
            "organisation", "how_often", models.CharField(blank=True, db_default="", default="", max_length=80)
        ),
        migrations.RunPython(say, migrations.RunPython.noop),
    ]
