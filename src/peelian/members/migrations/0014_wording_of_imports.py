"""What the ledger of consent says of people who came with a list."""

from django.db import migrations

IMPORT = (
    "Agreed before they came here, and taken over with the list they came from. The wording they saw then is kept by"
    " whoever asked them."
)


def add_wording(apps, schema_editor):
    wording = apps.get_model("members", "Wording")
    wording.objects.get_or_create(kind="import", version="1", defaults={"text": IMPORT})


class Migration(migrations.Migration):
    dependencies = [("members", "0013_campaigns")]
    operations = [migrations.RunPython(add_wording, migrations.RunPython.noop)]
