"""Free texts: searched, sorted by hand, counted with their base."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from peelian.accounts.roles import Role
from peelian.audit.models import Event
from peelian.surveys import actions
from peelian.surveys.analysis import comments
from peelian.surveys.errors import NoTagName, NotAllowed
from peelian.surveys.models import Answer, Comment, Survey, Tag
from peelian.surveys.tests.factories import make_officer, make_survey, make_team

TEXTS = ("The lights on the path are broken", "No light behind the school", "Quad bikes in the park", "Thank you")


@pytest.fixture(autouse=True)
def demonstration(settings: Any) -> None:
    settings.PEELIAN_DEMO = True  # demo accounts come in without a second factor


@pytest.fixture
def survey(db: None) -> Survey:
    found = make_survey()
    version = found.live
    assert version is not None
    rows = [Answer(survey=found, version=version, day=date(2019, 5, 1), how="link") for _ in TEXTS]
    Answer.objects.bulk_create(rows)
    Comment.objects.bulk_create(
        Comment(survey=found, answer=row, question="why", text=text) for row, text in zip(rows, TEXTS, strict=True)
    )
    return found


def texts(survey: Survey, **asked: str) -> set[str]:
    return {one.text for one in comments.found(survey, **asked)}


def test_comments_are_found_by_their_words_in_any_form(survey: Survey) -> None:
    assert texts(survey, words="lights") == set(TEXTS[:2])
    assert texts(survey, words="light -school") == {TEXTS[0]}
    assert texts(survey, words='"quad bike" or thanks') == set(TEXTS[2:])
    assert texts(survey, words="& | ! ( '") == set()


def test_a_tag_is_made_once_whatever_its_capitals_and_goes_with_its_last_comment(survey: Survey) -> None:
    by = make_officer(survey.team, Role.ANALYST)
    first, second, *_ = survey.comments.order_by("pk")
    tag = actions.tag_comment(comment=first, by=by, name="  Street   lights ")
    assert actions.tag_comment(comment=second, by=by, name="street LIGHTS") == tag
    assert texts(survey, tag=str(tag.pk)) == {first.text, second.text}
    assert texts(survey, tag="none") == set(TEXTS[2:])
    chart = comments.tags_chart(survey)
    assert chart is not None
    assert list(chart.table.rows) == [["Street lights", 2, 4, 0.5]]
    for comment in (first, second):
        actions.untag_comment(comment=comment, by=by, tag_id=tag.pk)
    assert not Tag.objects.exists()
    assert Event.objects.filter(verb__in=["survey.tagged", "survey.untagged"]).count() == 4
    for name in ("", " ", "x" * 41):
        with pytest.raises(NoTagName):
            actions.tag_comment(comment=first, by=by, name=name)
    with pytest.raises(NotAllowed):
        actions.tag_comment(comment=first, by=make_officer(survey.team, Role.OFFICER), name="Lights")


def test_the_page_searches_tags_and_leads_to_an_issue(survey: Survey, client: Client) -> None:
    client.force_login(make_officer(survey.team, Role.COMMUNICATIONS))
    base = f"/staff/surveys/{survey.ref}/results/comments/"
    page = client.get(f"{base}?q=lights").content.decode()
    assert "2 comments of 4" in page
    assert TEXTS[2] not in page
    comment = survey.comments.get(text=TEXTS[0])
    assert f"source=surveys.comment&amp;id={comment.pk}" in page
    after = client.post(f"{base}{comment.pk}/tag/", {"name": "Lights", "q": "lights"})
    assert after["Location"] == f"{base}?q=lights#c{comment.pk}"
    page = client.get(base).content.decode()
    assert "Of 4 comments, 1 sorted by hand" in page
    assert client.get(f"{base}?after=x&tag=y&question=z").status_code == 200
    other = make_survey(team=make_team("Another team"))
    assert client.post(f"/staff/surveys/{other.ref}/results/comments/{comment.pk}/tag/").status_code == 404


def test_many_comments_come_page_by_page_in_as_many_queries(
    survey: Survey, client: Client, django_assert_max_num_queries: Any
) -> None:
    answer = survey.answers.first()
    Answer.objects.bulk_create(
        rows := [Answer(survey=survey, version_id=answer.version_id, day=answer.day, how="link") for _ in range(40)]
    )
    Comment.objects.bulk_create(Comment(survey=survey, answer=row, question="why", text="More") for row in rows)
    client.force_login(make_officer(survey.team, Role.COMMUNICATIONS))
    with django_assert_max_num_queries(40):
        page = client.get(f"/staff/surveys/{survey.ref}/results/comments/").content.decode()
    assert page.count("Make an issue of it") == comments.ROWS
    assert "Next comments" in page
