"""What a low rating was about, and the list of jargon with what to write instead."""

import django.db.models.functions.text
from django.db import migrations, models

SEED = {
    "ABH": "what injury it was",
    "ANPR": "“cameras that read number plates”",
    "ASB": "what people did",
    "BWV": "“cameras that officers wear”",
    "CBO": "“a court order” and what it forbids",
    "CPN": "“a notice” and what it forbids",
    "CPW": "“a written warning” and about what",
    "DV": "“violence at home”",
    "FPN": "“a fine”",
    "GBH": "what injury it was",
    "HMO": "“a shared house”",
    "IC1": "what they wore and how tall they were",
    "IC3": "what they wore and how tall they were",
    "IP": "“the person it happened to”",
    "KIN": "“people we ask often”",
    "KSI": "“killed or badly hurt”",
    "LPU": "“your neighbourhood team”",
    "MISPER": "“a missing person”",
    "MO": "“the way they do it”",
    "NFA": "“we close it” and why",
    "NPT": "“your neighbourhood team”",
    "NPU": "“your neighbourhood team”",
    "NTE": "“evenings and nights”",
    "OCG": "“an organised group”",
    "PSPO": "“a rule for this place” and what it forbids",
    "RTA": "“a crash”",
    "RTC": "“a crash”",
    "S59": "“a warning that the vehicle may be taken away”",
    "S60": "“more powers to search people” and where and until when",
    "SNT": "“your neighbourhood team”",
    "SOCO": "“people who look for traces”",
    "SPOC": "whom to ask",
    "TWOC": "“a car taken without asking”",
    "VRM": "“number plate”",
    "VRN": "“number plate”",
    "aggrieved": "“the person it happened to”",
    "apprehended": "“caught” or “arrested”",
    "dwelling": "“home”",
    "female": "“woman” or “girl”",
    "injured party": "“the person who was hurt”",
    "intelligence-led": "what you know and do",
    "male": "“man” or “boy”",
    "modus operandi": "“the way they do it”",
    "offender": "“the person who did it”",
    "offenders": "“the people who did it”",
    "perpetrator": "“the person who did it”",
    "perpetrators": "“the people who did it”",
    "premises": "“building”, “shop” or “home”",
    "proactive": "what you do",
    "stakeholders": "who they are",
}


def fill(apps, schema_editor):
    jargon = apps.get_model("alerts", "Jargon")
    jargon.objects.bulk_create(jargon(words=words, instead=instead) for words, instead in SEED.items())


class Migration(migrations.Migration):
    dependencies = [("alerts", "0005_digests")]

    operations = [
        migrations.AddField(
            model_name="rating",
            name="comment",
            field=models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
        migrations.AddField(
            model_name="rating",
            name="why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("frightening", "It was frightening"),
                    ("not-local", "It was not about where I live"),
                    ("too-long", "It was too long"),
                    ("not-useful", "It was of no use to me"),
                    ("too-many", "I get too many messages"),
                ],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Jargon",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=60)),
                ("instead", models.CharField(max_length=120)),
            ],
            options={
                "ordering": [django.db.models.functions.text.Lower("words")],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("words"), name="jargon_stands_once"
                    )
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
