"""`peelian bench surveys`: a survey to everybody, a sample of them, their reminder, and an alert held out from a few.

Pages come from a real server; the rest runs in one Django process, as a worker does it. What takes longer than two
seconds is a job whose page says how far it is.
"""

from __future__ import annotations

import itertools
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.urls import reverse

from peelian.accounts.models import Staff, Team
from peelian.accounts.roles import Role
from peelian.alerts import actions as alerts
from peelian.alerts import holdout
from peelian.alerts.models import Alert
from peelian.config.bench.pages import measure, server, signed_in
from peelian.config.bench.report import Result, progress
from peelian.config.bench.scratch import Scratch
from peelian.core import clock, installation
from peelian.delivery.models import Send
from peelian.members.models import Topic
from peelian.surveys import actions, doors, inviting, reminding
from peelian.surveys.inviting import Count
from peelian.surveys.models import Answered, Mailing, Survey
from peelian.surveys.sampling import Plan

MEMBERS = 1_000_000
SAMPLE = 5_000
ANSWERED = 10  # one in so many
HELD = 5  # percent


def run(scratch: Scratch, members: int = MEMBERS) -> Result:
    """Fill, then do what a communications lead does, in the order of a survey's life."""
    scratch.members(members)
    result = Result(f"surveys: {members:,} members", ("what", "people", "seconds", "MB more at its peak"))

    def timed(what: str, do: Callable[[], Any], people: Callable[[Any], int]) -> Any:
        progress(what)
        before, began = _peak(), time.perf_counter()
        found = do()
        result.rows.append((what, people(found), round(time.perf_counter() - began, 2), round(_peak() - before)))
        return found

    lead, second = _lead("one"), _lead("two")
    everybody = {"clauses": [_everybody(scratch)]}
    survey = _survey(lead)
    sample = _invitation(survey, everybody, Plan(SAMPLE, 482_913, "ward", "language"))
    page = reverse("surveys_staff:invite_check", args=[survey.ref, sample.pk])
    result.rows.append(_page(lead, "the page on which a sample is sent, not drawn yet", page, SAMPLE))
    timed("a sample: job, counted, drawn", lambda: _counted(sample), lambda found: found.frame)
    result.rows.append(_page(lead, "the page on which it is sent, drawn", page, SAMPLE))
    all_of_them = _invitation(survey, everybody)
    timed("everybody: job, counted", lambda: _counted(all_of_them), lambda found: found.people)
    actions.ask_for_approval(mailing=all_of_them, by=lead)
    timed("everybody approved", lambda: _approve(all_of_them, second), lambda mailing: mailing.people)
    timed("everybody invited: job, counted once more, frozen", lambda: _invite(all_of_them), int)
    _days_pass(survey, all_of_them)
    page = reverse("surveys_staff:remind", args=[survey.ref])
    result.rows.append(_page(lead, "the page of a reminder", page, inviting.invited(survey)))
    _reminded(survey, lead, timed)
    alert = _alert(scratch, lead)
    timed(f"{HELD} in 100 held out of an alert", lambda: _withheld(alert, members), int)
    result.notes = [
        f"The sample: {SAMPLE:,} of everybody, by ward and language. One in {ANSWERED} has answered when the reminder"
        " is made. Peak memory is the process's own, and never goes down again.",
    ]
    return result


def _counted(mailing: Mailing) -> Count:
    """As a worker does it; of few as a page does."""
    found = actions.count_audience(mailing=mailing, by=mailing.by)
    if found is None:
        actions.count_as_asked(mailing_id=mailing.pk, staff_id=mailing.by_id)
        mailing.refresh_from_db(fields=["settings"])
        found = inviting.kept(mailing)
    assert found is not None
    return found


def _approve(mailing: Mailing, by: Staff) -> Mailing:
    actions.approve_invitation(mailing=mailing, by=by)
    mailing.refresh_from_db()
    return mailing


def _invite(mailing: Mailing) -> int:
    """As a worker does it; few are invited already."""
    actions.invite_as_decided(mailing_id=mailing.pk)
    mailing.refresh_from_db()
    assert mailing.send is not None
    return mailing.send.recipients


def _reminded(survey: Survey, lead: Staff, timed: Callable[..., Any]) -> None:
    mailings = reminding.sent(survey)
    timed("who has not answered", lambda: reminding.silent(survey, mailings), lambda found: found.invited)
    actions.remind(survey=survey, by=lead, number=1)
    mailing = Mailing.objects.get(survey=survey, kind=Mailing.Kind.REMINDER)

    def job() -> int:
        actions.remind_as_planned(mailing_id=mailing.pk)
        mailing.refresh_from_db()
        assert mailing.send is not None
        return mailing.send.recipients

    timed("the reminder: job, frozen", job, int)


def _peak() -> float:
    """MB that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


def _page(lead: Staff, what: str, page: str, people: int) -> tuple[Any, ...]:
    """A page asked for once, from a server that has answered another before."""
    progress(what)
    cookie = signed_in(lead)
    with tempfile.TemporaryDirectory() as home, server(Path(home)) as port:
        measure(port, what, [reverse("surveys_staff:list")], cookie, requests=1, warm_up=1)
        found = measure(port, what, [page], cookie, requests=1, warm_up=0)
    return what, people, round(found[2] / 1_000, 2), 0


@transaction.atomic
def _lead(name: str) -> Staff:
    lead = Staff.objects.create(email=f"{name}@heartshire.example", role=Role.COMMUNICATIONS, is_demo=True, password="")
    lead.teams.add(Team.objects.get(slug="force"))
    installation.mark_demo()
    return lead


def _everybody(scratch: Scratch) -> dict[str, Any]:
    return {"effect": "include", "kind": "areas", "values": [scratch.places.force.code]}


def _survey(lead: Staff) -> Survey:
    made = actions.make_survey(by=lead, team=Team.objects.get(slug="force"), title="Your street", begin="doing")
    return actions.open_survey(survey=made, by=lead)


def _invitation(survey: Survey, audience: dict[str, Any], sample: Plan | None = None) -> Mailing:
    return actions.choose_audience(survey=survey, by=survey.author, audience=audience, channels=3, sample=sample)


def _days_pass(survey: Survey, mailing: Mailing) -> None:
    """A week in which one in ten has answered."""
    mark = doors.marker(survey.pk, of_addresses=False)
    mailing.refresh_from_db()
    send = mailing.send
    assert send is not None
    invited = range(ANSWERED, send.recipients, ANSWERED)
    rows = (Answered(survey=survey, mark=mark(one)) for one in invited)
    while some := list(itertools.islice(rows, 10_000)):
        Answered.objects.bulk_create(some)
    Send.objects.filter(pk=send.pk).update(created_at=clock.now() - timedelta(days=7))


def _alert(scratch: Scratch, lead: Staff) -> Alert:
    topic = Topic.objects.get(slug="vehicle-crime")
    alerts.enter_decision(
        by=lead, body="A committee of the benchmark", decided_on=clock.today(), percent=HELD, reference="1",
        until=clock.today() + timedelta(days=90), text="For the benchmark.", topics=[topic],
    )  # fmt: skip
    return Alert.objects.create(
        ref="bench001", title="Bench alert", topic=topic, team=Team.objects.get(slug="force"), author=lead,
        happening="Vans were opened.", doing="We are there.", can_do="Take tools out.",
        audience={"clauses": [_everybody(scratch)]},
    )  # fmt: skip


def _withheld(alert: Alert, people: int) -> int:
    with transaction.atomic():
        return holdout.withhold(alert, people=people)
