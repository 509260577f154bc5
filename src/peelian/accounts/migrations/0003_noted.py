from django.db import migrations

# What is made of these and kept is made anew when they change (core.database.fingerprint)
WATCH = "SELECT core_watch('accounts_organisation');"
FORGET = "DROP TRIGGER noted ON accounts_organisation;"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_changes"), ("accounts", "0002_photos_and_pages_elsewhere")]
    operations = [migrations.RunSQL(WATCH, FORGET)]
