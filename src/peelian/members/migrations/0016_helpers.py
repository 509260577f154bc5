import django.db.models.deletion
from django.db import migrations, models

MEMBERS = (
    "I agree that somebody I trust helps me: they may get the messages meant for me, see my account, and change what I "
    "get. I can end this at any time."
)
HELPERS = (
    "I help this person, and they know it. Messages meant for them come to me. I pass on what matters to them and keep "
    "the rest to myself. I can end this at any time."
)


def add_wordings(apps, schema_editor):
    wording = apps.get_model("members", "Wording")
    for kind, text in (("helper", MEMBERS), ("helping", HELPERS)):
        wording.objects.get_or_create(kind=kind, version="1", defaults={"text": text})


class Migration(migrations.Migration):
    dependencies = [("members", "0015_sources"), ("contacts", "0002_suppressed_addresses")]
    operations = [
        migrations.CreateModel(
            name="Helper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=80)),
                ("asked_at", models.DateTimeField()),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
                ("begun_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "address",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.address"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="helpers", to="members.member"
                    ),
                ),
                (
                    "wording",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.wording"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("member", "address"),
                        name="a_helper_helps_somebody_once",
                    )
                ],
            },
        ),
        migrations.RunPython(add_wordings, migrations.RunPython.noop),
    ]
