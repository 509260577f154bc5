from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("delivery", "0002_storage")]

    operations = [
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(condition=models.Q(("done_at", None)), fields=["send"], name="batches_not_done"),
        )
    ]
