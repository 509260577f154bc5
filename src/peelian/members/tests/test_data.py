"""The pages of the copy of one's data."""

import json

import pytest

from peelian.audit.models import Event
from peelian.members.actions.codes import figures_of
from peelian.members.models import Code
from peelian.members.tests.factories import make_member
from peelian.members.tests.test_me import h1, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member(first_name="Sam <script>", last_name="Poe")


def test_a_copy_as_json_and_as_a_page(client, member):
    sign_in(client)
    assert h1(client.page("/me/data/")) == "Get a copy of your data"
    found = client.post("/me/data/", {"form": "json"})
    assert found["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert found["Content-Disposition"].endswith('.json"')
    assert "no-store" in found["Cache-Control"]
    data = json.loads(found.content)["data"]
    assert data["You"]["rows"][0]["last_name"] == "Poe"
    assert data["Your addresses"]["rows"][0]["address"] == "sam@home.example"
    page = client.post("/me/data/", {"form": "html"}).content.decode()
    assert "sam@home.example" in page
    assert "Sam &lt;script&gt;" in page
    assert "<script" not in page
    assert "http" not in page  # the file needs nothing from anywhere
    events = Event.objects.filter(verb="member.data_copied")
    assert [sorted(event.data) for event in events] == [["rows"], ["rows"]]


def test_it_wants_a_code_of_the_last_ten_minutes(client, member):
    sign_in(client)
    session = client.session
    session["member_since"] -= 11 * 60
    session.save()
    assert client.post("/me/data/", {"form": "json"}).url == "/me/sign-in-again/"
    client.page("/me/sign-in-again/", post=True)
    page = client.page("/me/code/", {"code": figures_of(Code.objects.latest("pk"))}, post=True)
    assert h1(page) == "Get a copy of your data"


def test_nobody_else_gets_it(client, member):
    assert client.post("/me/data/", {"form": "json"}).url == "/me/sign-in/"
    make_member(first_name="Ali")  # of the same household
    sign_in(client)
    assert client.post("/me/data/", {"form": "json"}).url == "/me/who/"
