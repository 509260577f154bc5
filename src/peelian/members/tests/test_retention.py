"""What has been kept long enough goes at night; a legal hold keeps it."""

import datetime as dt

import pytest

from peelian.audit.actions import COMMAND_LINE
from peelian.audit.models import Event
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.personal_data import register
from peelian.members import retention
from peelian.members.importing import importer, replaced
from peelian.members.models import AudienceRow, ErasedNumber, Member, ReplacedEmail
from peelian.members.placing import refresh
from peelian.members.tests.factories import make_ward
from peelian.members.tests.test_audience import make_member

pytestmark = pytest.mark.django_db
LONG_AGO = clock.now() - dt.timedelta(days=40)


def test_who_left_is_emptied_and_the_ward_stays():
    gone = make_member(-1.995, 52.005, first_name="Ann", left_at=LONG_AGO)
    held = make_member(-1.995, 52.005, first_name="Ben", left_at=LONG_AGO, legal_hold=True)
    here = make_member(-1.995, 52.005, first_name="Cat")
    address = gone.email
    for member in (gone, held):
        replaced.note(member_ids=[member.pk], old="old@home.example", new="new@home.example")
    retention.enforce()
    for member in (gone, held, here):
        member.refresh_from_db()
    assert (gone.first_name, gone.email, gone.longitude) == ("", None, None)
    assert list(ReplacedEmail.objects.values_list("member_id", flat=True)) == [held.pk]
    assert (held.first_name, here.first_name) == ("Ben", "Cat")
    assert Address.objects.get(pk=address.pk).value == f"erased-{address.pk}"
    assert Event.objects.filter(verb="personal_data.expired", object_id="members.Member").count() == 1


def test_a_registration_nobody_confirmed_is_erased():
    late = make_member(confirmed_at=None, source="web", joined_on=LONG_AGO.date(), first_name="Dan")
    imported = make_member(confirmed_at=None, source="import", joined_on=LONG_AGO.date(), first_name="Eve")
    refresh()
    retention.enforce()
    assert Member.objects.get(pk=late.pk).first_name == ""
    assert Member.objects.get(pk=imported.pk).first_name == "Eve"
    assert list(AudienceRow.objects.values_list("member_id", flat=True)) == [imported.pk]


def test_a_stopped_address_stays_stopped():
    stopped = Address.objects.create(kind=1, value="stop@home.example", suppression="stopped", suppressed_at=LONG_AGO)
    retention.enforce()
    assert Address.objects.get(pk=stopped.pk).value == "stop@home.example"


def test_every_expiry_runs_on_an_empty_installation():
    assert set(retention.enforce()) == {label for label, one in register.items() if one.expire}


def test_the_tombstone_keeps_ward_joined_and_left_and_no_list_brings_anybody_back(tmp_path):
    given = {"left_at": LONG_AGO, "external_id": "A1", "answers_taken_back": True, "area": make_ward()}
    gone = make_member(-1.995, 52.005, first_name="Ann", **given)
    retention.enforce()
    kept = Member.objects.filter(pk=gone.pk).values().get()
    plain = {field.attname: field.get_default() for field in Member._meta.concrete_fields if field.has_default()}
    told = {name: value for name, value in kept.items() if value not in (None, "") and value != plain.get(name)}
    assert set(told) == {"id", "area_id", "joined_on", "left_at", "organisations"}
    assert told["organisations"] == 0
    assert "A1" not in ErasedNumber.objects.get().digest

    path = tmp_path / "list.csv"
    path.write_text("external_id,email\nA1,ann@home.example\nB2,ben@home.example\n")
    outcome = importer.run(path, by=COMMAND_LINE)
    assert (outcome.new, outcome.left, outcome.rows) == (1, 1, 2)
    assert not Address.objects.filter(value="ann@home.example").exists()
