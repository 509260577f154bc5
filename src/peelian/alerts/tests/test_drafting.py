"""Writing: who may, what is kept, and two people at once."""

import datetime as dt

import pytest

from peelian.accounts.roles import Role
from peelian.alerts import actions, queries
from peelian.alerts.errors import DraftChanged, Fixed, NotADraft, NotAllowed, NotReady, NotYourTeam
from peelian.alerts.models import Alert
from peelian.alerts.tests import factories as make
from peelian.contacts.models import Address
from peelian.core.errors import ChangedMeanwhile
from peelian.core.limits import TooMany

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return make.make_force()


def test_a_new_draft_has_a_short_ref_and_a_row_in_the_trail(force):
    alert = actions.create_draft(team=force.team, by=force.officer)
    assert (alert.state, alert.author, len(alert.ref), set(alert.ref) & set("aeiou01")) == (
        "draft",
        force.officer,
        8,
        set(),
    )
    assert make.audit_of(alert) == [("alert.drafted", "officer", {"team": force.team.pk})]


def test_one_writes_for_ones_own_team_only(force):
    other = make.make_team("Castle Vale team", force.areas["P1"])
    with pytest.raises(NotYourTeam):
        actions.create_draft(team=other, by=force.officer)
    draft = make.make_draft(force)
    with pytest.raises(NotYourTeam):
        actions.save_draft(alert=draft, version=draft.version, by=force.officer, team=other)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR])
def test_roles_that_do_not_write_cannot(force, role):
    person = make.make_staff(role, team=force.team)
    with pytest.raises(NotAllowed):
        actions.create_draft(team=force.team, by=person)


def test_saving_raises_the_version_once_for_a_change_and_never_for_none(force):
    draft = make.make_draft(force)
    assert draft.version == 2
    saved = actions.save_draft(alert=draft, version=2, by=force.officer, title="Vans  broken\ninto")
    assert (saved.version, saved.title) == (3, "Vans broken into")
    again = actions.save_draft(alert=saved, version=3, by=force.officer, title="Vans broken into")
    assert again.version == 3
    assert [verb for verb, _, _ in make.audit_of(draft)] == ["alert.drafted", "alert.saved", "alert.saved"]


def test_the_trail_keeps_fields_and_shapes_but_never_the_words(force):
    draft = make.make_draft(force)
    data = make.audit_of(draft)[-1][2]
    assert data["audience"] == {"clauses": [make.inside("W00")]}
    assert "title" in data["fields"]
    assert "Mill Lane" not in str(make.audit_of(draft))


def test_the_second_of_two_to_save_is_told_and_both_texts_are_kept(force):
    draft = make.make_draft(force)
    mine, theirs = Alert.objects.get(pk=draft.pk), Alert.objects.get(pk=draft.pk)
    actions.save_draft(alert=theirs, version=2, by=force.communications, doing="We put up a camera.")
    with pytest.raises(DraftChanged) as told:
        actions.save_draft(alert=mine, version=2, by=force.officer, doing="We knock on doors.")
    assert isinstance(told.value, ChangedMeanwhile)
    assert told.value.written == {"doing": "We knock on doors."}
    assert (told.value.alert.doing, told.value.alert.version) == ("We put up a camera.", 3)
    assert Alert.objects.get(pk=draft.pk).doing == "We put up a camera."


def test_what_has_gone_cannot_be_changed(force):
    alert = make.make_frozen(force)
    with pytest.raises(NotADraft):
        actions.save_draft(alert=alert, version=alert.version, by=force.officer, title="Other")
    with pytest.raises(NotADraft):
        actions.discard_draft(alert=alert, by=force.officer)


def test_too_long_a_text_is_refused_by_name(force):
    draft = make.make_draft(force)
    with pytest.raises(NotReady, match=r"“What you can do” is longer than 5,000 characters\. Shorten it\."):
        actions.save_draft(alert=draft, version=2, by=force.officer, can_do="a" * 5001)
    with pytest.raises(NotReady, match="title is longer than 120"):
        actions.save_draft(alert=draft, version=2, by=force.officer, title="a" * 121)


def test_a_null_character_and_windows_line_ends_do_no_harm(force):
    draft = make.make_draft(force)
    saved = actions.save_draft(alert=draft, version=2, by=force.officer, happening="One\x00\r\ntwo", title="A\x00b")
    assert (saved.happening, saved.title) == ("One\ntwo", "A b")


def test_an_unknown_field_is_a_mistake_of_the_caller(force):
    draft = make.make_draft(force)
    with pytest.raises(TypeError):
        actions.save_draft(alert=draft, version=2, by=force.officer, state="sent")


def test_what_is_missing_is_said_in_sentences(force):
    draft = actions.create_draft(team=force.team, by=force.officer)
    assert queries.missing(draft) == [
        "Write a title.",
        "Choose the type of alert.",
        "Write “What is happening”.",
        "Write “What we are doing”.",
        "Write “What you can do”.",
    ]
    assert queries.missing(make.make_draft(force)) == []
    assert queries.missing(make.make_draft(force, channels=0)) == ["Choose at least one of email, text and voice."]


def test_a_draft_can_be_thrown_away(force):
    draft = make.make_draft(force)
    actions.discard_draft(alert=draft, by=force.officer)
    assert not Alert.objects.filter(pk=draft.pk).exists()
    assert make.audit_of(draft)[-1][0] == "alert.discarded"


def test_a_test_goes_to_ones_own_address_and_nobody_else(force):
    draft = make.make_draft(force)
    actions.send_test(alert=draft, by=force.officer)
    [(arguments, _)] = make.jobs_named("delivery.transactional")
    own = Address.objects.get(value=force.officer.email)
    assert arguments == {"renderer": "alerts.test", "object_id": draft.pk, "address_id": own.pk, "member_id": None}
    draft.refresh_from_db()
    assert (draft.state, draft.send_id) == ("draft", None)


def test_a_test_needs_something_to_show_and_is_limited(force):
    empty = actions.create_draft(team=force.team, by=force.officer)
    with pytest.raises(NotReady):
        actions.send_test(alert=empty, by=force.officer)
    draft = make.make_draft(force)
    for _ in range(20):
        actions.send_test(alert=draft, by=force.officer)
    with pytest.raises(TooMany):
        actions.send_test(alert=draft, by=force.officer)


def test_an_update_keeps_type_audience_and_channels(force):
    update = actions.follow_up(alert=make.make_sent(force), relation="update", by=force.officer)
    for change in ({"channels": 2}, {"audience": {"clauses": [make.inside("W00")]}}, {"topic": None}):
        with pytest.raises(Fixed):
            actions.save_draft(alert=update, version=1, by=force.officer, **change)
    saved = actions.save_draft(alert=update, version=1, by=force.officer, channels=7, ends_on=dt.date(2030, 1, 1))
    assert saved.ends_on == dt.date(2030, 1, 1)
