"""Statements that are prepared, and notes of what has changed."""

import pytest
from django.db import DataError, connection, transaction

from peelian.core import database
from peelian.core.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture
def watched():
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_watch('core_storedfile')")


def file(name, **given):
    return StoredFile(sha256=name * 64, media_type="text/plain", size=1, content=name.encode(), **given)


def test_a_fingerprint_changes_with_every_statement_and_with_nothing_else(watched):
    seen = [database.fingerprint(StoredFile)]
    assert database.fingerprint(StoredFile) == seen[0]
    one = StoredFile.objects.create(sha256="a" * 64, size=1, content=b"1")
    seen.append(database.fingerprint(StoredFile))
    StoredFile.objects.filter(pk=one.pk).update(size=1)
    seen.append(database.fingerprint(StoredFile))
    StoredFile.objects.all().delete()
    seen.append(database.fingerprint(StoredFile))
    assert len(set(seen)) == 4


def test_what_is_undone_is_not_taken_for_what_comes_after(watched):
    seen = {database.changes(StoredFile)}
    for _ in range(2):
        with transaction.atomic():
            StoredFile.objects.create(sha256="a" * 64, size=1, content=b"1")
            seen.add(database.changes(StoredFile))
            transaction.set_rollback(True)
    assert len(seen) == 3


def test_notes_of_many_changes_go_and_leave_another_number(watched):
    for _ in range(database.KEPT_CHANGES):
        StoredFile.objects.filter(size=0).update(size=0)
    before = database.changes(StoredFile)
    database.forget_changes()
    assert database.changes(StoredFile) == before  # somebody may not have committed yet
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_change SET at = now() - interval '2 hours'")
        database.forget_changes()
        assert database.changes(StoredFile) != before
        cursor.execute("SELECT count(*) FROM core_change WHERE what = 'core_storedfile'")
        assert cursor.fetchone() == (1,)


def test_rows_are_written_as_django_writes_them(django_assert_num_queries):
    rows = [file("a"), file("b")]
    with django_assert_num_queries(1):
        database.insert(*rows)
    for row in rows:
        kept = StoredFile.objects.get(pk=row.pk)
        assert (kept.sha256, bytes(kept.content), kept.made_at) == (row.sha256, row.content, row.made_at)
    rows[0].size = 2
    rows[0].save()  # it knows that it is there
    database.insert(file("c", pk=rows[1].pk + 1))
    assert list(StoredFile.objects.order_by("pk").values_list("size", flat=True)) == [2, 1, 1]


def test_a_prepared_statement_survives_what_is_undone():
    def ask(value):
        with database.prepared() as cursor:
            cursor.execute("SELECT 6 / %s::int", [value])
            return cursor.fetchone()[0]

    assert [ask(1), ask(2)] == [6, 3]
    with pytest.raises(DataError), transaction.atomic():
        ask(0)
    assert ask(3) == 2
