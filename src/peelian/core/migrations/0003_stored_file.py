from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_installation")]
    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("media_type", models.CharField(max_length=40)),
                ("size", models.IntegerField()),
                ("content", models.BinaryField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("size__gt", 0), ("size__lte", 10485760)),
                        name="a_file_has_ten_megabytes_at_most",
                    )
                ],
            },
        ),
        # Pictures and PDFs are compressed already: trying again would cost time and save nothing
        migrations.RunSQL(
            "ALTER TABLE core_storedfile ALTER COLUMN content SET STORAGE EXTERNAL", migrations.RunSQL.noop
        ),
    ]
