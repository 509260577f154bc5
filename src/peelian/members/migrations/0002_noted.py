from django.db import migrations

# What is made of these and kept is made anew when they change (core.database.fingerprint)
WATCH = "SELECT core_watch('members_topic'); SELECT core_watch('members_wording');"
FORGET = "DROP TRIGGER noted ON members_topic; DROP TRIGGER noted ON members_wording;"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_changes"), ("members", "0001_initial")]
    operations = [migrations.RunSQL(WATCH, FORGET)]
