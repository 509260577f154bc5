"""Sessions as Django keeps them, in one statement each."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.models import Session

from peelian.core import clock
from peelian.core.sessions import SessionStore

pytestmark = pytest.mark.django_db


def kept(**data):
    session = SessionStore()
    session.update(data)
    session.save()
    return session


def test_a_session_is_kept_read_changed_and_ended(django_assert_num_queries):
    with django_assert_num_queries(1):
        key = kept(name="Sam").session_key
    with django_assert_num_queries(1):
        assert SessionStore(key)["name"] == "Sam"
    session = SessionStore(key)
    session["name"] = "Kim"
    with django_assert_num_queries(1):
        session.save()
    assert Session.objects.get(pk=key).get_decoded() == {"name": "Kim"}
    session.flush()
    assert not Session.objects.exists()


def test_a_new_key_takes_everything_along_and_leaves_nothing_behind():
    session = kept(name="Sam")
    before = session.session_key
    session.cycle_key()
    assert session.session_key != before
    assert SessionStore(session.session_key)["name"] == "Sam"
    assert SessionStore(before).get("name") is None


@pytest.mark.parametrize("key", ["unknown-to-us-0000000000000000000", "short", ""])
def test_a_key_we_did_not_give_holds_nothing_and_is_not_taken_over(key):
    session = SessionStore(key)
    assert session.get("name") is None
    session["name"] = "Sam"
    session.save()
    assert session.session_key != key


def test_what_has_ended_is_empty_and_stays_so():
    session = kept(name="Sam")
    Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))
    assert SessionStore(session.session_key).get("name") is None
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        session.save()  # signed out elsewhere: it does not come back


def test_a_key_is_somebodys_once():
    session = kept(name="Sam")
    other = SessionStore()
    other._session_key = session.session_key
    with pytest.raises(CreateError):
        other.save(must_create=True)
    assert SessionStore(session.session_key)["name"] == "Sam"
