from django.db import migrations


class Migration(migrations.Migration):
    dependencies: list = []
    operations = [
        migrations.RunSQL(
            """
            CREATE UNLOGGED TABLE core_counter (
                key text NOT NULL, starts timestamptz NOT NULL, ends timestamptz NOT NULL, n bigint NOT NULL,
                PRIMARY KEY (key, starts)
            );
            CREATE UNLOGGED TABLE core_cache (
                cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
            );
            CREATE INDEX core_cache_expires ON core_cache (expires);
            """,
            "DROP TABLE core_counter; DROP TABLE core_cache;",
        )
    ]
