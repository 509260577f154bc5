"""Staff make a survey without script: from the library, page by page, in other languages, open, changed, closed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from peelian.accounts.roles import Role
from peelian.surveys import actions, changing, definition, library, queries, reading, sets
from peelian.surveys.definition import Option, Page, Question, Questionnaire, say
from peelian.surveys.errors import NotADraft, NotReady
from peelian.surveys.models import Begun, Survey, Version
from peelian.surveys.reading import parse
from peelian.surveys.tests.factories import WHOLE, invite, make_officer, make_survey, make_team

BASE = "/staff/surveys/"


@pytest.fixture
def officer(client, settings, db):
    settings.PEELIAN_DEMO = True  # demo accounts come in without a second factor
    staff = make_officer(make_team())
    client.force_login(staff)
    return staff


def url(survey, more=""):
    return f"{BASE}{survey.ref}/{more}"


@pytest.mark.parametrize("name", sets.SETS)
def test_every_set_of_the_library_can_be_asked_as_it_stands(name):
    asked = parse(sets.definition_of(name))
    assert all(question.source and question.item in library.LIBRARY for question in asked.questions)
    assert not sets.SETS[name].title.endswith(".")


def test_the_library_has_the_items_of_the_papers():
    five = ["contact", "action", "followup", "treatment", "whole"]
    for item in (library.LIBRARY[f"victim.{name}"].question for name in five):
        assert (len(item["options"]), len(item["good"]), item["dont_know"]) == (7, 3, True)
    agree = [library.LIBRARY[f"csew.{name}"].question for name in ("confidence", "fairness", "respect")]
    assert {tuple(item["good"]) for item in agree} == {("strongly-agree", "tend-to-agree")}
    assert {"doing", "area", "victim", "csew", "voice", "chat"} <= set(sets.SETS)


def test_a_survey_is_made_from_the_library_and_opened(client, officer):
    page = client.page(f"{BASE}new/", {"begin": "set:doing", "title": "", "team": officer.teams.get().pk}, post=True)
    survey = Survey.objects.get()
    assert page.texts("h1") == ["How are we doing?"]
    assert "How good a job are we doing?" in page.text()
    preview = client.page(url(survey, "preview/"))
    assert "Nobody can tell which answers are yours" in preview.text()
    asked = client.page(url(survey, "open/"))
    assert "anybody who has the link and those you invite can answer" in asked.text()
    shared = client.page(url(survey, "open/"), post=True)
    assert f"/surveys/{survey.ref}" in shared.text()
    assert client.get(url(survey, "qr.svg")).content.startswith(b"<svg")
    assert client.get(url(survey, "qr.png")).content[1:4] == b"PNG"
    assert client.page(f"/surveys/{survey.ref}/").texts("h1") == ["How are we doing?"]
    assert client.page(BASE).texts("tbody th") == ["How are we doing?"]
    closed = client.page(url(survey, "close/"), post=True)
    assert "The survey has closed" in closed.text()


def test_pages_and_questions_are_added_moved_and_taken_out(client, officer):
    client.page(f"{BASE}new/", {"begin": "", "title": "Our park", "team": officer.teams.get().pk}, post=True)
    survey = Survey.objects.get()
    client.page(url(survey, "pages/new/"), {"title": "The park"}, post=True)
    client.page(url(survey, "pages/new/"), {"title": "Why"}, post=True)
    add = url(survey, "pages/the_park/add/")
    assert "Confidence" in client.page(add).text()
    single = {"text": "Do you go there?", "options": "Often\nNever\n", "dont_know": "on", "good": "1"}
    client.page(f"{add}single/", single, post=True)
    client.page(url(survey, "pages/the_park/take/"), {"item": "csew.goodjob"}, post=True)
    wrong = client.page(f"{add}single/", {"text": "Only one?", "options": "Yes"}, post=True)
    assert wrong.texts(".govuk-error-summary li") == ["Give at least two answers, each on a line of its own"]
    form = client.page(url(survey, "pages/why/add/text/"))
    assert "{do_you_go_there}" in form.text()
    why = {"text": "You said {do_you_go_there}. Why?", "show": ["do_you_go_there=never", "do_you_go_there=dk"]}
    client.page(url(survey, "pages/why/add/text/"), why, post=True)
    asked = queries.questionnaire(queries.working(survey))
    assert reading.problems_of(definition.store(asked)) == []
    assert asked.question("you_said_do_you").show[0].answers == ("never", "dk")
    assert asked.question("do_you_go_there").good == ("often",)
    moved = client.page(url(survey, "move/"), {"key": "csew_goodjob", "by": "up"}, post=True)
    assert moved.texts(".b-questions .b-text")[0].startswith("1. How good a job")
    client.page(url(survey, "move/"), {"what": "page", "key": "why", "by": "up"}, post=True)
    page = client.page(url(survey))
    assert "which does not come on an earlier page. Move one of them." in page.texts(".p-missing")[0]
    assert "Really" not in client.page(url(survey, "questions/csew_goodjob/remove/")).text()
    client.page(url(survey, "questions/csew_goodjob/remove/"), post=True)
    client.page(url(survey, "pages/why/remove/"), post=True)
    assert [one.key for one in queries.questionnaire(queries.working(survey)).questions] == ["do_you_go_there"]


def test_words_days_and_mode_are_kept_and_the_mode_is_settled_once_it_opened(client, officer):
    survey = make_survey(author=officer, state="draft")
    given = {"title": "Our street", "purpose": "Why", "closing": "Next", "mode": "identified", "languages": ["ur"],
             "opens": "2026-05-04", "closes": "2026-05-01", "open_link": "on"}  # fmt: skip
    page = client.page(url(survey, "words/"), given, post=True)
    assert page.texts(".govuk-error-summary li") == ["The last day comes before the first. Change one of them"]
    client.page(url(survey, "words/"), given | {"closes": "2036-05-08"}, post=True)
    survey.refresh_from_db()
    assert (survey.title, survey.mode, survey.languages) == ("Our street", "identified", ["ur"])
    survey = actions.open_survey(survey=survey, by=officer)
    client.page(url(survey, "words/"), given | {"closes": "", "mode": "anonymous"}, post=True)
    survey.refresh_from_db()
    assert survey.mode == "identified"
    with pytest.raises(NotADraft):
        actions.save_words(survey=survey, by=officer, mode="anonymous")


def test_a_translation_is_written_beside_the_english_and_goes_when_that_changes(client, officer):
    survey = make_survey(author=officer, languages=["ur"], state="draft")
    form = client.page(url(survey, "languages/ur/"))
    assert "How safe do you feel?" in form.texts("label")
    client.page(url(survey, "languages/ur/"), {"survey|title": "آپ کی گلی", "p1|safe|options|safe": "محفوظ",
                                              "p1|safe|text": "کتنا محفوظ؟"}, post=True)  # fmt: skip
    survey.refresh_from_db()
    asked = queries.questionnaire(queries.working(survey))
    assert survey.words("title", "ur") == "آپ کی گلی"
    assert asked.question("safe").label("safe", "ur") == "محفوظ"
    assert "کتنا محفوظ؟" in client.page(f"{url(survey, 'preview/')}?in=ur").text()
    same = {"text": "How safe are you?", "options": "Safe\nUnsafe", "good": "1"}
    client.page(url(survey, "questions/safe/"), same, post=True)
    question = queries.questionnaire(queries.working(survey)).question("safe")
    assert question.text == {"en": "How safe are you?"}
    assert question.label("safe", "ur") == "محفوظ"


def test_what_is_changed_while_it_is_open_waits_and_makes_the_next_version(client, officer):
    survey = make_survey(author=officer)
    (token,) = invite(survey)
    client.page(f"/q/{token}/1/", {"safe": "safe"}, post=True)
    assert Version.objects.get().frozen
    client.page(url(survey, "pages/p3/remove/"), post=True)
    assert [one.number for one in survey.versions.all()] == [1, 2]
    assert survey.versions.get(number=1).definition == WHOLE
    assert "Changed, and not asked yet" in client.page(url(survey)).text()
    assert client.page(survey.get_absolute_url()).texts(".q-facts li")[0].startswith("6 questions")
    client.page(url(survey, "publish/"), post=True)
    assert client.page(survey.get_absolute_url()).texts(".q-facts li")[0].startswith("4 questions")
    client.page(url(survey, "questions/rate/remove/"), post=True, expect=404)  # it is on no page now
    assert Begun.objects.get().version.number == 1


def test_nothing_opens_that_cannot_be_asked(client, officer):
    survey = make_survey({"pages": []}, author=officer, state="draft", purpose="", closing="")
    assert client.page(url(survey, "open/")).texts(".p-missing li") == [
        "Say why you ask, and what you do with the answers.",
        "Say what happens next; people read it when they have answered.",
        "There is no question yet. Add one.",
    ]
    with pytest.raises(NotReady):
        actions.open_survey(survey=survey, by=officer)


def test_a_wave_asks_the_same_again_and_counts_on(officer):
    first = make_survey(author=officer)
    second = actions.next_wave(survey=first, by=officer)
    third = actions.next_wave(survey=second, by=officer)
    assert [(one.wave, one.first_id) for one in (second, third)] == [(2, first.pk), (3, first.pk)]
    assert str(third) == "Your street (wave 3)"
    assert queries.working(third).definition == WHOLE


def test_a_draft_is_thrown_away_and_nothing_else_is(client, officer):
    survey = make_survey(author=officer, state="draft")
    client.page(url(survey, "discard/"), post=True)
    assert not Survey.objects.exists()
    client.page(url(make_survey(author=officer), "discard/"), post=True, expect=409)


@pytest.mark.parametrize("how", ["street", "telephone", "paper"])
def test_an_officer_takes_answers_and_the_way_is_kept(client, officer, how):
    survey = make_survey(author=officer, mode="identified")
    page = client.page(url(survey, "enter/"), {"how": how}, post=True)
    base = page.response.request["PATH_INFO"].removesuffix("1/")
    client.page(f"{base}1/", {"safe": "dk"}, post=True)
    done = client.page(f"{base}check/", post=True)
    assert url(survey, "enter/") in done.links()
    assert survey.answers.get().how == how


def test_it_closes_by_itself_the_night_after_its_last_day(officer):
    survey = make_survey(author=officer, opens="2026-01-01", closes="2026-01-02")
    assert actions.close_over() == 1
    survey.refresh_from_db()
    assert (survey.state, str(survey.closed_on)) == ("closed", "2026-01-02")
    assert actions.close_over() == 0


def test_an_officer_reads_and_takes_answers_and_writes_no_survey(client, settings, db):
    settings.PEELIAN_DEMO = True
    survey = make_survey()
    client.force_login(make_officer(survey.team, Role.OFFICER))
    page = client.page(url(survey))
    assert "Add a question" not in page.text()
    assert url(survey, "enter/") in page.links()
    client.page(url(survey, "words/"), expect=404)


LINES = st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=8), min_size=2, max_size=6, unique=True)


@given(LINES, LINES)
def test_answers_that_stay_keep_their_code_and_no_two_share_one(before, after):
    old = changing.options((), before)
    new = changing.options(old, after)
    assert [say(option.text) for option in new] == after
    assert len({option.code for option in new}) == len(after)
    codes = {say(option.text): option.code for option in old}
    assert all(codes[say(option.text)] == option.code for option in new if say(option.text) in codes)
    assert all(reading._CODE.fullmatch(option.code) for option in new)


def test_an_answer_that_is_only_reworded_keeps_its_code():
    old = (Option("good", {"en": "Good", "ur": "اچھا"}), Option("bad", {"en": "Bad"}))
    new = changing.options(old, ["Very good", "Bad"])
    assert [option.code for option in new] == ["good", "bad"]
    assert new[0].text == {"en": "Very good"}  # what was translated said something else


def test_the_list_asks_as_often_for_three_surveys_as_for_one(client, officer):
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.page(BASE)
        return len(seen)

    make_survey(author=officer)
    asked()
    once = asked()
    make_survey(author=officer)
    make_survey(author=officer, state="closed")
    assert asked() == once


def test_what_somebody_took_out_meanwhile_moves_nothing():
    asked = Questionnaire((Page("p1", questions=(Question("q1", "text", {"en": "Why?"}),)),))
    assert changing.moved_page(asked, "gone", 1) == changing.moved_question(asked, "gone", -1) == asked
