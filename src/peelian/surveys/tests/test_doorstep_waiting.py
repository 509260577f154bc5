"""Visits and answers that waited on an officer's phone: sent later, each once, and taken in apart."""

import datetime as dt
import json
import uuid

import pytest

from peelian.accounts.tests.factories import make_area, make_staff, sign_in
from peelian.audit.models import Event
from peelian.core import clock
from peelian.members.tests.doorstep_support import PAGE, seal
from peelian.surveys.doorstep import actions, listing, queries
from peelian.surveys.doorstep.models import NotAgain, RoundDoor
from peelian.surveys.models import Answered, Boxed, Survey
from peelian.surveys.tests.factories import SAFE, make_survey

pytestmark = pytest.mark.django_db
DOORS = "/staff/surveys/door/"


@pytest.fixture
def survey():
    return make_survey(languages=["ur"])


@pytest.fixture
def officer(client, survey):
    return sign_in(client, make_staff("officer", teams=[survey.team]))


@pytest.fixture
def key(client, officer):
    return client.post(f"{PAGE}key/", "{}", content_type="application/json").json()


@pytest.fixture
def street(survey):
    made = actions.make_round(survey=survey, by=survey.author, name="March", listed=listing.read("Elm Grove: 1 to 20"))
    return made.streets.get()


def door(street, number="1"):
    return RoundDoor.objects.get(street=street, number=number)


def mark(street, outcome, number="1"):
    return {"street": str(street.pk), "door": str(door(street, number).pk), "outcome": outcome}


def answered(street, number="1", **answers):
    survey = street.round.survey
    said = {name: value if isinstance(value, list) else [value] for name, value in answers.items()}
    place = {"street": str(street.pk), "door": str(door(street, number).pk)}
    return place | {"survey": survey.ref, "version": "1", "language": "en", "answers": said}


def send(client, *entries):
    body = json.dumps({"entries": entries})
    return client.post(f"{DOORS}send/", body, content_type="application/json").json()["answers"]


def ago(**time):
    return clock.now() - dt.timedelta(**time)


def test_what_waited_is_taken_in_once_and_marks_its_door(client, key, street):
    entry = seal(key, answered(street, safe="unsafe", seen=["litter", "cars"], why="No lamps"))
    assert [one["now"] for one in send(client, entry, entry)] == ["done", "done"]
    assert [one["now"] for one in send(client, entry)] == ["done"]
    assert (Boxed.objects.count(), Answered.objects.count(), door(street).outcome) == (1, 1, "done")


def test_what_was_taken_in_before_the_survey_closed_is_not_wrong_after_it(client, key, street):
    entry = seal(key, answered(street, safe="safe"))
    send(client, entry)
    Survey.objects.update(state="closed", closed_on=clock.today())
    assert [one["now"] for one in send(client, entry)] == ["done"]


def test_a_wrong_one_comes_back_with_its_sentence_and_the_page_to_mend_it_on(client, key, street):
    bad = seal(key, answered(street, "2", seen=["litter", "none"], safe="safe"))
    (answer,) = send(client, bad)
    assert answer["now"] == "wrong"
    assert answer["at"] == f"{DOORS}{street.pk}/ask/en/?door={door(street, '2').pk}&version=1"
    assert answer["typed"]["seen"] == ["litter", "none"]
    assert answer["errors"] == {"seen": ["Tick “None” alone, or take it out"]}
    assert door(street, "2").outcome == ""
    assert [one["now"] for one in send(client, seal(key, answered(street, "2", safe="safe"), bad["id"]))] == ["done"]
    Survey.objects.update(state="closed", closed_on=clock.today())
    (answer,) = send(client, seal(key, answered(street, "3", safe="safe")))
    assert "This survey closed on" in answer["errors"][""][0]


def test_one_that_is_wrong_is_put_right_with_the_questions_that_were_asked(client, key, street):
    """Changed meanwhile, the new ones would have no box for some of what was said."""
    survey = street.round.survey
    page = {"key": "p1", "title": {"en": "Your street"}, "questions": [SAFE]}
    survey.live = survey.versions.create(number=2, definition={"pages": [page]})
    survey.save()
    (answer,) = send(client, seal(key, answered(street, "2", seen=["litter", "none"], safe="safe")))
    assert "Litter" in client.page(answer["at"]).text()
    assert "Litter" not in client.page(answer["at"].replace("version=1", "version=2")).text()
    assert "Litter" not in client.page(answer["at"].partition("&")[0]).text()


def test_the_day_of_a_visit_is_that_on_which_it_was_and_who_was_not_in_comes_back_from_then(client, key, street):
    saved = ago(hours=20)
    send(client, seal(key, mark(street, "not-in"), saved=saved))
    marked = door(street)
    assert (marked.outcome, marked.day) == ("not-in", saved.astimezone(clock.LONDON).date())
    assert marked.hidden_until <= saved + dt.timedelta(hours=24)


def test_a_late_visit_undoes_nothing_that_was_settled_since(client, key, officer, street):
    late = seal(key, mark(street, "not-in"), saved=ago(hours=1))
    actions.visit(door=door(street), outcome="never", by=officer)
    assert [one["now"] for one in send(client, late)] == ["done"]
    assert (door(street).outcome, NotAgain.objects.count()) == ("never", 1)
    send(client, seal(key, mark(street, "refused")))  # pressed now: put right
    assert (door(street).outcome, NotAgain.objects.count()) == ("refused", 0)


def test_do_not_call_again_counts_however_late_we_hear_of_it(client, key, officer, street):
    """Somebody asked us at ten; a colleague who came at eleven was refused, and had a signal."""
    late = seal(key, mark(street, "never"), saved=ago(hours=1))
    actions.visit(door=door(street), outcome="refused", by=officer)
    assert [one["now"] for one in send(client, late)] == ["done"]
    assert (door(street).outcome, NotAgain.objects.count()) == ("refused", 1)


def test_addresses_that_went_meanwhile_lose_no_answer(client, key, street):
    answer, visit = seal(key, answered(street, safe="safe")), seal(key, mark(street, "refused", "2"))
    actions.forget_addresses(found=street.round)
    answers = send(client, answer, visit)
    assert [one["now"] for one in answers] == ["done", "lost"]
    assert answers[1]["sentence"] == "That street is on no list any more."
    assert Boxed.objects.count() == 1


def test_answers_are_taken_in_by_their_random_numbers_and_not_in_the_order_of_the_visits(client, key, street):
    """Rows of the dump stand in the order in which they came: sealed as they are, they are not the visits' either."""
    numbers = sorted(str(uuid.uuid4()) for _ in range(6))
    order = [numbers[at] for at in (3, 0, 5, 1, 4, 2)]
    entries = [seal(key, answered(street, str(at), safe="safe"), one) for at, one in enumerate(order, 1)]
    before = Event.objects.count()
    send(client, *entries)
    marks = [queries.behind(street.round.survey, uuid.UUID(one)).mark for one in numbers]
    assert list(Answered.objects.order_by("pk").values_list("mark", flat=True)) == marks
    assert Event.objects.count() == before  # no row of the trail says when


def test_another_officer_opens_nothing(client, key, survey, street):
    entry = seal(key, answered(street, safe="safe"))
    sign_in(client, make_staff("officer", teams=[survey.team]))
    assert [one["now"] for one in send(client, entry)] == ["lost"]
    assert not Boxed.objects.exists()


def test_a_street_of_another_team_is_on_no_list(client, key, officer, street):
    entry = seal(key, mark(street, "refused"))
    officer.teams.clear()
    officer.scope.add(make_area("W09", "Far away"))
    assert [one["now"] for one in send(client, entry)] == ["lost"]
    assert door(street).outcome == ""


@pytest.mark.parametrize(
    "typed",
    [{}, {"street": [1], "outcome": {}}, {"answers": 3}, {"answers": {"safe": 3}, "survey": {}, "language": "/"}],
)
def test_strange_things_typed_are_refused(client, key, street, typed):
    survey = {"survey": street.round.survey.ref} if "survey" not in typed else {}
    (answer,) = send(client, seal(key, typed | survey))
    assert answer["now"] in ("lost", "wrong")
    assert not Boxed.objects.exists()


def test_what_the_phone_keeps_names_nobody_and_tells_nothing_of_a_door(client, officer, street):
    for number, outcome in (("1", "refused"), ("2", "not-in"), ("3", "never"), ("4", "done")):
        actions.visit(door=door(street, number), outcome=outcome, by=officer)
    for path in ("", f"{street.pk}/", f"{street.pk}/ask/en/", f"{street.pk}/ask/ur/"):
        page = client.page(f"{DOORS}{path}?kept")
        content = page.response.content.decode()
        assert officer.email not in content
        assert "csrf" not in content
    page = client.page(f"{DOORS}{street.pk}/?kept")
    assert page.texts(".streets__number") == [str(number) for number in range(5, 21)]


def test_each_more_that_waits_asks_as_much_of_the_database(client, key, street, django_assert_max_num_queries):
    entries = [seal(key, answered(street, str(at), safe="safe")) for at in range(1, 12)]
    with django_assert_max_num_queries(24):
        send(client, entries[0])
    with django_assert_max_num_queries(190):  # eighteen for each
        send(client, *entries[1:])
