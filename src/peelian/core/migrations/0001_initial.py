from django.db import migrations, models

TABLES = """
CREATE UNLOGGED TABLE core_counter (
    key text NOT NULL, starts timestamptz NOT NULL, ends timestamptz NOT NULL, n bigint NOT NULL,
    PRIMARY KEY (key, starts)
);
CREATE UNLOGGED TABLE core_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX core_cache_expires ON core_cache (expires);
CREATE TABLE core_installation (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    demo boolean NOT NULL DEFAULT false,
    made_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO core_installation DEFAULT VALUES;
"""
DROP = "DROP TABLE core_installation; DROP TABLE core_counter; DROP TABLE core_cache;"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('media_type', models.CharField(max_length=40)),
                ('size', models.IntegerField()),
                ('content', models.BinaryField()),
                ('made_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('size__gt', 0), ('size__lte', 10485760)), name='a_file_has_ten_megabytes_at_most')],
            },
        ),
        # Pictures and PDFs are compressed already: trying again would cost time and save nothing
        migrations.RunSQL(
            "ALTER TABLE core_storedfile ALTER COLUMN content SET STORAGE EXTERNAL", migrations.RunSQL.noop
        ),
        migrations.RunSQL(TABLES, DROP),
    ]
