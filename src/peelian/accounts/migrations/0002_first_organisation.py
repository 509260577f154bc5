from django.db import migrations


def add(apps, schema_editor):
    """A new installation has the police and one team for the whole force."""
    police = apps.get_model("accounts", "Organisation").objects.create(slug="police", name="Police", bit=0)
    apps.get_model("accounts", "Team").objects.create(slug="force", name="Force team", organisation=police)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
