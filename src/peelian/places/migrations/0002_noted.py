from django.db import migrations

# What is made of these and kept is made anew when they change (core.database.fingerprint)
WATCH = "SELECT core_watch('places_area');"
FORGET = "DROP TRIGGER noted ON places_area;"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_changes"), ("places", "0001_initial")]
    operations = [migrations.RunSQL(WATCH, FORGET)]
