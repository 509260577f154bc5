"""A resident answers: page by page, back without loss, later, twice, too long, too late."""

from datetime import timedelta

import pytest

from peelian.core import clock
from peelian.members.tests.factories import make_member
from peelian.surveys import actions, doors
from peelian.surveys.models import Answer, Answered, Begun, Boxed, How, Survey
from peelian.surveys.tests.factories import SAFE, WHOLE, invite, make_survey

pytestmark = pytest.mark.django_db
TOO_LONG = "Shorten your answer to “You said Unsafe. What makes you say so?” to 2,000 characters. It has 10,000"


@pytest.fixture
def survey():
    return make_survey(mode="identified", languages=["ur"], said={"ur": {"title": "آپ کی گلی"}})


def answer_all(client, base):
    client.page(f"{base}1/", {"safe": "unsafe"}, post=True)
    client.page(f"{base}2/", {"why": "No lamps", "seen": ["litter"]}, post=True)
    return client.page(f"{base}3/", {"rate": "7", "each:fair": "yes", "each:kind": "dk"}, post=True)


def test_an_invitation_is_answered_page_by_page_and_counts_once(client, survey):
    member = make_member("ann@home.example")
    (token,) = invite(survey, members=[member])
    intro = client.page(f"/q/{token}/")
    assert "kept with your name" in intro.text()
    assert intro.texts("h1") == ["Your street"]
    check = answer_all(client, f"/q/{token}/")
    assert check.texts(".q-rows dd.govuk-summary-list__value") == [
        "Unsafe", "No lamps", "Litter", "Not answered", "7", "They treat me fairly: AgreeThey listen: Don’t know",
    ]  # fmt: skip
    done = client.page(f"/q/{token}/check/", post=True)
    assert "We tell you in May." in done.text()
    kept = Answer.objects.get()
    assert kept.answers == {"safe": "unsafe", "seen": ["litter"], "rate": 7, "each": {"fair": "yes", "kind": "dk"}}
    assert (kept.how, kept.member_id, kept.address_id) == (How.INVITATION, member.pk, member.email_id)
    assert [one.text for one in kept.comments.all()] == ["No lamps"]
    assert not Begun.objects.exists()
    again = client.page(f"/q/{token}/check/", post=True, expect=409)
    assert "The first ones count" in again.text()
    assert client.page(f"/q/{token}/1/", {"safe": "safe"}, post=True, expect=409)
    assert Answer.objects.get().answers["safe"] == "unsafe"
    assert client.cookies == {}


def test_opening_pages_changes_nothing(client, survey):
    (token,) = invite(survey)
    for path in (
        f"/q/{token}/",
        f"/q/{token}/1/",
        f"/q/{token}/check/",
        f"/q/{token}/saved/",
        survey.get_absolute_url(),
    ):
        client.page(path)
    assert not Begun.objects.exists()
    assert not Answered.objects.exists()


def test_the_open_link_makes_a_questionnaire_of_its_own_for_everybody(client, survey):
    first, second = (client.post(f"/surveys/{survey.ref}/?via=qr").headers["Location"] for _ in range(2))
    assert first != second
    for place in (first, second):
        base = place.removesuffix("1/")
        answer_all(client, base)
        client.page(f"{base}check/", post=True)
    assert set(Answer.objects.values_list("how", "member", "address")) == {(How.QR, None, None)}
    assert Answer.objects.count() == 2


def test_going_back_and_coming_later_loses_nothing(client, survey):
    (token,) = invite(survey)
    base = f"/q/{token}/"
    client.page(f"{base}1/", {"safe": "unsafe"}, post=True)
    back = client.page(f"{base}2/", {"why": "Dark", "go": "back"}, post=True)
    assert back.document.cssselect("input[value=unsafe]")[0].get("checked") is not None
    later = client.page(f"{base}2/", {"why": "Dark at night", "seen": ["cars"], "go": "later"}, post=True)
    assert later.texts("h1") == ["Saved"]
    page = client.page(f"{base}2/")
    assert page.texts("textarea") == ["Dark at night"]
    assert client.page(base).texts(".govuk-button--start") == ["Go on where you stopped"]


def test_a_question_hangs_on_an_earlier_answer_and_repeats_it_escaped(client):
    words = [{"code": "safe", "text": {"en": "<b>Safe</b>"}}, SAFE["options"][1]]
    shown = {"pages": [{"key": "p1", "questions": [SAFE | {"options": words}]},
                       {"key": "p2", "questions": [{"key": "why", "kind": "text", "text": {"en": "You said {safe}?"}}],
                        "show": [{"question": "safe", "answers": ["safe"]}]}]}  # fmt: skip
    (token,) = invite(make_survey(shown))
    page = client.page(f"/q/{token}/1/", {"safe": "safe"}, post=True)
    assert page.texts("label") == ["You said <b>Safe</b>?"]
    client.page(f"/q/{token}/2/", {"why": "Kept?"}, post=True)
    check = client.page(f"/q/{token}/1/", {"safe": "unsafe"}, post=True)
    assert check.texts("dt") == ["How safe do you feel?"]  # what is hidden now is not sent


@pytest.mark.parametrize(
    ("page", "given", "said"),
    [
        (1, {}, "Answer “How safe do you feel?”"),
        (1, {"safe": "perhaps"}, "That answer is not in the list any more. Choose again"),
        (2, {"why": "x" * 10_000}, TOO_LONG),
        (2, {"seen": ["none", "cars"]}, "Tick “None” alone, or take it out"),
        (
            2,
            {"where": "Atlantis"},
            "We do not know that place. Give a postcode, like HS1 2AB, or the name of a neighbourhood",
        ),
    ],
)
def test_what_cannot_stand_is_said_beside_its_field_and_stays(client, survey, page, given, said):
    (token,) = invite(survey)
    if page > 1:
        client.page(f"/q/{token}/1/", {"safe": "unsafe"}, post=True)
    shown = client.page(f"/q/{token}/{page}/", given, post=True)
    assert shown.texts(".govuk-error-summary li")[0] == said
    assert said in shown.texts(".govuk-error-message")[0]
    if "why" in given:
        assert len(client.page(f"/q/{token}/{page}/").texts("textarea")[0]) == 10_000
        assert client.page(f"/q/{token}/check/", post=True).texts(".govuk-error-summary li")[0] == said
        assert not Answer.objects.exists()


def test_questions_that_change_meanwhile_are_answered_as_they_were(client, survey):
    (token,) = invite(survey)
    client.page(f"/q/{token}/1/", {"safe": "safe"}, post=True)
    old = survey.live
    survey.live = survey.versions.create(number=2, definition={"pages": WHOLE["pages"][:1]})
    survey.save()
    page = client.page(f"/q/{token}/3/")
    assert "We changed the questions after you began" in page.text()
    client.page(f"/q/{token}/3/", {"rate": "10"}, post=True)
    client.page(f"/q/{token}/check/", post=True)
    assert Answer.objects.get().version == old


def test_a_page_that_was_open_while_the_questions_changed_keeps_its_version(client, survey):
    (token,) = invite(survey)
    version = client.page(f"/q/{token}/1/").form()["version"]
    survey.live = survey.versions.create(number=2, definition={"pages": WHOLE["pages"][2:]})
    survey.save()
    client.page(f"/q/{token}/1/", {"safe": "safe", "version": version}, post=True)
    assert Begun.objects.get().version.number == 1


def test_a_closed_survey_says_since_when_and_takes_nothing(client, survey):
    (token,) = invite(survey)
    client.page(f"/q/{token}/1/", {"safe": "safe"}, post=True)
    Survey.objects.update(closes=clock.today() - timedelta(days=1), opens=clock.today() - timedelta(days=9))
    for path in (f"/q/{token}/1/", f"/q/{token}/check/", survey.get_absolute_url()):
        page = client.page(path, post=True, expect=410)
        assert page.texts("h1") == ["This survey has closed"]
        assert "are not counted" in page.text()
    assert not Answer.objects.exists()


def test_what_was_typed_when_it_closed_is_shown_back_to_its_own_link_alone(client, survey):
    token, other = invite(survey, 2)
    client.page(f"/q/{token}/1/", {"safe": "unsafe"}, post=True)
    Survey.objects.update(state=Survey.State.CLOSED, closed_on=clock.today())
    page = client.page(
        f"/q/{token}/2/", {"why": "No lamps <b>in</b> the lane", "seen": ["cars"]}, post=True, expect=410
    )
    assert page.texts("dt") == [
        "How safe do you feel?",
        "You said Unsafe. What makes you say so?",
        "What have you seen?",
    ]
    assert page.texts("dd") == ["Unsafe", "No lamps <b>in</b> the lane", "Cars raced"]
    for path in (f"/q/{token}/", f"/q/{token}/check/"):
        assert client.page(path, expect=410).texts("dd") == ["Unsafe"]
    assert client.page(f"/q/{other}/check/", post=True, expect=410).texts("dd") == []
    assert not Answer.objects.exists()


def test_an_answer_of_any_length_is_shown_back_when_it_closed(client, survey):
    (token,) = invite(survey)
    client.page(f"/q/{token}/1/", {"safe": "unsafe"}, post=True)
    Survey.objects.update(state=Survey.State.CLOSED, closed_on=clock.today())
    page = client.page(f"/q/{token}/2/", {"why": "x" * 10_000}, post=True, expect=410)
    assert "x" * 10_000 in page.text()


@pytest.mark.parametrize("token", ["x", "A" * 28, "A" * 40, "Ö" * 28, "%00" * 5])
def test_an_altered_link_is_said_to_be_one(client, survey, token):
    page = client.page(f"/q/{token}/", expect=404)
    assert "not one of ours" in page.text()


def test_one_letter_changed_in_a_link_is_another_link(client, survey):
    (token,) = invite(survey)
    own = client.post(survey.get_absolute_url()).headers["Location"].split("/")[2]
    for good in (token, own):
        for at in (0, 9, len(good) - 1):
            wrong = good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]
            assert client.page(f"/q/{wrong}/", expect=404)


def test_the_questions_come_in_the_language_of_the_link(client, survey):
    (token,) = invite(survey)
    page = client.page(f"/q/{token}/1/?lang=ur")
    assert page.texts("legend")[0] == "آپ کتنا محفوظ محسوس کرتے ہیں؟"
    assert page.document.get("dir") == "rtl"
    client.page(f"/q/{token}/1/?lang=ur", {"safe": "safe"}, post=True)
    client.page(f"/q/{token}/check/?lang=ur", post=True)
    assert Answer.objects.get().language == "ur"
    assert client.page(survey.get_absolute_url()).texts("h1") == ["Your street"]


def test_nothing_at_all_is_no_answer(client):
    free = {"pages": [{"key": "p1", "questions": [{"key": "why", "kind": "text", "text": {"en": "Why?"}}]}]}
    (token,) = invite(make_survey(free))
    page = client.page(f"/q/{token}/1/", {"why": "   "}, post=True)
    assert "There is no answer to send yet" in page.text()
    assert client.page(f"/q/{token}/check/", post=True, expect=409)
    assert not Boxed.objects.exists()


def test_a_survey_for_the_invited_alone_has_no_open_link(client):
    survey = make_survey(open_link=False)
    assert client.page(survey.get_absolute_url(), expect=404)
    assert client.page(f"/q/{invite(survey)[0]}/")


def test_a_place_is_kept_as_a_wide_cell_alone(client, survey):
    from peelian.places.models import Postcode

    Postcode.objects.create(code="HS12AB", longitude=-19_000_000, latitude=524_000_000)
    (token,) = invite(survey)
    client.page(f"/q/{token}/1/", {"safe": "safe"}, post=True)
    client.page(f"/q/{token}/2/", {"where": "hs1 2ab"}, post=True)
    client.page(f"/q/{token}/check/", post=True)
    cell = Answer.objects.get().answers["where"]
    assert cell.startswith("89")  # H3 resolution 9
    assert "hs1" not in str(Answer.objects.get().answers)


def test_two_at_the_same_moment_count_once(survey):
    (token,) = invite(survey)
    door = doors.door(token)
    given = {"door": door, "version": survey.live, "given": {"safe": "safe"}}
    actions.answer(**given)
    with pytest.raises(actions.answering.AnsweredAlready):
        actions.answer(**given)
    assert Answer.objects.count() == 1


@pytest.mark.parametrize("version", ["²", "9" * 5_000, "-1", "1.0", "x"])
def test_a_version_that_is_no_number_asks_what_is_asked_now(client, survey, version):
    (token,) = invite(survey)
    page = client.page(f"/q/{token}/1/", {"safe": "safe", "version": version}, post=True)
    assert page.texts("h1") != ["Something went wrong"]
    assert Begun.objects.get().version == survey.live
