from django.db import migrations

# A row for each statement that changed a watched table, with a number that no other has: what is made of such a table
# and kept is made anew when these rows are others (core.database.fingerprint). Rows are added, never changed, so that
# nobody waits for anybody else's transaction.
TABLE = """
CREATE TABLE core_change (
    what name NOT NULL,
    n bigint NOT NULL DEFAULT hashtextextended(gen_random_uuid()::text, 0),
    at timestamptz NOT NULL DEFAULT now()
);
CREATE FUNCTION core_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO core_change (what) VALUES (TG_TABLE_NAME);
    RETURN NULL;
END $$;
CREATE FUNCTION core_watch(watched text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I'
        ' FOR EACH STATEMENT EXECUTE FUNCTION core_note_change()', watched);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER noted', watched);
    INSERT INTO core_change (what) VALUES (watched);
END $$;
"""
DROP = "DROP FUNCTION core_watch(text); DROP FUNCTION core_note_change() CASCADE; DROP TABLE core_change;"


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(TABLE, DROP)]
