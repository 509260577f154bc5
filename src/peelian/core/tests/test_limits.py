"""Counters and what is kept in mind."""

from datetime import timedelta

import pytest

from peelian.core import limits
from peelian.core.database import fingerprint
from peelian.core.models import StoredFile

pytestmark = pytest.mark.django_db


def test_the_first_time_is_once_until_it_is_over_or_forgotten():
    assert [limits.first_time("asked", lasts=timedelta(days=30)) for _ in range(3)] == [True, False, False]
    assert limits.is_remembered("asked")
    assert limits.first_time("other", lasts=timedelta(days=30))
    limits.forget("asked")
    assert limits.first_time("asked", lasts=timedelta(seconds=-1))
    assert limits.first_time("asked", lasts=timedelta(days=1))  # what was kept is over
    assert not limits.first_time("asked", lasts=timedelta(days=1))


def test_a_fingerprint_changes_with_every_row_and_with_nothing_else():
    seen = [fingerprint(StoredFile)]
    assert fingerprint(StoredFile) == seen[0]
    one = StoredFile.objects.create(sha256="a" * 64, size=1, content=b"1")
    seen.append(fingerprint(StoredFile))
    StoredFile.objects.filter(pk=one.pk).update(size=1)
    seen.append(fingerprint(StoredFile))
    StoredFile.objects.all().delete()
    assert len(set(seen)) == 3
    assert fingerprint(StoredFile) == seen[0]
