"""What residents may choose from is kept by each process and made anew when one of its tables changes."""

import pytest
from django.db import connection

from peelian.accounts.models import Organisation
from peelian.core import database
from peelian.members.models import Topic, Wording
from peelian.places.models import Area


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Topic, Organisation, Wording, Area])
def test_a_change_is_noted(model):
    before = database.changes(model)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = 0")
    assert database.changes(model) != before
