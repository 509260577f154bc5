"""What joining pages keep in the process is what stands in the database, and is nobody's in particular."""

import re

import pytest

from peelian.accounts.models import Organisation
from peelian.core.testing.html import PageClient
from peelian.members.models import Topic, Wording
from peelian.members.queries_joining import offer
from peelian.members.tests.factories import make_ward

pytestmark = pytest.mark.django_db
ALL = ["/register/", "/register/choices/", "/register/contact/", "/register/questions/"]
WHERE = {"age": "18-or-over", "street_address": "1 Elm Street"}


def test_the_offer_is_the_same_until_something_in_it_changes():
    before = offer()
    assert offer() is before
    for change in (
        lambda: Topic.objects.filter(slug="vehicle-crime").update(name="Cars"),
        lambda: Organisation.objects.create(slug="fire", name="Fire and Rescue", bit=7),
        lambda: Wording.objects.create(kind="privacy", version="9", text="New"),
        lambda: make_ward(),
        lambda: Topic.objects.filter(slug="good-news").delete(),
    ):
        change()
        now = offer()
        assert now is not before
        before = now
    assert "Cars" in [topic.name for topic in before.topics]
    assert before.privacy.version == "9"


def test_a_new_word_is_on_the_next_page(client):
    assert "Cars and vans" not in client.page("/register/contact/").text()
    client.page("/register/", WHERE, post=True)
    client.page("/register/choices/", {"interests": ["vehicle-crime"]}, post=True)
    client.page("/register/contact/")
    Topic.objects.filter(slug="vehicle-crime").update(name="Cars and vans")
    assert "Cars and vans" in client.page("/register/contact/").texts("label")


def through(client, email):
    """Everything up to the last page, each page looked at before it is filled in; the last two as HTML."""
    for path, data in zip(
        ALL, (WHERE, {"interests": ["vehicle-crime"]}, {"email": email, "organisations": ["police"]}, {}), strict=True
    ):
        shown = client.get(path).content.decode()
        client.page(path, data, post=True)
    return shown + client.get("/register/sent/").content.decode()


def test_two_people_and_two_languages_share_pages_and_nothing_else(client):
    sam, kim, third = client, PageClient(), PageClient(headers={"accept-language": "ur"})
    pages = [through(sam, "sam@home.example"), through(kim, "kim@home.example"), through(third, "ali@home.example")]
    for page, own in zip(pages, ("sam", "kim", "ali"), strict=True):
        found = set(re.findall(r"(sam|kim|ali)@home.example", page))
        assert found == {own}
        assert "Elm Street" not in page
    assert [re.findall(r'<html lang="([\w-]+)" dir="(\w+)"', page) for page in pages] == [
        [("en-GB", "ltr")] * 2,
        [("en-GB", "ltr")] * 2,
        [("ur", "rtl")] * 2,
    ]
    tokens = [re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1] for page in pages]
    assert len(set(tokens)) == 3


def test_what_was_filled_in_stands_there_again_for_them_alone(client):
    client.page("/register/", WHERE, post=True)
    assert client.page("/register/").form()["street_address"] == "1 Elm Street"
    assert "Elm Street" not in PageClient().get("/register/").content.decode()
    wrong = client.page("/register/", {"postcode": "ZZ1 1ZZ"}, post=True)
    assert wrong.form()["postcode"] == "ZZ1 1ZZ"
    assert "ZZ1 1ZZ" not in PageClient().get("/register/").content.decode()


def test_13_to_17_and_adults_have_pages_of_their_own(client):
    other = PageClient()
    other.page("/register/", {"age": "13-17"}, post=True)
    client.page("/register/", WHERE, post=True)
    for one in (client, other):
        one.page("/register/choices/", {"interests": ["good-news"]}, post=True)
    helped = ["id_helper_name" in one.get("/register/contact/").content.decode() for one in (client, other, client)]
    assert helped == [True, False, True]
