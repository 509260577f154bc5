import pytest

from peelian.audit.actions import SYSTEM
from peelian.audit.models import Event
from peelian.contacts import actions, hooks, queries
from peelian.contacts.models import Address

pytestmark = pytest.mark.django_db
EMAIL, MOBILE, LANDLINE = Address.Kind


@pytest.fixture
def told(monkeypatch):
    """What the hook was called with."""
    heard: list[list[int]] = []
    monkeypatch.setitem(hooks.suppression_changed._items, "a test", heard.append)
    return heard


def test_an_address_is_one_row_however_it_is_typed():
    first = actions.address(EMAIL, "Sam@Home.example")
    assert actions.address(EMAIL, "sam@home.EXAMPLE ") == first
    assert actions.address(MOBILE, "07700 900123").value == actions.address(MOBILE, "+447700900123").value
    assert Address.objects.count() == 2


def test_suppression_keeps_its_first_reason_is_told_and_audited_without_the_address(told):
    sam, ali = actions.address(EMAIL, "sam@home.example"), actions.address(EMAIL, "ali@home.example")
    assert actions.suppress(address_ids=[sam.pk], why=Address.Suppression.BOUNCED, by=SYSTEM) == 1
    assert actions.suppress(address_ids=[sam.pk, ali.pk], why=Address.Suppression.STOPPED, by=SYSTEM) == 1
    sam.refresh_from_db()
    assert (sam.suppression, sam.suppressed_at is None) == ("bounced", False)
    assert told == [[sam.pk], [ali.pk]]
    events = list(Event.objects.order_by("id").values_list("verb", "object_kind", "data"))
    assert [verb for verb, _, _ in events] == ["address.suppressed", "address.suppressed"]
    assert "home.example" not in str(events)


def test_lifting_says_whether_there_was_anything_to_lift(told):
    sam = actions.address(EMAIL, "sam@home.example")
    assert not actions.lift(address_id=sam.pk, by=SYSTEM)
    actions.suppress(address_ids=[sam.pk], why=Address.Suppression.STOPPED, by=SYSTEM)
    assert actions.lift(address_id=sam.pk, by=SYSTEM)
    sam.refresh_from_db()
    assert (sam.suppression, sam.suppressed_at) == ("", None)
    assert told == [[sam.pk], [sam.pk]]


def test_a_suppression_without_a_reason_is_a_mistake():
    with pytest.raises(ValueError, match="reason"):
        actions.suppress(address_ids=[1], why=Address.Suppression.NONE, by=SYSTEM)


@pytest.mark.parametrize(
    ("kind", "value", "seen"),
    [
        (EMAIL, "jo@example.org", "j…@example.org"),
        (MOBILE, "07700 900123", "07… …123"),
        (LANDLINE, "01632 960456", "01… …456"),
        (MOBILE, "+353 85 012 3456", "+35… …456"),
    ],
)
def test_masked_shows_its_owner_enough(kind, value, seen):
    assert queries.masked(actions.address(kind, value)) == seen


def test_find_reads_what_people_type():
    sam = actions.address(MOBILE, "07700 900123")
    assert queries.find("+44 7700 900 123") == sam
    assert queries.find("nobody@home.example") is None
    assert queries.find("not a number") is None
