"""Three taps, tied to team, shift and place; a day to mend."""

from datetime import timedelta

import pytest

from peelian.accounts.tests.factories import make_area, make_staff, make_team, sign_in
from peelian.core import clock, raising
from peelian.core.errors import NotFound
from peelian.core.periods import Period
from peelian.events import actions, errors
from peelian.events.models import Spot, StreetContact
from peelian.events.queries import street as queries
from peelian.events.tests.factories import Desk

pytestmark = pytest.mark.django_db
INSIDE = (-18_950_000, 524_050_000)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def phone(client, desk):
    sign_in(client, desk.officer)
    return client


def log(desk, **given):
    values = {"by": desk.officer, "team": desk.team, "kind": "talk", "size": "2-5", "area": desk.ward}
    return actions.log_contact(**{**values, **given})


def test_three_taps_without_script(phone, desk):
    page = phone.page("/staff/events/street/")
    team = page.document.cssselect("[name=team]")[0].get("value")
    assert "here" in [radio.get("value") for radio in page.document.cssselect("[name=place]")]
    assert page.document.cssselect("#here")[0].get("hidden") is not None  # the script shows it
    kept = phone.page(
        "/staff/events/street/",
        {"team": team, "kind": "shop", "place": f"area-{desk.ward.pk}", "size": "6-10"},
        post=True,
    )
    assert kept.texts("h1") == ["It is kept"]
    row = StreetContact.objects.get()
    assert (row.kind, row.people, row.area_id, row.team_id, row.staff_id) == (
        "shop", 8, desk.ward.pk, desk.team.pk, desk.officer.pk,
    )  # fmt: skip
    assert row.shift_day == queries.shift_day()
    assert row.longitude is None
    again = phone.page("/staff/events/street/")  # the next is often like the last
    checked = {radio.get("value") for radio in again.document.cssselect("input[checked]")}
    assert checked == {"shop", f"area-{desk.ward.pk}"}
    assert "This shift: 1 talk, about 8 people" in again.text()


def test_what_is_missing_is_said_and_nothing_is_kept(phone, desk):
    page = phone.page("/staff/events/street/", {"size": "1"}, post=True)
    assert "Tap what it was, then where, then how many" in page.text()
    here = {"kind": "talk", "place": "here", "size": "1"}
    assert "did not say where you are" in phone.page("/staff/events/street/", here, post=True).text()
    for x, y in (("5.0", "40.0"), ("nan", "52"), ("999", "52"), ("1e300", "52")):
        wrong = phone.page("/staff/events/street/", {**here, "longitude": x, "latitude": y}, post=True)
        assert wrong.texts("h1") == ["Log a talk"]
    assert not StreetContact.objects.exists()


def test_where_the_phone_is_can_be_named_and_chosen_again(phone, desk):
    here = {"kind": "talk", "place": "here", "size": "1", "longitude": "-1.895", "latitude": "52.405"}
    phone.page("/staff/events/street/", here, post=True)
    row = StreetContact.objects.get()
    assert (row.longitude, row.latitude) == INSIDE
    assert row.area == desk.ward
    said = {"said": "Bikes on the pavement", "place": "Outside the library", "kind": "talk", "size": "1"}
    phone.page(f"/staff/events/street/{row.pk}/", said, post=True)
    row.refresh_from_db()
    assert (row.said, row.spot.label) == ("Bikes on the pavement", "Outside the library")
    assert "Outside the library" in phone.page("/staff/events/street/").text()
    again = log(desk, spot=Spot.objects.get(), area=None)
    assert (again.longitude, again.latitude, again.area_id) == (*INSIDE, desk.ward.pk)


def test_a_talk_in_a_running_hotspot_is_tied_to_it_and_nobody_sees_it(phone, desk):
    hotspot = make_area("H1", "Trial unit 7", kind="hotspot")
    assert log(desk, point=INSIDE, area=None).hotspot == hotspot
    assert log(desk).hotspot is None  # a whole ward is no place in a hotspot
    assert "Trial unit" not in phone.page("/staff/events/street/talks/").text()


def test_mended_for_a_day_by_who_logged_it(phone, desk):
    row = log(desk)
    colleague = make_staff("officer", desk.ward, teams=[desk.team])
    assert not row.may_be_mended_by(colleague)
    other = log(desk, by=colleague)
    assert phone.get(f"/staff/events/street/{other.pk}/").status_code == 404
    StreetContact.objects.filter(pk=row.pk).update(at=clock.now() - timedelta(hours=24))
    row.refresh_from_db()
    with pytest.raises(errors.TooLate):
        actions.mend_contact(contact=row, by=desk.officer, said="Too late")
    with pytest.raises(errors.TooLate):
        actions.remove_contact(contact=row, by=desk.officer)
    assert "can no longer be mended" in phone.page(f"/staff/events/street/{row.pk}/").text()


def test_only_for_a_team_one_is_in(desk):
    far = make_area("W02", "Castle Vale", at=1)
    other = make_team("Castle Vale team", far)
    with pytest.raises(errors.NotYourTeam):
        log(desk, team=other)
    one = log(desk)
    stranger = make_staff("officer", far, teams=[other])
    assert list(queries.contacts_for(stranger)) == []
    with pytest.raises(NotFound):
        raising.issue_sources["events.street"].read(stranger, one.pk)
    assert raising.issue_sources["events.street"].read(desk.officer, one.pk).people == 3


def test_the_list_asks_as_often_for_many(phone, desk, django_assert_max_num_queries):
    for _ in range(8):
        log(desk)
    with django_assert_max_num_queries(9):
        phone.get("/staff/events/street/talks/")


def test_an_early_morning_belongs_to_the_shift_that_began_the_day_before(monkeypatch):
    night = clock.london(clock.today(), clock.now().time().replace(hour=4, minute=59, second=0, microsecond=0))
    monkeypatch.setattr(clock, "now", lambda: night)
    assert queries.shift_day() == night.astimezone(clock.LONDON).date() - timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: night + timedelta(minutes=2))
    assert queries.shift_day() == night.astimezone(clock.LONDON).date()


def test_figures_by_month_area_and_team_each_with_its_base(desk):
    from peelian.core.measures import measures
    from peelian.core.panels import Scope, engagement_sources
    from peelian.places.actions import settle_tree

    sector = make_area("S01", "Elm sector", kind="sector")
    other = make_area("W02", "Castle Vale", at=1)
    settle_tree()
    begun = clock.now() - timedelta(days=40)
    for attended, kind in ((10, "pact"), (30, "stall"), (None, "ward")):
        desk.event(begun, attended=attended, kind=kind)
    desk.event(begun, state="cancelled")
    desk.event(begun, area=other, attended=2)
    StreetContact.objects.filter(pk=log(desk).pk).update(at=begun)
    month = Period.month_of(begun.astimezone(clock.LONDON).date())
    held, people = measures["meetings-held"], measures["event-people"]
    assert held.compute(month, None).numerator == 3
    assert held.compute(month, desk.ward.pk).numerator == held.compute(month, sector.pk).numerator == 2
    came = people.compute(month, desk.ward.pk)
    assert (came.numerator, came.denominator, people.value(came)) == (40, 2, 20)
    for one in (held, people):
        at_once = one.compute_areas(month)
        assert at_once[sector.pk] == one.compute(month, sector.pk)
        assert one.compute(month.year_before(), None) is None  # no events yet is no nought
    counts = {
        code: engagement_sources[code].count(Scope(month, area_id=desk.ward.pk, team_id=desk.team.pk))
        for code in ("events.meetings", "events.people", "events.street")
    }
    assert counts == {"events.meetings": 2, "events.people": 40, "events.street": 1}
