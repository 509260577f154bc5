"""Surveys at the door: lists of addresses, visits, answers that no row ties to a door, and how far a round has come."""

import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from peelian.accounts.tests.factories import make_area, make_staff, sign_in
from peelian.audit.models import Event
from peelian.core import clock, personal_data
from peelian.surveys import actions as surveys
from peelian.surveys import doors, tokens
from peelian.surveys.doorstep import actions, listing, queries
from peelian.surveys.doorstep.models import NotAgain, Round, RoundDoor
from peelian.surveys.models import Answer, Answered, Boxed, How, Survey
from peelian.surveys.tests.factories import make_survey, make_team

pytestmark = pytest.mark.django_db
DOORS = "/staff/surveys/door/"
TEN = clock.london(dt.date(2026, 11, 18), dt.time(10))


@pytest.fixture
def survey():
    return make_survey(languages=["ur"])


@pytest.fixture
def officer(client, survey):
    staff = make_staff("supervisor", teams=[survey.team])
    sign_in(client, staff)
    return staff


def make_round(survey, text="Elm Grove: 1 to 9 odd, 12a", **more):
    return actions.make_round(survey=survey, by=survey.author, name="March", listed=listing.read(text), **more)


def door_of(found, number="1"):
    return RoundDoor.objects.select_related("street__round__survey").get(street__round=found, number=number)


# The list ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Elm Grove: 1 to 3, 12a\nOak Road: 2",
        "street,number\nElm Grove,1\nElm Grove,2\nElm Grove,3\nElm Grove,12A\nOak Road,2\nOak Road,2\n",
        '\ufeffNumbers,Street\n"1 to 3, 12a",Elm  Grove\n2,Oak Road\n',
    ],
)
def test_addresses_are_read_as_typed_or_as_csv_each_once(text):
    found = listing.read(text)
    assert [(one.street, one.number) for one in found] == [
        ("Elm Grove", "1"), ("Elm Grove", "2"), ("Elm Grove", "3"), ("Elm Grove", "12a"), ("Oak Road", "2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Give at least one address"),
        ("Elm Grove: 1\nOak Road: Mrs Poe", "Line 2: “Mrs Poe”: Give the number alone"),
        ("Elm Grove", "Line 1: It has no number."),
        ("12 Elm Grove: 1", "begins with a number. Write the street first"),
        ("x" * 81 + ": 1", "The street has 81 characters; 80 at most."),
        ('street,number\nElm Grove,"' + "1" * 140_000, "Line 2: this is not CSV (field larger than field limit"),
        ("street;number\nElm Grove;1", "Line 1: name the columns street and number."),
        ("\n".join(f"Street {letter * 3}: 1 to 400" for letter in "abcdefghijklmn"), "5,000 at most in one round"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_lost(client, officer, survey, text, said):
    with pytest.raises(listing.BadList) as problem:
        listing.read(text)
    assert said in str(problem.value)
    given = {"name": "March", "addresses": text, "every": "1", "days": "28"}
    page = client.page(f"/staff/surveys/{survey.ref}/rounds/new/", given, post=True)
    assert said in page.text()
    if text:
        assert page.texts("textarea")[0].split() == text.split()
    assert not Round.objects.exists()


def test_every_third_is_drawn_again_from_its_seed():
    listed = listing.read("Elm Grove: 1 to 100")
    start, drawn = listing.draw(listed, 3, 7)
    assert (start, drawn) == listing.draw(listed, 3, 7)
    assert 1 <= start <= 3
    assert [int(one.number) for one in drawn] == list(range(start, 101, 3))
    assert {listing.draw(listed, 3, seed)[0] for seed in range(40)} == {1, 2, 3}


def test_a_round_is_made_of_a_file_and_says_how_it_was_drawn(client, officer, survey):
    file = SimpleUploadedFile("streets.csv", b"street,number\n" + b"".join(b"Elm Grove,%d\n" % n for n in range(1, 41)))
    given = {"name": "March", "every": "4", "seed": "7", "days": "14", "file": file}
    page = client.page(f"/staff/surveys/{survey.ref}/rounds/new/", given, post=True)
    made = Round.objects.get()
    assert (made.listed, made.every, made.seed, made.delete_on) == (40, 4, 7, clock.today() + dt.timedelta(days=14))
    assert f"Every 4th of 40 addresses on the list, from number {made.start}, drawn with seed 7" in page.text()
    assert RoundDoor.objects.count() == 10


# Visits -----------------------------------------------------------------------------------------------------------


def test_an_officer_visits_and_who_is_not_in_comes_back_at_six(client, officer, survey, monkeypatch):
    made = make_round(survey)
    street = made.streets.get()
    monkeypatch.setattr(clock, "now", lambda: TEN)
    sign_in(client, officer)
    page = client.page(DOORS)
    assert page.texts(".streets__due") == ["6 doors to visit"]
    path = f"{DOORS}{street.pk}/"
    for number, outcome in (("1", "not-in"), ("3", "refused"), ("5", "never")):
        page = client.page(path, {"door": door_of(made, number).pk, "outcome": outcome}, post=True)
        assert f"{number}: {RoundDoor.Outcome(outcome).label.lower()}." in page.text()
    assert page.texts(".streets__due") == []
    doors = queries.doors_of(street)
    assert [[door.number for door in part] for part in (doors.due, doors.waiting, doors.visited)] == [
        ["7", "9", "12a"], ["1"], ["3", "5"],
    ]  # fmt: skip
    assert door_of(made, "1").hidden_until == TEN.replace(hour=18)
    monkeypatch.setattr(clock, "now", lambda: TEN + dt.timedelta(hours=8))
    assert [door.number for door in queries.doors_of(street).due] == ["1", "7", "9", "12a"]
    actions.visit(door=door_of(made, "1"), outcome="not-in", by=officer)
    assert door_of(made, "1").hidden_until == TEN + dt.timedelta(hours=23)  # nine the next morning


def test_nobody_calls_again_where_somebody_said_so_in_any_survey_of_the_team(officer, survey):
    actions.visit(door=door_of(make_round(survey), "3"), outcome="never", by=officer)
    again = make_round(make_survey(team=survey.team), "ELM GROVE: 1, 3")
    assert (again.left_out, [door.number for door in RoundDoor.objects.filter(street__round=again)]) == (1, ["1"])
    personal_data.register["surveys.NotAgain"].expire(clock.now() + dt.timedelta(days=731))
    assert not NotAgain.objects.exists()


def test_a_press_by_mistake_is_put_right(officer, survey):
    door = door_of(make_round(survey))
    actions.visit(door=door, outcome="never", by=officer)
    actions.visit(door=door, outcome="refused", by=officer)
    assert (door_of(door.street.round).outcome, NotAgain.objects.count()) == ("refused", 0)


def test_the_addresses_go_when_the_survey_closes_or_their_day_comes_and_the_counts_stay(officer, survey):
    first, second = make_round(survey, days=3), make_round(make_survey(team=survey.team))
    actions.visit(door=door_of(first), outcome="done", by=officer)
    expire = personal_data.register["surveys.RoundDoor"].expire
    assert expire(clock.now()) == 0
    Survey.objects.filter(pk=second.survey_id).update(state="closed")
    assert expire(clock.now()) == 1
    assert expire(clock.now() + dt.timedelta(days=4)) == 1
    assert not RoundDoor.objects.exists()
    first.refresh_from_db()
    assert (queries.counts(first).done, queries.counts(first).unvisited) == (1, 5)


def test_no_time_and_nobody_is_kept_of_a_visit(officer, survey):
    before = Event.objects.count()
    door = door_of(make_round(survey))
    made = Event.objects.count()
    assert made == before + 1
    actions.visit(door=door, outcome="done", by=officer)
    kept = {field.name for field in RoundDoor._meta.get_fields()}
    assert kept == {"id", "street", "number", "outcome", "day", "hidden_until"}
    assert door_of(door.street.round).hidden_until is None
    assert Event.objects.count() == made  # the trail would say when


# Answers ----------------------------------------------------------------------------------------------------------


def test_the_questions_stand_on_one_page_in_the_residents_language(client, officer, survey):
    made = make_round(survey)
    street, door = made.streets.get(), door_of(made)
    path = f"{DOORS}{street.pk}/ask/"
    page = client.page(f"{path}en/?door={door.pk}")
    assert page.texts("nav.door__ways a") == ["اردو"]
    assert "Ask only if: How safe do you feel? Unsafe" in page.text()
    assert "آپ کتنا محفوظ محسوس کرتے ہیں؟" in client.page(f"{path}ur/").text()
    fields = page.form("/ask/en/")
    wrong = client.page(f"{path}en/", fields | {"why": "x"}, post=True)
    assert "Answer “How safe do you feel?”" in wrong.text()
    assert wrong.texts("textarea")[0] == "x"
    given = fields | {"safe": "unsafe", "why": "No lamps", "rate": "7"}
    client.page(f"{path}en/", given, post=True)
    client.page(f"{path}en/", given, post=True)  # pressed twice
    assert (Boxed.objects.count(), Answered.objects.count()) == (1, 1)
    assert door_of(made).outcome == "done"


def test_what_closed_meanwhile_stands_in_the_form_again(client, officer, survey):
    made = make_round(survey)
    path = f"{DOORS}{made.streets.get().pk}/ask/en/"
    fields = client.page(path).form("/ask/en/")
    Survey.objects.update(state="closed", closed_on=clock.today())
    page = client.page(path, fields | {"safe": "unsafe", "why": "No lamps"}, post=True)
    assert "This survey closed on" in page.text()
    assert page.texts("textarea")[0] == "No lamps"
    assert not Boxed.objects.exists()


def test_an_answer_with_the_person_has_no_address_either(client, officer):
    survey = make_survey(mode="identified")
    number = uuid.uuid4()
    given = {"safe": "safe"}
    for _ in range(2):
        actions.answer(survey=survey, number=number, version=survey.live, given=given, language="")
    kept = Answer.objects.get()
    assert (kept.how, kept.member, kept.address, kept.area) == (How.DOORSTEP, None, None, None)


# How far it has come ----------------------------------------------------------------------------------------------


def test_the_response_rate_is_that_of_the_visited_and_small_numbers_are_not_told(client, officer, survey):
    made = make_round(survey, "Elm Grove: 1 to 20\nOak Road: 1 to 20\nBirch Way: 1 to 20")
    for street, outcomes in (("Elm Grove", [8, 2, 4]), ("Oak Road", [3, 6, 5]), ("Birch Way", [9, 1, 0])):
        doors = list(RoundDoor.objects.filter(street__name=street).order_by("pk"))
        for outcome, count in zip(("done", "refused", "not-in"), outcomes, strict=True):
            for _ in range(count):
                actions.visit(door=doors.pop(), outcome=outcome, by=officer)
    found = queries.counts(made)
    assert (found.visited, found.contacts, found.unvisited) == (38, 29, 22)
    assert found.response_rate == pytest.approx(20 / 38)  # AAPOR RR1: 20 ÷ (20 + 9 + 9)
    by_street = {row.name: (row.done, row.response_rate) for row in queries.by_street(made)}
    assert by_street == {"Elm Grove": (None, None), "Oak Road": (None, None), "Birch Way": (9, 0.9)}
    page = client.page(f"/staff/surveys/{survey.ref}/rounds/{made.pk}/")
    assert "53%" in page.text()
    assert "American Association for Public Opinion Research" in page.text()


def test_other_teams_see_nothing_of_it(client, survey):
    made = make_round(survey)
    stranger = make_staff("supervisor", make_area("W09", "Far away"), teams=[make_team("Castle Vale team")])
    sign_in(client, stranger)
    street = made.streets.get()
    here = f"{DOORS}{street.pk}/"
    for path in (here, f"{here}ask/en/", f"/staff/surveys/{survey.ref}/rounds/{made.pk}/"):
        assert client.get(path).status_code == 404


def test_the_pages_ask_as_often_for_many_doors(client, officer, survey, django_assert_max_num_queries):
    made = make_round(survey, "\n".join(f"Street {letter * 2}: 1 to 40" for letter in "abcdef"))
    with django_assert_max_num_queries(16):
        client.get(DOORS)
    with django_assert_max_num_queries(16):
        client.get(f"{DOORS}{made.streets.first().pk}/")
    with django_assert_max_num_queries(8):
        client.get(f"{DOORS}{made.streets.first().pk}/ask/en/")
    with django_assert_max_num_queries(18):
        client.get(f"/staff/surveys/{survey.ref}/rounds/{made.pk}/")


def test_nine_at_the_door_wait_whatever_came_by_the_link(survey):
    """Who has the list of doors marked as done would have nine to choose from, however many others answered."""
    for _ in range(9):
        actions.answer(survey=survey, number=uuid.uuid4(), version=survey.live, given={"safe": "safe"}, language="")
    for _ in range(10):
        door = doors.door(tokens.make(survey.pk, How.LINK))
        surveys.answer(door=door, version=survey.live, given={"safe": "unsafe"})
    assert surveys.empty_due() == 10
    assert not Answer.objects.filter(how=How.DOORSTEP).exists()
    Survey.objects.update(state="closed")
    assert surveys.empty_due() == 0  # and never come out
    Survey.objects.update(state="open")
    actions.answer(survey=survey, number=uuid.uuid4(), version=survey.live, given={"safe": "safe"}, language="")
    assert surveys.empty_due() == 10


def test_do_not_call_again_holds_for_the_lists_that_the_team_has_already(client, officer, survey):
    """Said at one survey's door, it takes the door off the team's other lists; no other team's."""
    first = make_round(survey)
    other = make_survey(team=survey.team)
    second = make_round(other, "elm grove: 1 to 9 odd")
    strangers = make_round(make_survey(team=make_team("Castle Vale team")), "Elm Grove: 1 to 9 odd")
    actions.visit(door=door_of(first, "5"), outcome="never", by=officer)
    assert [door.number for door in queries.doors_of(second.streets.get()).due] == ["1", "3", "7", "9"]
    assert len(queries.doors_of(strangers.streets.get()).due) == 5
    assert {street.name: street.due for street in queries.streets_to_visit(officer)} == {"Elm Grove": 5, "elm grove": 4}
    assert [door.number for door in queries.doors_of(first.streets.get()).visited] == ["5"]
    assert queries.counts(second).unvisited == 5  # nobody has been there
    actions.visit(door=door_of(second, "5"), outcome="not-in", by=officer)  # from a page opened before
    assert NotAgain.objects.filter(number="5").exists()
    assert queries.doors_of(second.streets.get()).waiting == []
