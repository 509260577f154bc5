"""The first page of insight: what there is, as of when."""

import pytest
from django.urls import reverse

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.audit.models import Event
from peelian.core import clock
from peelian.insight import queries
from peelian.insight.models import Refresh
from peelian.insight.parts import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_pages(monkeypatch):
    shown = Page("Shown", "What is it?", "insight_staff:overview", rollups=("test.one", "test.two"))
    kept = Page("Kept", "What else?", "insight_staff:overview", permission="accounts.manage")
    monkeypatch.setattr(queries, "PAGES", [shown, kept])


def test_the_overview_names_what_the_role_opens_and_as_of_when(client, two_pages):
    sign_in(client, make_staff(Role.ANALYST))
    page = client.get(reverse("insight_staff:overview")).content.decode()
    assert "Shown" in page
    assert "Kept" not in page
    assert "Not added up yet" in page
    for name in ("test.one", "test.two"):
        Refresh.objects.create(name=name, as_of=clock.now())
    page = client.get(reverse("insight_staff:overview")).content.decode()
    assert "Not added up yet" not in page
    assert "failed" not in page
    Refresh.objects.filter(name="test.one").update(problem="DataError")
    assert "last try to bring it up to date failed" in client.get(reverse("insight_staff:overview")).content.decode()


def test_who_may_asks_for_fresh_figures_and_the_trail_says_so(client):
    sign_in(client, make_staff(Role.ANALYST))
    assert client.post(reverse("insight_staff:refresh")).status_code == 302
    assert Event.objects.filter(verb="insight.refresh_asked").count() == 1
    sign_in(client, make_staff(Role.SUPERVISOR))
    assert client.post(reverse("insight_staff:refresh")).status_code == 404
