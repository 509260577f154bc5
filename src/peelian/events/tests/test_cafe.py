"""A World Café: tables, notes by link, themes, and what is given back."""

from datetime import timedelta

import pytest

from peelian.accounts.tests.factories import sign_in
from peelian.core import clock
from peelian.events import actions, errors, renderer
from peelian.events.models import CafeNote, Event
from peelian.events.tests.factories import Desk, make_sign_up, told
from peelian.members.tests.factories import make_member

pytestmark = pytest.mark.django_db
QUESTIONS = ["What makes you feel safe?", "What would you change?"]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def cafe(desk) -> Event:
    """Going on now, with two questions and two tables."""
    event = desk.event(clock.now() - timedelta(minutes=30), kind="cafe", title="World Café in Elm Bridge")
    actions.set_up_cafe(event=event, questions=QUESTIONS, hosts=["PCSO", "Youth service"], by=desk.officer)
    return event


def test_a_host_keeps_notes_by_their_link_and_reads_no_other_table(client, cafe):
    first, second = cafe.tables.all()
    page = client.page(f"/events/table/{first.key}/?round=2", {"said": "More light <b>now</b>"}, post=True)
    assert page.texts(".ev-rows li > span") == ["More light <b>now</b>"]
    assert CafeNote.objects.get().round.number == 2
    assert "More light" not in client.page(f"/events/table/{second.key}/?round=2").text()
    assert "Write what was said" in client.page(f"/events/table/{first.key}/", {"said": " "}, post=True).text()
    assert client.page(f"/events/table/{first.key}/?round=99").texts("h2.govuk-heading-m") == QUESTIONS[:1]
    note = CafeNote.objects.get()
    assert client.post(f"/events/table/{second.key}/{note.pk}/remove/").status_code == 404
    client.page(f"/events/table/{first.key}/{note.pk}/remove/", post=True)
    assert not CafeNote.objects.exists()


@pytest.mark.parametrize(("begins", "status"), [(3, 410), (1.5, 200), (-2.5, 200), (-27, 410)])
def test_the_link_is_open_from_two_hours_before_until_a_day_after(client, cafe, begins, status):
    starts = clock.now() + timedelta(hours=begins)
    Event.objects.filter(pk=cafe.pk).update(starts_at=starts, ends_at=starts + timedelta(hours=2))
    assert client.get(f"/events/table/{cafe.tables.first().key}/").status_code == status


def test_altered_links_and_cancelled_events_are_closed(client, cafe, desk):
    key = cafe.tables.first().key
    assert client.get(f"/events/table/{key[:-1]}x/").status_code == 410
    actions.cancel_event(event=cafe, because="No room", by=desk.officer)
    assert client.get(f"/events/table/{key}/").status_code == 410


def test_what_has_notes_is_not_left_out_and_links_stay(cafe, desk):
    keys = [table.key for table in cafe.tables.all()]
    actions.note_at_table(table=cafe.tables.last(), number=2, said="Youth club")
    for questions, hosts in ((QUESTIONS[:1], ["PCSO", "Youth"]), (QUESTIONS, ["PCSO"])):
        with pytest.raises(errors.HasNotes):
            actions.set_up_cafe(event=cafe, questions=questions, hosts=hosts, by=desk.officer)
    actions.set_up_cafe(event=cafe, questions=[*QUESTIONS, "And?"], hosts=["A", "B", "C"], by=desk.officer)
    assert [table.key for table in cafe.tables.all()][:2] == keys
    with pytest.raises(errors.NotACafe):
        actions.set_up_cafe(event=desk.event(), questions=QUESTIONS, hosts=["A"], by=desk.officer)


def test_from_notes_to_themes_to_what_is_given_back(client, cafe, desk):
    sign_in(client, desk.officer)
    path = f"/staff/events/{cafe.ref}/cafe/"
    codes = client.page(f"{path}codes/")
    assert len(codes.document.cssselect("svg.ev-code")) == 2
    table = cafe.tables.first()
    client.page(f"{path}notes/", {"number": "1", "table": table.pk, "said": "Light on the path"}, post=True)
    for said in ("Lamps are broken", "Dogs off the lead"):
        actions.note_at_table(table=table, number=1, said=said)
    ids = list(CafeNote.objects.order_by("pk").values_list("pk", flat=True))
    page = client.page(f"{path}notes/sort/", {"notes": ids[:2], "theme": "Light", "do": "tag"}, post=True)
    assert "2 under “Light”." in page.text()
    assert client.page(f"{path}notes/", {"which": "without"}).texts(".govuk-checkboxes__label span:first-child") == [
        "Dogs off the lead"
    ]
    wrong = client.page(f"{path}notes/sort/", {"notes": [ids[0], 999_999], "theme": "Light", "do": "tag"}, post=True)
    assert "Light" in wrong.text()
    with pytest.raises(errors.NothingLearned):
        actions.publish_back(event=cafe, story="", published=True, by=desk.officer)
    client.page(f"{path}back/", {"learned": "The canal path is the darkest", "theme": cafe.themes.get().pk}, post=True)
    assert "canal path" not in client.page(f"/events/{cafe.ref}/").text()
    client.page(f"{path}back/publish/", {"do": "publish", "story": "The council mends **six** lamps."}, post=True)
    public = client.page(f"/events/{cafe.ref}/").text()
    for said in ("The canal path is the darkest", "Light: 2 notes", "What makes you feel safe?", "six"):
        assert said in public
    assert "Lamps are broken" not in public  # no single note


def test_those_who_asked_to_hear_are_told_once(cafe, desk):
    asked = make_sign_up(cafe, "a@home.example", wants_back=True)
    make_sign_up(cafe, "b@home.example")
    make_sign_up(cafe, "c@home.example", wants_back=True, state="cancelled")
    for email in ("a@home.example", "d@home.example"):
        actions.write_down(event=cafe, name="Ann", email=email, wants_back=True, by=desk.officer)
    with pytest.raises(errors.BackNotPublished):
        actions.send_back(event=cafe, by=desk.officer)
    actions.add_insight(event=cafe, learned="Light matters", theme=None, by=desk.officer)
    actions.publish_back(event=cafe, story="", published=True, by=desk.officer)
    assert actions.send_back(event=cafe, by=desk.officer) == 2
    assert actions.send_back(event=cafe, by=desk.officer) == 0
    assert sorted(told(cafe, "back")) == [asked.address.value, "d@home.example"]
    made, telling = renderer.TellingRenderer(), cafe.tellings.get()
    email = made.email(telling.pk)
    assert f"/events/{cafe.ref}/" in email.text
    assert "place/" not in email.text
    assert "because you asked to hear" in email.text
    assert f"/events/{cafe.ref}/" in made.text(telling.pk)


def test_whoever_came_hears_in_the_language_that_they_read(cafe, desk):
    reads_urdu = make_member("ur@home.example", language="ur")
    make_sign_up(desk.event(), "pa@home.example", language="ur")
    for address in ("ur@home.example", "pa@home.example", "en@home.example"):
        actions.write_down(event=cafe, name="Ann", email=address, wants_back=True, by=desk.officer)
    actions.add_insight(event=cafe, learned="Light matters", theme=None, by=desk.officer)
    actions.publish_back(event=cafe, story="", published=True, by=desk.officer)
    assert actions.send_back(event=cafe, by=desk.officer) == 3
    by_language = {one.language: one.send.recipients for one in cafe.tellings.select_related("send")}
    assert by_language == {"": 1, "ur": 2}
    urdu = renderer.TellingRenderer().email(cafe.tellings.get(language="ur").pk)
    assert "What came of it" not in urdu.subject
    assert 'dir="rtl"' in urdu.html
    assert reads_urdu.email.value in told(cafe)
