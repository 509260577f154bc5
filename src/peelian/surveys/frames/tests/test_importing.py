"""A list of victims comes in: strictly, once, and with as little of each person as asking them takes."""

from datetime import datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from peelian.accounts.roles import Role
from peelian.alerts.tests.factories import make_force
from peelian.audit.models import Event
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.errors import PeelianError, RuleBroken
from peelian.core.personal_data import register
from peelian.members import personal_data as members
from peelian.members.tests.factories import make_member
from peelian.surveys.frames import keeping, reading
from peelian.surveys.frames.models import Frame, FrameCell, FramePerson
from peelian.surveys.frames.rules import Reason
from peelian.surveys.frames.tests.factories import HEAD, as_csv, bring_in, keeper, row, victims
from peelian.surveys.tests.factories import make_officer, make_survey, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.PEELIAN_DEMO = True  # its accounts sign in without a second step


def noon(days: int) -> datetime:
    """So many days from today. As many hours from now may be another day: the clocks may change until then."""
    return clock.london(clock.today() + timedelta(days=days), time(12))


def test_every_row_is_taken_or_left_out_for_a_reason_and_who_is_left_out_is_nowhere():
    survey = victims()
    address = contacts.address(Address.Kind.EMAIL, "stopped@home.example")
    contacts.suppress(address_ids=[address.pk], why=Address.Suppression.STOPPED, by=survey.author)
    twice = row()
    rows = [
        row(), row(crime_type="Theft from a vehicle"), twice, twice | {"reference": "other/1"},
        row(safe_to_contact="no"), row(safe_to_contact=""), row(safe_to_contact="true"),
        row(domestic_abuse="yes", email="da@home.example"), row(crime_type="Domestic assault"),
        row(crime_type="Rape", email="rape@home.example"), row(age=17, email="young@home.example"), row(child="y"),
        row(crime_type="Child cruelty"), row(email="nowhere"), row(email="", mobile="123"),
        row(email="stopped@home.example"), row(age=18), row(email="", mobile="07700 900123"),
    ]  # fmt: skip
    frame = bring_in(survey, rows).frame
    assert (frame.rows, frame.people) == (18, 5)
    assert frame.left_out == {
        Reason.NOT_SAFE: 3, Reason.DOMESTIC: 2, Reason.SEXUAL: 1, Reason.CHILD: 3, Reason.CONTACT: 2, Reason.STOPPED: 1,
        Reason.TWICE: 1,
    }  # fmt: skip
    assert frame.rows == frame.people + sum(frame.left_out.values())
    assert sum(frame.cells.values_list("people", flat=True)) == 5
    for gone in ("da@", "rape@", "young@"):
        assert not Address.objects.filter(value__startswith=gone).exists()


def test_little_is_kept_and_no_reference_can_be_read():
    survey = victims()
    frame = bring_in(survey, [row(reference="43/TELLTALE/26")]).frame
    with connection.cursor() as cursor:
        for table in ("surveys_frame", "surveys_framecell", "surveys_frameperson", "audit_event"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            assert "TELLTALE" not in str(cursor.fetchall()).upper(), table
    assert keeping.people_of(frame).count() == 1
    assert FrameCell.objects.get().month.isoformat() == "2026-03-01"


def test_the_same_list_again_changes_nothing():
    survey = victims()
    rows = [row(), row(), row()]
    bring_in(survey, rows)
    again = bring_in(survey, [*rows, row()]).frame
    assert (again.people, again.left_out) == (1, {Reason.HERE: 3})
    nothing = bring_in(survey, rows).frame
    assert (nothing.people, nothing.left_out, nothing.deleted_on) == (0, {Reason.HERE: 3}, clock.today())
    assert FramePerson.objects.count() == 4


def test_who_is_on_another_list_or_was_asked_within_a_year_is_left_out():
    one, two = row(), row()
    bring_in(victims(), [one])
    other = bring_in(victims(), [one | {"reference": "x1"}, two]).frame
    assert (other.people, other.left_out) == (1, {Reason.LATELY: 1})


def test_an_address_that_came_back_gives_way_to_the_next():
    survey = victims()
    address = contacts.address(Address.Kind.EMAIL, "gone@home.example")
    contacts.suppress(address_ids=[address.pk], why=Address.Suppression.BOUNCED, by=survey.author)
    frame = bring_in(survey, [row(email="gone@home.example", mobile="07700 900321")]).frame
    assert keeping.people_of(frame).get().address.value == "+447700900321"


def test_areas_come_by_code_and_by_postcode():
    from peelian.places.models import Postcode

    force = make_force({"W00": 2, "W01": 2})
    west, south = force.areas["W00"].west, force.areas["W00"].south
    east, north = force.areas["W00"].east, force.areas["W00"].north
    Postcode.objects.create(code="HS12AB", longitude=(west + east) // 2, latitude=(south + north) // 2)
    frame = bring_in(victims(team=force.team), [row(area="W01"), row(area="hs1 2ab"), row(area="XX9 9XX"), row()]).frame
    found = dict(frame.cells.values_list("area__code", "people"))
    assert found == {"W01": 1, "W00": 1, None: 2}
    assert frame.without_area == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reference": ""}, "may.csv, line 3: reference: there is none."),
        ({"date": "yesterday"}, "may.csv, line 3: date: “yesterday” is not a date. Write it as 2026-03-27"),
        ({"date": "2099-01-01"}, "may.csv, line 3: date: 2099-01-01 is still to come."),
        ({"crime_type": "19C"}, "may.csv, line 3: crime_type: “19C”. Write the type of crime in words."),
        ({"crime_type": ""}, "may.csv, line 3: crime_type: there is none."),
        ({"crime_type": "x" * 61}, "may.csv, line 3: crime_type: it has more than 60 characters"),
        ({"age": "old"}, "may.csv, line 3: age: “old” is not an age in whole years."),
        ({"child": "no", "domestic_abuse": "no,more"}, "may.csv, line 3: the row has more fields"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_stops_the_whole_list_and_says_where(changed, said):
    survey = victims()
    with pytest.raises(PeelianError) as refused:
        bring_in(survey, [row(), row(**changed), row()])
    assert str(refused.value).startswith(said)
    assert str(refused.value).endswith("1 bad row: nothing was imported.")
    assert not Frame.objects.exists()
    assert "@home" not in str(refused.value)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("reference,crime_type,date,email", "there is no column named safe_to_contact."),
        ("reference,crime_type,date,safe_to_contact,area", "there is no column named email or mobile."),
        (f"{HEAD},surname", "no column is called “surname”, and more than is needed is not taken in."),
        (f"{HEAD},email", "the column email stands there twice."),
    ],
)
def test_columns_are_strict(head, said):
    from peelian.surveys.frames import importing

    survey = victims()
    with pytest.raises(RuleBroken) as refused:
        importing.import_upload(f"{head}\n".encode(), "may.csv", survey=survey, by=survey.author)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "may.csv is empty."),
        (f"{HEAD}\n".encode(), "may.csv has no row beneath its first line."),
        (HEAD.encode() + b"\n\xff\xfe\n", "may.csv, line 2: this is not UTF-8 text."),
        (HEAD.encode() + b'\n"open', "may.csv, line 1: this is not CSV"),
        (b"x" * (reading.LARGEST + 1), "may.csv is larger than 5 MB."),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(content, said):
    from peelian.surveys.frames import importing

    survey = victims()
    with pytest.raises(RuleBroken) as refused:
        importing.import_upload(content, "may.csv", survey=survey, by=survey.author)
    assert str(refused.value).startswith(said)


def test_the_page_looks_a_list_through_without_keeping_it_then_brings_it_in(client):
    from django.core.files.uploadedfile import SimpleUploadedFile

    survey = victims()
    client.force_login(keeper(survey))
    path = f"/staff/surveys/{survey.ref}/lists/"
    content = as_csv([row(), row(), row(safe_to_contact="no"), row(crime_type="Rape")])

    def file():
        return SimpleUploadedFile("may.csv", content, "text/csv")

    tried = client.page(path, {"file": file(), "check": "1"}, post=True)
    assert "Looked through, nothing kept" in tried.text()
    assert "Sexual offences" in tried.text()
    assert not Frame.objects.exists()
    made = client.page(path, {"file": file()}, post=True)
    assert "4 rows: 2 taken, 2 left out by rule." in made.text()
    assert Frame.objects.get().people == 2
    bad = client.page(path, {"file": SimpleUploadedFile("may.csv", b"a,b\n", "text/csv")}, post=True)
    assert "may.csv, line 1: there is no column named" in bad.text()
    event = Event.objects.get(verb="survey.frame_imported")
    assert (event.data["rows"], event.data["people"]) == (4, 2)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_few_roles_see_lists(client, role):
    survey = victims()
    client.force_login(make_officer(survey.team, role))
    assert client.get(f"/staff/surveys/{survey.ref}/lists/").status_code == 404


def test_a_list_of_another_survey_is_not_found(client):
    survey, other = victims(), victims(team=make_team("Castle Vale team"))
    frame = bring_in(other, [row()]).frame
    client.force_login(keeper(survey))
    assert client.get(f"/staff/surveys/{survey.ref}/lists/{frame.pk}/").status_code == 404


def test_the_command_imports_tries_and_sets_bad_rows_aside(tmp_path):
    survey = victims()
    file, aside = tmp_path / "may.csv", tmp_path / "bad.csv"
    file.write_bytes(as_csv([row(), row(date="never"), row(safe_to_contact="no")]))
    with pytest.raises(PeelianError, match="line 3: date: “never” is not a date"):
        call_command("import_frame", file, survey=survey.ref)
    said = StringIO()
    call_command("import_frame", file, survey=survey.ref, dry_run=True, skip_bad=aside, stdout=said)
    assert not Frame.objects.exists()
    assert said.getvalue().endswith("2 rows: 1 taken, 1 left out by rule; 1 bad row in "
                                    f"{aside}. That was a trial: nothing was kept.\n")  # fmt: skip
    call_command("import_frame", file, survey=survey.ref, skip_bad=aside, stdout=said)
    assert "1  left out: Not marked as safe to contact" in said.getvalue()
    assert Frame.objects.get().people == 1
    assert "never" in aside.read_text()
    with pytest.raises((PeelianError, CommandError), match="There is no survey nothing"):
        call_command("import_frame", file, survey="nothing")


def test_an_address_of_a_list_is_not_forgotten_in_the_night_before_the_list_is():
    survey = victims()
    frame = bring_in(survey, [row(email="held@home.example")]).frame
    members.forget_unused_addresses(clock.now())
    address = keeping.people_of(frame).get().address
    assert address.value == "held@home.example"
    keeping.delete_people(frame=frame, by=survey.author)
    members.forget_unused_addresses(clock.now())
    address.refresh_from_db()
    assert address.value == f"erased-{address.pk}"


def test_people_are_deleted_on_their_day_and_the_numbers_stay():
    survey = victims()
    frame = bring_in(survey, [row(), row(crime_type="Robbery")]).frame
    expire = register["surveys.FramePerson"].expire
    assert expire is not None
    assert expire(noon(89)) == 0
    assert expire(noon(90)) == 2
    frame.refresh_from_db()
    assert frame.deleted_on is not None
    assert (FramePerson.objects.count(), sum(frame.cells.values_list("people", flat=True))) == (0, 2)
    assert expire(noon(91)) == 0


def test_people_are_deleted_the_day_after_the_survey_closed():
    survey = victims()
    frame = bring_in(survey, [row()]).frame
    survey.state, survey.closed_on = "closed", clock.today()
    survey.save()
    frame.refresh_from_db()
    assert keeping.deleted_by(frame) == clock.today() + timedelta(days=1)
    assert keeping.delete_due(noon(1)) == 1


def test_a_legal_hold_keeps_somebody():
    survey = victims()
    member = make_member("ann@home.example")
    frame = bring_in(survey, [row(email="ann@home.example"), row()]).frame
    type(member).objects.filter(pk=member.pk).update(legal_hold=True)
    assert keeping.delete_people(frame=frame, by=survey.author) == 1
    assert keeping.people_of(frame).get().address_id == member.email_id
    type(member).objects.filter(pk=member.pk).update(legal_hold=False)
    assert keeping.delete_due(noon(100)) == 1


def test_delete_now_asks_first(client):
    survey = victims()
    frame = bring_in(survey, [row() for _ in range(6)]).frame
    client.force_login(keeper(survey))
    path = f"/staff/surveys/{survey.ref}/lists/{frame.pk}/delete/"
    assert "Delete the people of this list?" in client.page(path).text()
    assert FramePerson.objects.count() == 6
    after = client.page(path, post=True)
    assert "Deleted 6 people. The numbers stay." in after.text()
    assert not FramePerson.objects.exists()
    assert client.post(path).status_code == 409


def test_a_survey_that_is_thrown_away_takes_its_lists_along():
    survey = make_survey(state="draft")
    bring_in(survey, [row()])
    from peelian.surveys import actions

    actions.discard(survey=survey, by=survey.author)
    assert not FramePerson.objects.exists()
