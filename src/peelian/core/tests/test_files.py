"""File bytes in the database: once each, ten megabytes at most, gone when nobody points to them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DataError, IntegrityError, transaction

from peelian.core import clock, files
from peelian.core.models import StoredFile


def test_the_same_bytes_are_one_row(db):
    first, again = files.keep(b"a picture", "image/png"), files.keep(b"a picture", "image/png")

    assert first.pk == again.pk
    assert (first.size, bytes(StoredFile.objects.get().content)) == (9, b"a picture")


def test_too_large_and_nothing_at_all_are_refused(db):
    with pytest.raises(files.TooLarge):
        files.keep(bytes(files.LARGEST + 1), "application/pdf")
    with pytest.raises(files.Empty):
        files.keep(b"", "text/plain")
    assert files.keep(bytes(files.LARGEST), "application/pdf").size == 10_485_760


def test_the_table_itself_refuses_too(db):
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        StoredFile.objects.create(sha256="x", media_type="text/plain", size=files.LARGEST + 1, content=b"x")


def test_a_download_is_never_opened_in_the_page(db):
    answer = files.download(files.keep(b"<script>", "text/plain"), 'note "1"\r\nX: y.txt')

    assert answer["Content-Disposition"].startswith("attachment;")
    assert "\n" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_what_nobody_points_to_goes_after_a_day(db):
    files.keep(b"forgotten", "text/plain")

    assert files.delete_unused(clock.now() + timedelta(hours=23)) == 0
    assert files.delete_unused(clock.now() + timedelta(hours=25)) == 1
