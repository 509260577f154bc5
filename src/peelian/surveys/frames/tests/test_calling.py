"""Somebody invited answers by telephone: once, by their invitation, and each look has its reason in the trail."""

import pytest

from peelian.accounts.roles import Role
from peelian.audit.models import Event
from peelian.contacts.models import Address
from peelian.delivery.models import Delivery
from peelian.surveys import actions, doors, tokens
from peelian.surveys.analysis.tallies import response
from peelian.surveys.errors import AnsweredAlready, LinkRefused, NotAllowed
from peelian.surveys.frames import asking, calling
from peelian.surveys.frames.tests.factories import bring_in, keeper, row, victims
from peelian.surveys.models import Answer, Begun
from peelian.surveys.tests.factories import invite, make_officer, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.PEELIAN_DEMO = True


def asked(survey, number=11):
    people = [row(), *(row(email="", mobile=f"07700 9003{n:02d}") for n in range(number))]
    frame = bring_in(survey, people).frame
    return people, asking.invite(frame=frame, by=keeper(survey))


def looks():
    found = Event.objects.filter(verb="survey.invitee_looked_up").order_by("pk")
    return [(event.data["reason"], event.data["found"]) for event in found]


def test_a_caller_finds_somebody_by_reference_address_or_number_and_their_invitation_is_used(client):
    survey = victims(mode="identified")
    people, _ = asked(survey)
    client.force_login(make_officer(survey.team, Role.SUPERVISOR))
    path = f"/staff/surveys/{survey.ref}/call/"
    assert "Each look is in the audit trail" in client.page(path).text()
    by = keeper(survey)
    by_reference = calling.call(survey=survey, who=f" {people[0]['reference']} ", reason="silent", by=by)
    by_address = calling.call(survey=survey, who=people[0]["email"].upper(), reason="asked", by=by)
    assert by_reference == by_address
    door = doors.door(by_address)
    assert (door.how, door.by_staff) == ("telephone", True)
    began = client.post(path, {"who": people[1]["mobile"], "why": "help"})
    assert began.status_code == 302
    token = began["Location"].split("/")[2]
    client.page(f"/q/{token}/1/", {"safe": "safe"}, post=True)
    client.page(f"/q/{token}/check/", post=True)
    answer = Answer.objects.get()
    assert answer.how == "telephone"
    assert answer.stratum.startswith("frame:")
    assert (response(survey).invited, response(survey).answered) == (12, 1)
    again = client.page(path, {"who": people[1]["reference"], "why": "help"}, post=True)
    assert "Answers have come by this link already" in again.text()
    assert looks() == [("silent", True), ("asked", True), ("help", True), ("help", True)]


def test_a_look_that_finds_nobody_is_in_the_trail_and_says_nothing_of_who_was_looked_for(client):
    survey = victims()
    asked(survey)
    client.force_login(make_officer(survey.team, Role.SUPERVISOR))
    page = client.page(f"/staff/surveys/{survey.ref}/call/", {"who": "telltale@home.example", "why": "help"}, post=True)
    assert "Nobody with that reference, address or number was invited to this survey" in page.text()
    assert looks() == [("help", False)]
    assert "telltale" not in str(list(Event.objects.values_list("data", flat=True)))
    missing = client.page(f"/staff/surveys/{survey.ref}/call/", {"who": "a@home.example", "why": ""}, post=True)
    assert missing.texts(".govuk-error-summary a")
    assert len(looks()) == 1


def test_what_somebody_began_by_themselves_is_not_shown_to_the_caller(client):
    survey = victims()
    people, send = asked(survey)
    own = doors.delivered.make(send.pk, calling._invited(survey, people[0]["reference"]).address_id)
    actions.keep(door=doors.door(own), version=survey.live, given={"safe": "unsafe"}, language="")
    token = calling.call(survey=survey, who=people[0]["reference"], reason="asked", by=keeper(survey))
    assert b" checked" in client.get(f"/q/{own}/1/").content
    assert b" checked" not in client.get(f"/q/{token}/1/").content
    assert Begun.objects.count() == 1
    actions.answer(door=doors.door(token), version=survey.live, given={"safe": "safe"})
    with pytest.raises(AnsweredAlready):
        actions.answer(door=doors.door(own), version=survey.live, given={"safe": "unsafe"})


def test_an_anonymous_answer_by_telephone_looks_like_any_other_of_the_invited():
    """The trail says who was looked up; an answer marked as the one by telephone would be theirs."""
    survey = victims()
    people, _send = asked(survey)
    by = keeper(survey)
    for one in people[:10]:
        token = calling.call(survey=survey, who=one["reference"], reason="silent", by=by)
        actions.answer(door=doors.door(token), version=survey.live, given={"safe": "safe"})
    actions.empty_due()
    assert set(Answer.objects.values_list("how", "address", "stratum")) == {("invitation", None, "")}


def test_somebody_invited_as_a_member_of_an_audience_can_be_called_too():
    survey = make_survey()
    (token,) = invite(survey)
    address = doors.door(token).recipient
    by = make_officer(survey.team, Role.SUPERVISOR)
    who = Address.objects.get(pk=address.address_id).value
    called = calling.call(survey=survey, who=who, reason="asked", by=by)
    assert doors.door(called).mark == doors.door(token).mark


def test_who_may_not_call_and_a_token_of_another_survey():
    survey, other = victims(), victims()
    _, send = asked(survey)
    with pytest.raises(NotAllowed):
        calling.call(survey=survey, who="x", reason="asked", by=make_officer(survey.team, Role.OFFICER))
    with pytest.raises(calling.NoReason):
        calling.call(survey=survey, who="x", reason="", by=keeper(survey))
    address = Delivery.objects.filter(send=send).first()
    with pytest.raises(LinkRefused):
        doors.door(tokens.make_called(other.pk, send.pk, address.address_id))


@pytest.mark.parametrize("number", [11, 60])
def test_the_pages_of_a_call_ask_as_often_for_many_invited(client, number, django_assert_max_num_queries):
    survey = victims(mode="identified")
    people, _ = asked(survey, number)
    client.force_login(make_officer(survey.team, Role.SUPERVISOR))
    path = f"/staff/surveys/{survey.ref}/call/"
    with django_assert_max_num_queries(7):
        assert client.get(path).status_code == 200
    with django_assert_max_num_queries(15):
        began = client.post(path, {"who": people[-1]["mobile"], "why": "help"})
    with django_assert_max_num_queries(7):
        assert client.get(began["Location"]).status_code == 200
    with django_assert_max_num_queries(7):
        assert client.get(f"/staff/surveys/{survey.ref}/enter/").status_code == 200
