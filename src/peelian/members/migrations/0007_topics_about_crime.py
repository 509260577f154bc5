from django.db import migrations, models

# What frightens where it comes too often; prevention advice and what was solved do not
ABOUT_CRIME = [
    "residential-burglary",
    "residential-crime",
    "residential-asb",
    "business-burglary",
    "business-crime",
    "vehicle-crime",
    "suspicious-circumstances",
]


def mark(apps, schema_editor):
    apps.get_model("members", "Topic").objects.filter(slug__in=ABOUT_CRIME).update(about_crime=True)


class Migration(migrations.Migration):
    dependencies = [("members", "0006_pace")]
    operations = [
        migrations.AddField("topic", "about_crime", models.BooleanField(db_default=False, default=False)),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
