"""Why a rating is low: one question, nobody named, small numbers kept back."""

from __future__ import annotations

import pytest

from peelian.accounts.tests.factories import sign_in
from peelian.alerts import actions, errors
from peelian.alerts.models import Alert, Rating
from peelian.alerts.opinions import opinions
from peelian.alerts.tests.factories import Force, addresses_of, audit_of, make_force, make_sent
from peelian.contacts.models import Address
from peelian.core.testing.html import PageClient
from peelian.delivery import tokens

pytestmark = pytest.mark.django_db
THANKS = ["Thank you for telling us"]


@pytest.fixture
def force() -> Force:
    return make_force()


def token_of(alert: Alert) -> str:
    return tokens.make(alert.send_id, min(addresses_of(alert)))


def rate_as_somebody_else(alert: Alert, value: int, why: str = "", comment: str = "") -> None:
    address = Address.objects.create(kind=1, value=f"rater{Address.objects.count()}@home.example")
    Rating.objects.create(alert=alert, address=address, value=value, why=why, comment=comment)


def test_a_low_rating_is_asked_why_once_and_without_script(client: PageClient, force: Force) -> None:
    alert = make_sent(force)
    token = token_of(alert)
    page = client.page(f"/m/{token}/rate/2/", {}, post=True)
    assert page.texts("fieldset legend") == ["Why was it not useful?"]
    assert len(page.texts(".govuk-radios__label")) == 5
    answer = {"why": "frightening", "comment": "It kept my mother\r\nawake."}
    done = client.page(f"/m/{token}/rate/2/why/", answer, post=True)
    assert done.texts("h1") == THANKS
    rating = Rating.objects.get()
    assert (rating.value, rating.why, rating.comment) == (2, "frightening", "It kept my mother\nawake.")
    verb, _, data = audit_of(alert)[-1]
    assert (verb, data) == ("alert.rating_explained", {})


def test_nothing_has_to_be_answered_and_nothing_changes_by_looking(client: PageClient, force: Force) -> None:
    alert = make_sent(force)
    token = token_of(alert)
    client.page(f"/m/{token}/rate/1/", {}, post=True)
    assert client.page(f"/m/{token}/rate/1/why/", {"comment": " "}, post=True).texts("h1") == THANKS
    assert client.get(f"/m/{token}/rate/1/why/").url == f"/m/{token}/rate/1/"
    assert client.get(f"/m/{token}/rate/7/why/").status_code == 404
    assert Rating.objects.get().why == ""


def test_a_good_rating_is_not_asked_why_and_may_say_something(client: PageClient, force: Force) -> None:
    alert = make_sent(force)
    token = token_of(alert)
    page = client.page(f"/m/{token}/rate/5/", {}, post=True)
    assert page.texts("fieldset legend") == []
    client.page(f"/m/{token}/rate/5/why/", {"why": "too-long", "comment": "Well done"}, post=True)
    rating = Rating.objects.get()
    assert (rating.why, rating.comment) == ("", "Well done")


def test_a_better_rating_takes_the_reason_away(force: Force) -> None:
    alert = make_sent(force)
    token = token_of(alert)
    with pytest.raises(errors.NotRated):
        actions.explain(token=token, why="too-many")
    actions.rate(token=token, value=1)
    actions.explain(token=token, why="too-many", comment="Every day")
    actions.rate(token=token, value=6)
    assert (Rating.objects.get().why, Rating.objects.get().comment) == ("", "Every day")
    actions.explain(token=token, why="too-many", comment="")
    assert Rating.objects.get().why == ""


def test_a_long_comment_comes_back_with_a_sentence(client: PageClient, force: Force) -> None:
    alert = make_sent(force)
    token = token_of(alert)
    client.page(f"/m/{token}/rate/1/", {}, post=True)
    page = client.page(f"/m/{token}/rate/1/why/", {"why": "too-long", "comment": "x" * 501}, post=True)
    assert page.texts(".govuk-error-summary li") == ["Shorten it to 500 characters, or write to the team. It has 501"]
    with pytest.raises(errors.CommentTooLong):
        actions.explain(token=token, comment="x" * 501)


def test_reasons_of_fewer_than_five_are_not_counted_out(force: Force) -> None:
    alert = make_sent(force)
    for _ in range(4):
        rate_as_somebody_else(alert, 1, "too-long")
    found = opinions(alert, 4)
    assert (found.base, found.any_shown) == (4, False)
    for number in range(7):
        rate_as_somebody_else(alert, 2, "frightening" if number < 5 else "")
    found = opinions(alert, 11)
    assert (found.low, found.base, found.any_shown) == (11, 9, True)
    assert found.reasons[:3] == [
        ("It was frightening", 5),
        ("It was too long", None),
        ("It was not about where I live", 0),
    ]


def test_the_results_page_lists_comments_once_five_have_rated(client: PageClient, force: Force) -> None:
    alert = make_sent(force)
    rate_as_somebody_else(alert, 1, "not-local", "<b>Not</b> my street")
    for value in (4, 5):
        rate_as_somebody_else(alert, value)
    rate_as_somebody_else(alert, 6, comment="Good to know")
    sign_in(client, force.officer)
    page = client.page(f"/staff/alerts/{alert.ref}/")
    assert (page.texts("#thought"), page.texts(".p-comments li")) == (["What people thought of this message"], [])
    rate_as_somebody_else(alert, 6)
    page = client.page(f"/staff/alerts/{alert.ref}/")
    assert set(page.texts(".p-comments li span[dir]")) == {"<b>Not</b> my street", "Good to know"}
    assert "Fewer than 5 people said why" in page.text()
