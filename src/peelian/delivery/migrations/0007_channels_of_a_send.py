from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models

# Of sends that are not done: pages say how much of each channel waits without counting the ledger
COUNT = """
UPDATE delivery_send s SET texts = x.texts, calls = x.calls
  FROM (SELECT send_id, count(*) FILTER (WHERE channel = 2) AS texts, count(*) FILTER (WHERE channel = 4) AS calls
          FROM delivery WHERE send_id IN (SELECT send_id FROM delivery_batch WHERE done_at IS NULL) GROUP BY send_id) x
 WHERE x.send_id = s.id AND x.texts + x.calls > 0
"""


class Migration(migrations.Migration):
    dependencies = [("delivery", "0006_stages")]
    operations = [
        migrations.AddField("send", "texts", models.IntegerField(default=0, db_default=0)),
        migrations.AddField("send", "calls", models.IntegerField(default=0, db_default=0)),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.AddIndex("send", BrinIndex(fields=["created_at"], name="sends_by_time")),
    ]
