from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("delivery", "0005_engine")]
    operations = [
        migrations.AddIndex(
            "send",
            models.Index(
                condition=models.Q(first_stage__isnull=False), fields=["id"], name="sends_in_their_first_stage"
            ),
        ),
        migrations.AddIndex(
            "send",
            models.Index(condition=models.Q(resume_at__isnull=False), fields=["resume_at"], name="sends_to_resume"),
        ),
    ]
