"""Who sends alone, who decides for others: each rule and each refusal."""

import pytest
from django.db import IntegrityError, transaction

from peelian.accounts import roles
from peelian.accounts.roles import Role
from peelian.alerts import actions, policy
from peelian.alerts.errors import (
    AlreadyDecided,
    NeedsSecondPerson,
    NobodyThere,
    NotADraft,
    NotReady,
    NotYoursToApprove,
    OwnAlert,
    SupervisorNeeded,
)
from peelian.alerts.models import Alert
from peelian.alerts.tests import factories as make
from peelian.members import audience as members_audience

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return make.make_force()


def codes(alert, by, people=10):
    return [reason.code for reason in policy.reasons(alert, by=by, people=people)]


def test_an_officer_sends_to_their_own_area_alone(force):
    for clauses in (
        [make.inside("W00")],
        [make.inside("P0")],
        [make.drawn(0, 0, 1, 2)],
        [make.drawn(0.2, 0.2, 0.8, 1.5)],
    ):
        assert codes(make.make_draft(force, *clauses), force.officer) == []


def test_outside_ones_area_needs_a_second_person(force):
    languages = {"effect": "include", "kind": "languages", "values": ["en"]}
    everybody = {"effect": "include", "kind": "everybody"}
    for clauses in (
        [make.inside("W10")],
        [make.inside("W00", "W10")],
        [make.inside("W00"), make.inside("W10")],
        [make.inside("F")],
        [make.drawn(0.5, 0, 1.01, 1)],
        [languages],
        [everybody],
    ):
        draft = make.make_draft(force, *clauses)
        assert codes(draft, force.officer) == ["outside"]
        assert codes(draft, force.communications) == []


def test_a_condition_that_keeps_people_inside_keeps_it_ones_own(force):
    languages = {"effect": "include", "kind": "languages", "values": ["en"]}
    assert codes(make.make_draft(force, languages, make.inside("W00", effect="must")), force.officer) == []
    assert codes(make.make_draft(force, languages, make.inside("W10", effect="must")), force.officer) == ["outside"]
    # taking people away elsewhere keeps nobody inside
    assert codes(make.make_draft(force, languages, make.inside("W10", effect="exclude")), force.officer) == ["outside"]


def test_everybody_is_ones_own_for_who_has_the_force_s_area(force):
    chief = make.make_staff(Role.SUPERVISOR, force.areas["F"], team=force.team)
    everybody = make.make_draft(force, {"effect": "include", "kind": "everybody"})
    assert (codes(everybody, chief), codes(everybody, force.supervisor)) == ([], ["outside"])


def test_a_group_is_ones_own_when_ones_team_keeps_it(force):
    own = make.make_group(force.members["W10"][0], slug="own", team=force.team)
    other = make.make_group(force.members["W10"][0], slug="other")
    assert (
        codes(make.make_draft(force, {"effect": "include", "kind": "groups", "values": [own.slug]}), force.officer)
        == []
    )
    for slugs in ([other.slug], [own.slug, other.slug]):
        draft = make.make_draft(force, {"effect": "include", "kind": "groups", "values": slugs})
        assert codes(draft, force.officer) == ["outside"]


def test_those_who_got_an_earlier_alert_count_as_its_audience_did(force):
    own, far = make.make_sent(force), make.make_sent(force, make.inside("W10"), by=force.communications)
    for first, expected in ((own, []), (far, ["outside"])):
        draft = make.make_draft(force, {"effect": "include", "kind": "received", "values": [first.ref]})
        assert codes(draft, force.officer) == expected


def test_urgent_under_five_and_over_the_cap_need_a_second_person_each_with_its_sentence(force):
    urgent = make.make_draft(force, priority="urgent")
    assert codes(urgent, force.officer) == ["urgent"]
    draft = make.make_draft(force)
    assert codes(draft, force.officer, people=4) == ["few"]
    assert codes(draft, force.officer, people=5) == []
    cap = roles.CAP[Role.OFFICER]
    assert codes(draft, force.officer, people=cap) == []
    [reason] = policy.reasons(draft, by=force.officer, people=cap + 1)
    assert reason.sentence == f"It reaches {cap + 1:,} people and your role may send to {cap:,} by itself."
    assert codes(draft, force.supervisor, people=cap + 1) == []


def test_a_send_over_the_cap_is_refused_and_goes_once_approved(force, monkeypatch):
    monkeypatch.setitem(roles.CAP, Role.OFFICER, 9)
    draft = make.make_draft(force)
    with pytest.raises(
        NeedsSecondPerson, match=r"Somebody else has to approve this alert first\. It reaches 10 people"
    ):
        actions.send_now(alert=draft, by=force.officer)
    assert Alert.objects.get(pk=draft.pk).state == "draft"
    actions.ask_for_approval(alert=draft, by=force.officer)
    assert Alert.objects.get(pk=draft.pk).state == "waiting"
    actions.approve(alert=draft, by=force.supervisor)
    assert actions.freeze(alert_id=draft.pk)
    frozen = Alert.objects.get(pk=draft.pk)
    assert (frozen.state, frozen.approved_by, frozen.send.recipients) == ("sending", force.supervisor, 10)
    verbs = [(verb, data.get("people")) for verb, _, data in make.audit_of(draft)][2:]
    assert verbs == [("alert.asked", 10), ("alert.approved", 10), ("alert.frozen", 10)]
    assert [(one.verb, one.by, one.people) for one in frozen.decisions.all()] == [
        ("asked", force.officer, 10),
        ("approved", force.supervisor, 10),
    ]


def test_under_five_a_supervisor_must_approve(force):
    draft = make.make_draft(force, make.inside("W00"), make.inside("W01", effect="exclude"))
    for member in force.members["W00"][:7]:
        type(member).objects.filter(pk=member.pk).update(confirmed_at=None)
    members_audience.refresh()
    with pytest.raises(NeedsSecondPerson, match="fewer than 5 people"):
        actions.send_now(alert=draft, by=force.officer)


def test_nobody_approves_their_own_nor_what_they_asked_for(force):
    force.team.people.add(force.supervisor)
    own = make.make_draft(force, by=force.supervisor)
    actions.ask_for_approval(alert=own, by=force.officer)
    with pytest.raises(OwnAlert):
        actions.approve(alert=own, by=force.supervisor)
    asked = make.make_draft(force)
    actions.ask_for_approval(alert=asked, by=force.supervisor)
    with pytest.raises(OwnAlert):
        actions.approve(alert=asked, by=force.supervisor)
    actions.approve(alert=asked, by=force.communications)


def test_the_database_refuses_ones_own_approval_too(force):
    alert = make.make_frozen(force)
    for changes in ({"approved_by": force.officer}, {"asked_by": force.supervisor, "approved_by": force.supervisor}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Alert.objects.filter(pk=alert.pk).update(**changes)


def test_only_a_role_that_decides_in_whose_area_the_team_works_decides(force):
    draft = make.make_draft(force)
    actions.ask_for_approval(alert=draft, by=force.officer)
    elsewhere = make.make_staff(Role.SUPERVISOR, force.areas["P1"])
    colleague = make.make_staff(Role.OFFICER, force.areas["P0"], team=force.team)
    for person in (elsewhere, colleague, make.make_staff(Role.ADMINISTRATOR), make.make_staff(Role.AUDITOR)):
        assert not policy.may_decide(draft, person)
        with pytest.raises(NotYoursToApprove):
            actions.approve(alert=draft, by=person)
        with pytest.raises(NotYoursToApprove):
            actions.send_back(alert=draft, comment="No.", by=person)
    assert policy.may_decide(draft, force.supervisor)


def test_sent_back_with_a_comment_it_is_a_draft_again(force):
    draft = make.make_draft(force)
    actions.ask_for_approval(alert=draft, by=force.officer)
    with pytest.raises(NotReady, match="Say what should change"):
        actions.send_back(alert=draft, comment="  ", by=force.supervisor)
    actions.send_back(alert=draft, comment="Name the street.", by=force.supervisor)
    back = Alert.objects.get(pk=draft.pk)
    assert (back.state, back.asked_by, back.asked_at) == ("draft", None, None)
    assert [(one.verb, one.comment) for one in back.decisions.all()] == [
        ("asked", ""),
        ("returned", "Name the street."),
    ]
    assert "street" not in str(make.audit_of(draft))


def test_what_waits_cannot_be_written_on_but_taken_back(force):
    draft = make.make_draft(force)
    actions.ask_for_approval(alert=draft, by=force.officer)
    with pytest.raises(NotADraft):
        actions.save_draft(alert=draft, version=draft.version, by=force.officer, title="Other")
    with pytest.raises(NotADraft):
        actions.send_now(alert=draft, by=force.officer)
    actions.take_back(alert=draft, by=force.officer)
    with pytest.raises(AlreadyDecided):
        actions.approve(alert=draft, by=force.supervisor)


def test_of_two_who_decide_the_second_is_told(force):
    draft = make.make_draft(force)
    actions.ask_for_approval(alert=draft, by=force.officer)
    first, second = Alert.objects.get(pk=draft.pk), Alert.objects.get(pk=draft.pk)
    actions.approve(alert=first, by=force.supervisor)
    with pytest.raises(AlreadyDecided):
        actions.approve(alert=second, by=force.communications)
    with pytest.raises(AlreadyDecided):
        actions.send_back(alert=second, comment="No.", by=force.communications)


def test_an_approver_approves_the_version_they_read(force):
    draft = make.make_draft(force)
    actions.ask_for_approval(alert=draft, by=force.officer)
    read = draft.version
    actions.take_back(alert=draft, by=force.officer)
    actions.save_draft(alert=draft, version=read, by=force.officer, doing="Something else.")
    actions.ask_for_approval(alert=draft, by=force.officer)
    with pytest.raises(AlreadyDecided):
        actions.approve(alert=draft, by=force.supervisor, version=read)


def test_the_audience_is_counted_anew_at_approval(force):
    draft = make.make_draft(force)
    actions.ask_for_approval(alert=draft, by=force.officer)
    make.make_many("W00", 3)
    actions.approve(alert=draft, by=force.supervisor)
    assert [one.people for one in draft.decisions.all()] == [10, 13]
    gone = make.make_draft(force, title="Other")
    actions.ask_for_approval(alert=gone, by=force.officer)
    type(force.members["W00"][0]).objects.filter(area=force.areas["W00"]).update(organisations=2)
    members_audience.refresh()
    with pytest.raises(NobodyThere):
        actions.approve(alert=gone, by=force.supervisor)


@pytest.mark.django_db
def test_only_a_supervisor_lets_go_what_reaches_fewer_than_five():
    force = make.make_force()
    alert = make.make_draft(force)
    alert.people = 4
    assert isinstance(policy.refusal(alert, force.communications), SupervisorNeeded)
    assert policy.refusal(alert, force.supervisor) is None
    alert.people = 5
    assert policy.refusal(alert, force.communications) is None
