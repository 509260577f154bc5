"""Commentary and response: by named people and a day, in Markdown that is cleaned, signed by somebody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_area, make_staff, sign_in
from peelian.audit.models import Event
from peelian.core import clock
from peelian.core.periods import Period
from peelian.insight.measures import actions, errors
from peelian.insight.measures.tests.factories import make_measure, observe
from peelian.insight.models import Commentary

pytestmark = pytest.mark.django_db
SEPTEMBER = Period.parse("2018-09")


@pytest.fixture
def people():
    return make_staff(Role.ANALYST, name="Pat Alder"), make_staff(Role.ADMINISTRATOR, name="Sam Reed")


@pytest.fixture
def asked(people):
    author, other = people
    definition = make_measure("burglary")
    observe(definition, "2018-09", [2_204])
    return ask(definition, author, other)


def ask(
    definition, author, other, *, due: date = date(2018, 10, 20), kind: str = "commentary", area=None
) -> Commentary:
    given = {"measure": definition.measure, "area": area, "period": SEPTEMBER, "due_on": due}
    return actions.ask_for(kind=kind, author=author, by=other, **given)


def test_what_is_written_is_signed_by_somebody_else(asked, people):
    author, other = people
    with pytest.raises(errors.NothingWritten):
        actions.sign(commentary=asked, by=other)
    with pytest.raises(errors.NotYours):
        actions.write(commentary=asked, text="It fell.", by=other)
    actions.write(commentary=asked, text="It fell.", by=author)
    with pytest.raises(errors.OwnWords):
        actions.sign(commentary=asked, by=author)
    actions.sign(commentary=asked, by=other)
    with pytest.raises(errors.SignedAlready):
        actions.write(commentary=asked, text="It rose.", by=author)
    with pytest.raises(errors.SignedAlready):
        actions.sign(commentary=asked, by=other)
    asked.refresh_from_db()
    assert (asked.state, asked.text) == ("Signed", "It fell.")
    assert set(Event.objects.values_list("verb", flat=True)) >= {"commentary.written", "commentary.signed"}


def test_the_database_too_lets_nobody_sign_their_own(asked, people):
    author, _ = people
    given = {"signed_by": author, "signed_at": clock.now(), "written_at": clock.now()}
    with pytest.raises(IntegrityError, match="nobody_signs_their_own_commentary"), transaction.atomic():
        Commentary.objects.filter(pk=asked.pk).update(**given)


def test_what_is_late_says_so_with_the_days(client, people):
    author, other = people
    definition = make_measure("burglary")
    observe(definition, "2018-09", [2_204])
    row = ask(definition, author, other, due=clock.today() - timedelta(days=3), kind="response")
    assert (row.state, row.days_overdue) == ("Overdue", 3)
    sign_in(client, other)
    page = " ".join(client.get("/staff/insight/measures/burglary/").content.decode().split())
    assert "3 days ago" in page
    assert "Overdue" in page
    assert "Pat Alder" in client.get(reverse("insight_staff:commentaries")).content.decode()


def test_markup_is_shown_and_never_run(client, asked, people):
    text = "**Fewer** <script>alert(1)</script> <img src=x onerror=alert(1)>\n\n[here](javascript:alert(1))"
    author, _ = people
    sign_in(client, author)
    path = reverse("insight_staff:commentary", args=[asked.pk])
    assert client.post(path, {"text": text}).status_code == 302
    page = client.get(path).content.decode()
    prose = page.partition('class="p-prose"')[2].partition("</div>")[0]
    assert "<strong>Fewer</strong>" in prose
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in prose
    assert "<script" not in prose
    assert "<img" not in prose
    assert "href" not in prose


def test_it_is_given_to_somebody_else_until_it_is_signed(asked, people):
    author, other = people
    definition = asked.measure.definitions.get()
    again = ask(definition, other, other, due=date(2018, 11, 1))
    assert (again.pk, again.author, again.due_on) == (asked.pk, other, date(2018, 11, 1))
    actions.write(commentary=again, text="It fell.", by=other)
    actions.sign(commentary=again, by=author)
    with pytest.raises(errors.SignedAlready):
        ask(definition, author, other)


def test_somebody_is_asked_signs_and_reads_by_pages(client, asked, people):
    author, other = people
    sign_in(client, other)
    path = reverse("insight_staff:measure_ask", args=["burglary"])
    given = {"kind": "response", "period": "2018-09", "author": author.pk, "due_on": "2018-11-01"}
    assert client.post(path, {**given, "period": "soon"}).status_code == 200
    assert client.post(path, given).status_code == 302
    response = Commentary.objects.get(kind="response")
    actions.write(commentary=response, text="More patrols.", by=author)
    assert client.post(reverse("insight_staff:commentary_sign", args=[response.pk])).status_code == 302
    assert "signed by Sam Reed" in " ".join(client.get("/staff/insight/measures/burglary/").content.decode().split())


def test_commentary_about_another_area_is_not_there(client, people):
    force = make_area("HS", kind="force")
    one, two = make_area("W01", parent=force), make_area("W02", parent=force, at=1)
    row = ask(make_measure("burglary"), *people, area=two)
    sign_in(client, make_staff(Role.SUPERVISOR, one))
    assert client.get(reverse("insight_staff:commentary", args=[row.pk])).status_code == 404
    sign_in(client, make_staff(Role.SUPERVISOR, two))
    assert client.get(reverse("insight_staff:commentary", args=[row.pk])).status_code == 200


def test_an_officer_is_asked_sees_it_on_today_and_answers_there_with_the_figures(client, people):
    ward = make_area("W01", parent=make_area("HS", kind="force"))
    officer = make_staff(Role.OFFICER, ward, name="Jo Marsh")
    definition = make_measure("burglary")
    observe(definition, "2018-01", [2_180, 1_945, 2_280, 2_382, 2_765, 2_787, 2_539, 2_638, 2_757], area=ward)
    sign_in(client, people[1])
    given = {"kind": "response", "period": "2018-09", "author": officer.pk, "due_on": "2018-11-01"}
    assert client.post(f"{reverse('insight_staff:measure_ask', args=['burglary'])}?area=W01", given).status_code == 302
    row = Commentary.objects.get()
    sign_in(client, officer)
    path = reverse("insight_staff:commentary_asked", args=[row.pk])
    today = client.page("/staff/")
    assert path in today.links()
    assert "Response: Recorded burglary" in today.text()
    assert "days ago" in today.text()
    page = client.page(path)
    assert "Sam Reed asked you on" in page.text()
    assert page.document.cssselect("#series svg")
    assert reverse("insight_staff:measure", args=["burglary"]) not in " ".join(page.links())
    assert client.post(path, {"text": ""}).status_code == 200
    assert client.post(path, {"text": "More patrols."}).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.state) == ("More patrols.", "Waiting to be signed")
    assert path not in client.page("/staff/").links()
    assert Event.objects.filter(verb="commentary.written", actor_id=officer.pk).exists()
    assert client.get(reverse("insight_staff:commentary", args=[row.pk])).status_code == 404
    sign_in(client, make_staff(Role.OFFICER, ward))
    assert client.get(path).status_code == 404
