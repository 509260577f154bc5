from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE core_installation (
                one boolean PRIMARY KEY DEFAULT true CHECK (one),
                demo boolean NOT NULL DEFAULT false,
                made_at timestamptz NOT NULL DEFAULT now()
            );
            INSERT INTO core_installation DEFAULT VALUES;
            """,
            "DROP TABLE core_installation;",
        )
    ]
