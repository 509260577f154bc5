"""The pages of residents and of staff."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from peelian.accounts.tests.factories import make_area, sign_in
from peelian.core import clock, raising
from peelian.core.errors import NotFound
from peelian.events import actions, tokens
from peelian.events.forms.planning import EventForm
from peelian.events.models import Event, SignUp
from peelian.events.tests.factories import Desk, make_event, make_sign_up
from peelian.members.tests.factories import make_member
from peelian.places.models import Postcode

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def staff(client, desk):
    sign_in(client, desk.officer)
    return client


def test_drafts_and_what_is_not_public_are_not_there(client, desk):
    hidden = [desk.event(state="draft"), desk.event(kind="advisory")]
    shown = desk.event(title="Come and talk")
    assert client.page("/events/").texts(".ev-item__title") == ["Come and talk"]
    for event in hidden:
        for path in (f"/events/{event.ref}/", f"/events/{event.ref}.ics", f"/events/{event.ref}/sign-up/"):
            assert client.get(path).status_code == 404
    assert client.get(f"/events/{shown.ref}/").headers["Cache-Control"] == "public, max-age=60"


def test_events_near_a_postcode_are_those_of_the_area_and_of_where_it_lies(client, desk):
    from peelian.places.actions import settle_tree

    sector = make_area("S01", "Elm sector", kind="sector")
    far = make_area("W02", "Castle Vale", at=1)
    settle_tree()
    desk.ward.refresh_from_db()
    assert desk.ward.parent_id == sector.pk
    for area, title in ((desk.ward, "Here"), (sector, "Around"), (far, "Far")):
        desk.event(area=area, title=title)
    Postcode.objects.create(code="B11AA", longitude=-18_950_000, latitude=524_050_000)
    assert client.page("/events/", {"postcode": "b1 1aa"}).texts(".ev-item__title") == ["Here", "Around"]
    page = client.page("/events/", {"postcode": "ZZ9 9ZZ"})
    assert "We do not know this postcode" in page.text()
    feed = Calendar.from_ical(client.get("/areas/W01/events.ics").content)
    assert [str(one["SUMMARY"]) for one in feed.walk("VEVENT")] == ["Here", "Around"]


def test_the_pages_ask_the_database_as_often_for_many(client, desk, django_assert_max_num_queries):
    for number in range(6):
        make_sign_up(desk.event(takes_sign_ups=True, capacity=9), f"p{number}@home.example")
    with django_assert_max_num_queries(2):
        client.get("/events/")
    with django_assert_max_num_queries(3):
        client.get(f"/events/{Event.objects.first().ref}/")
    with django_assert_max_num_queries(7):
        client.get("/areas/W01/events.ics")


def test_a_cancelled_event_says_why_and_stays_in_calendars(client, desk):
    event = desk.event()
    actions.cancel_event(event=event, because="The hall is flooded.", by=desk.officer)
    page = client.page(f"/events/{event.ref}/")
    assert "The hall is flooded." in page.text()
    feed = Calendar.from_ical(client.get("/areas/W01/events.ics").content)
    assert [str(one["STATUS"]) for one in feed.walk("VEVENT")] == ["CANCELLED"]


def test_signing_up_by_email_confirming_and_cancelling(client, desk):
    event = desk.event(takes_sign_ups=True, capacity=1)
    form = client.get(f"/events/{event.ref}/sign-up/")
    assert form.headers["Referrer-Policy"] == "same-origin"  # with none a browser names no origin, and is refused
    sent = client.page(f"/events/{event.ref}/sign-up/", {"email": "a@home.example", "people": "1"}, post=True)
    assert sent.texts("h1") == ["Look at your email"]
    row = SignUp.objects.get()
    path = f"/events/place/{tokens.make(row.pk, row.address_id)}/"
    assert client.page(path).texts("h1") == ["Are you coming?"]
    row.refresh_from_db()
    assert row.state == "asked"  # a mail program that opens links books nothing
    assert client.page(path, {"do": "confirm"}, post=True).texts("h1") == ["You have a place"]
    assert "All places are taken" in client.page(f"/events/{event.ref}/").text()
    assert client.page(path, {"do": "cancel"}, post=True).texts("h1") == ["You are not signed up"]
    assert client.get(f"{path[:-3]}x/").status_code == 410


def test_a_member_who_is_signed_in_types_no_address(client, desk):
    from peelian.members import sessions

    member = make_member()
    session = client.session
    session[sessions.ADDRESS] = member.email_id
    session[sessions.SEEN] = session[sessions.SINCE] = int(clock.now().timestamp())
    session.save()
    event = desk.event(takes_sign_ups=True)
    page = client.page(f"/events/{event.ref}/sign-up/")
    assert page.document.cssselect("[name=email]") == []
    assert client.page(f"/events/{event.ref}/sign-up/", {"people": "2"}, post=True).texts("h1") == ["You have a place"]
    assert event.title in client.page("/me/").text()
    row = SignUp.objects.get()
    assert (row.member_id, row.people) == (member.pk, 2)
    client.page(f"/me/events/{row.pk}/cancel/", post=True)
    row.refresh_from_db()
    assert row.state == "cancelled"


def test_an_event_is_planned_published_and_found(staff, desk):
    day = clock.today() + timedelta(days=20)
    given = {
        "kind": "pact", "title": "PACT meeting", "day": f"{day:%Y-%m-%d}", "starts": "18:30", "ends": "20:00",
        "team": desk.team.pk, "area": desk.ward.pk, "public": "on", "venue": "Library", "every": "week",
        "until": f"{day + timedelta(days=15):%Y-%m-%d}", "access": ["step-free", "quiet-space"],
    }  # fmt: skip
    page = staff.page("/staff/events/new/", given, post=True)
    assert page.texts("h1") == ["PACT meeting"]
    assert "Every week on" in page.text()
    assert "2 events after this one" in page.text()
    ref = Event.objects.order_by("starts_at").first().ref
    staff.page(f"/staff/events/{ref}/publish/", {"which": "following"}, post=True)
    assert staff.page("/events/").texts(".ev-item__title") == ["PACT meeting"] * 3
    shown = staff.page(f"/events/{ref}/").text()
    assert "Step-free way in" in shown
    assert "Quiet space" in shown
    assert staff.page("/staff/events/?which=nonsense").texts(".ev-item__title") == ["PACT meeting"] * 3


def test_a_wrong_form_says_what_and_keeps_what_was_typed(staff, desk):
    page = staff.page("/staff/events/new/", {"title": "Half a form"}, post=True)
    assert page.texts(".govuk-error-summary h2") == ["There is a problem"]
    assert page.document.cssselect("[name=title]")[0].get("value") == "Half a form"


def test_a_draft_is_thrown_away_when_somebody_said_yes_and_a_published_event_never(staff, desk):
    draft, published = desk.event(state=Event.State.DRAFT), desk.event()
    address = f"/staff/events/{draft.ref}/discard/"
    assert "cannot be brought back" in staff.get(address).content.decode()
    assert Event.objects.filter(pk=draft.pk).exists()
    staff.post(address)
    assert list(Event.objects.all()) == [published]
    assert staff.get(f"/staff/events/{published.ref}/discard/").status_code == 409


def test_after_an_event(staff, desk):
    event = desk.event(clock.now() - timedelta(days=1), takes_sign_ups=True)
    path = f"/staff/events/{event.ref}/"
    assert "how many came?" in staff.page("/staff/events/?which=figures").text()
    staff.page(f"{path}figures/", {"attended": "24", "band-under-18": "3"}, post=True)
    wrong = staff.page(f"{path}figures/", {"attended": "2", "band-under-18": "3"}, post=True)
    assert "“Under 18” is more than the 2 who came" in wrong.text()
    staff.page(f"{path}raised/", {"said": "Cars race on Mill Lane", "people": "9", "area": desk.ward.pk}, post=True)
    due = f"{clock.today() + timedelta(days=9):%Y-%m-%d}"
    staff.page(f"{path}actions/", {"text": "Ask for a camera", "owner": desk.officer.pk, "due_on": due}, post=True)
    staff.page(f"{path}minutes/", {"text": "We **agreed** <script>alert(1)</script>"}, post=True)
    page = staff.page(path)
    assert "About 24 people" in page.text()
    assert "Cars race on Mill Lane" in page.text()
    assert "Pat Alder" in page.text()
    assert page.document.cssselect(".p-prose strong")
    assert "agreed" not in staff.page(f"/events/{event.ref}/").text()
    staff.page(f"{path}minutes/publish/", {"published": "yes"}, post=True)
    public = staff.page(f"/events/{event.ref}/")
    assert "agreed" in public.text()
    assert not public.document.cssselect("main script")
    action = event.actions.get()
    assert "Done" in staff.page(f"{path}actions/{action.pk}/done/", post=True).texts("#actions .p-tag")


def test_nobody_is_named_without_a_yes(staff, desk):
    event = desk.event(clock.now() - timedelta(days=1))
    path = f"/staff/events/{event.ref}/named/"
    page = staff.page(path, {"name": "Ann Other"}, post=True)
    assert "Without a yes nobody’s name is kept" in page.text()
    assert not event.attendees.exists()
    staff.page(path, {"name": "Ann Other", "agreed": "on", "email": "ann@home.example", "wants_back": "on"}, post=True)
    row = event.attendees.get()
    assert row.wording.startswith("We keep your name")
    assert row.wants_back
    assert "Ann Other" in staff.page(path).text()


def test_what_was_raised_is_read_by_those_whose_it_is(desk):
    from peelian.accounts.tests.factories import make_staff, make_team

    event = desk.event(clock.now() - timedelta(days=1))
    one = actions.raise_issue(event=event, said="Bins on fire", people=3, area=desk.ward, by=desk.officer)
    source = raising.issue_sources["events.raised"]
    found = source.read(desk.officer, one.pk)
    assert (found.said, found.people, found.area_id, found.on) == ("Bins on fire", 3, desk.ward.pk, event.day)
    assert found.member_ids == found.address_ids == ()
    assert source.url(one.pk) == f"/staff/events/{event.ref}/#raised"
    far = make_area("W02", "Castle Vale", at=1)
    with pytest.raises(NotFound):
        source.read(make_staff("officer", far, teams=[make_team("Castle Vale team", far)]), one.pk)


def test_the_trail_names_nobody(staff, desk):
    from django.db import connection

    event = desk.event(takes_sign_ups=True)
    actions.ask(event=event, email="secret@home.example", network="n", name="Ann Other", needs="Insulin")
    row = SignUp.objects.get()
    actions.confirm(token=tokens.make(row.pk, row.address_id))
    page = staff.page(f"/staff/events/{event.ref}/coming/")
    assert "Ann Other" in page.text()
    assert "Insulin" in page.text()
    assert "secret" not in page.text()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text || verb, ' ') FROM audit_event WHERE object_kind = 'event'")
        trail = cursor.fetchone()[0]
    assert "event.people_seen" in trail
    assert not any(word in trail for word in ("secret", "Ann", "Insulin"))


def test_an_event_elsewhere_is_not_there(staff, desk):
    from peelian.accounts.tests.factories import make_team

    far = make_area("W02", "Castle Vale", at=1)
    other = make_event(make_team("Castle Vale team", far), far)
    assert staff.get(f"/staff/events/{other.ref}/").status_code == 404


def test_the_list_goes_on_by_plain_links_and_nothing_is_left_out(client, staff, desk):
    starts = clock.now() + timedelta(days=1)
    for number in range(60):
        desk.event(starts + timedelta(hours=number // 2), title=f"Event {number:02}")  # two at a time begin together
    for path in ("/events/?kind=ward", "/staff/events/?kind=ward&which=upcoming"):
        seen, url = [], path
        while url:
            page = (staff if "staff" in path else client).page(url)
            seen += page.texts(".ev-item__title a")
            links = page.document.cssselect("a[rel=next]")
            url = f"{path.partition('?')[0]}{links[0].get('href')}" if links else ""
            assert "kind=ward" in url or not url
        assert seen == [f"Event {number:02}" for number in range(60)]
        assert page.texts("a[rel=prev]") == ["← Sooner"]
    assert client.page("/events/", {"page": "nonsense"}).texts(".ev-item__title")[0] == "Event 00"
    Event.objects.all().delete()
    assert "No more events" in client.page("/events/", {"page": "n1-1"}).text()


def test_a_venue_without_a_postcode_has_a_pin_and_the_map_comes_when_asked_for(staff, desk):
    given = {
        "kind": "stall", "title": "Night walk", "day": f"{clock.today() + timedelta(days=9)}", "starts": "22:00",
        "ends": "00:30", "team": desk.team.pk, "area": desk.ward.pk, "public": "on", "venue": "The bandstand",
        "longitude": "-1.8765432", "latitude": "52.4812345",
    }  # fmt: skip
    staff.page("/staff/events/new/", given, post=True)
    event = Event.objects.get()
    assert (event.longitude, event.latitude) == (-18765432, 524812345)
    staff.page(f"/staff/events/{event.ref}/publish/", {}, post=True)
    page = staff.page(f"/events/{event.ref}/")
    (part,) = page.document.cssselect("details[data-point]")
    assert part.get("hidden") is not None  # without script there is no map, and the words say where it is
    assert not page.document.cssselect("script[src*=leaflet], link[href*=leaflet]")
    edit = staff.page(f"/staff/events/{event.ref}/edit/")
    assert edit.document.cssselect("#id_longitude")[0].get("value") == "-1.8765432"
    half = staff.page("/staff/events/new/", {**given, "latitude": ""}, post=True)
    assert "The pin on the map was not whole" in half.text()
    away = staff.page("/staff/events/new/", {**given, "latitude": "95"}, post=True)
    assert "The pin on the map was not whole" in away.text()
    assert Event.objects.count() == 1


def test_the_pin_says_more_than_the_postcode(staff, desk):
    Postcode.objects.create(code="B11AA", longitude=-19_000_000, latitude=524_000_000)
    event = desk.event(postcode="B11AA", longitude=-19_000_000, latitude=524_000_000)
    page = staff.page(f"/staff/events/{event.ref}/edit/")
    assert page.document.cssselect("#id_longitude")[0].get("value") is None  # the postcode alone places it
    form = EventForm(desk.officer, event)
    assert form.initial["longitude"] is None
