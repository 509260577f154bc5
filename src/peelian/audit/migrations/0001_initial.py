import django.db.models
from django.db import migrations, models

# Partitions by month; a row refuses to be changed or deleted on every partition. TRUNCATE triggers are not inherited, so
# audit_month() puts one on each. ENABLE ALWAYS holds also under session_replication_role = replica. An event carries the
# moment it was written, not the one its transaction began: a long one cannot add to a day that is sealed (actions.seal).
CREATE = """
CREATE SEQUENCE audit_event_id;
CREATE TABLE audit_event (
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    id bigint NOT NULL DEFAULT nextval('audit_event_id'),
    actor_kind varchar(12) NOT NULL, actor_id bigint, actor_label varchar(60) NOT NULL,
    verb varchar(60) NOT NULL, object_kind varchar(30) NOT NULL, object_id varchar(60) NOT NULL,
    data jsonb NOT NULL DEFAULT '{}', request_id varchar(36) NOT NULL,
    PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
CREATE INDEX audit_by_object ON audit_event (object_kind, object_id, at DESC);
CREATE INDEX audit_by_actor ON audit_event (actor_kind, actor_id, at DESC);
CREATE INDEX audit_by_verb ON audit_event (verb, at DESC);

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail cannot be changed.' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION audit_month(day date) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    first date := date_trunc('month', day);
    part text := 'audit_event_' || to_char(day, 'YYYY_MM');
BEGIN
    IF to_regclass(part) IS NULL THEN
        EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF audit_event FOR VALUES FROM (%L) TO (%L)',
            part, first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month') AT TIME ZONE 'UTC');
        EXECUTE format('CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION audit_refuse()', part);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I EXECUTE FUNCTION audit_refuse()', part);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER no_change, ENABLE ALWAYS TRIGGER no_truncate', part);
    END IF;
    RETURN part;
END $$;

CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_event EXECUTE FUNCTION audit_refuse();
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER no_truncate;
SELECT audit_month((date_trunc('month', now()) + make_interval(months => m))::date) FROM generate_series(0, 12) m;
"""
DROP = "DROP TABLE audit_event; DROP FUNCTION audit_month(date); DROP FUNCTION audit_refuse(); DROP SEQUENCE audit_event_id;"


class Migration(migrations.Migration):
    initial = True
    dependencies: list = []
    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("pk", models.CompositePrimaryKey("at", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=12)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_label", models.CharField(max_length=60)),
                ("verb", models.CharField(max_length=60)),
                ("object_kind", models.CharField(max_length=30)),
                ("object_id", models.CharField(max_length=60)),
                ("data", models.JSONField(default=dict)),
                ("request_id", models.CharField(max_length=36)),
            ],
            options={"db_table": "audit_event", "managed": False, "ordering": ["-at", "-id"]},
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("events", models.IntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]
