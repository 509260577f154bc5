"""Groups: making, changing and ending them, invitations and the member's own yes, leaving."""

import re
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, make_team, sign_in
from peelian.alerts import audience as alert_audience
from peelian.audit.models import Event
from peelian.core import clock
from peelian.core.messages import renderers
from peelian.members import actions, erasing, queries_groups, sessions, tokens
from peelian.members.actions import MemberActor
from peelian.members.errors import AlreadyInGroup, GroupOpen, GroupOver, InvitationRefused
from peelian.members.models import Group, GroupInvitation, GroupMembership, KeyIndividual
from peelian.members.tests.factories import make_member, make_postcode, make_ward

pytestmark = pytest.mark.django_db
LIST = "/staff/members/groups/"
SENT = "If they have joined and live in your areas, they have the invitation. They say yes or no."


@pytest.fixture
def ward():
    make_postcode()
    return make_ward()


@pytest.fixture
def officer(client, ward):
    return sign_in(client, make_staff(Role.OFFICER, ward, teams=[make_team("Elm Bridge team", ward)], name="Sam Poe"))


@pytest.fixture
def sam(ward):
    return make_member("sam@home.example", postcode="AB12CD", first_name="Samina", last_name="Khan")


def group_of(officer, **given):
    given = {"name": "Advisory group", "about": "For advice", "open": False, "team": officer.teams.get(), **given}
    return actions.make_group(by=officer, **given)


def signed_in(client, member):
    session = client.session
    session[sessions.ADDRESS] = member.email_id
    session[sessions.SEEN] = int(clock.now().timestamp())
    session.save()


def test_an_officer_makes_changes_and_ends_a_group(client, officer):
    given = {
        "name": "Dog walkers", "about": "People who walk a dog in Elm Park", "purpose": "What we see in the park",
        "joins": "open", "team": officer.teams.get().pk, "review_on": (clock.today() + timedelta(90)).isoformat(),
    }  # fmt: skip
    page = client.page(LIST + "new/", given, post=True)
    group = Group.objects.get()
    assert page.texts("h1") == ["Dog walkers"]
    assert (group.slug, group.owner, group.open, group.network) == ("dog-walkers", officer, True, False)
    client.page(f"{LIST}{group.pk}/edit/", given | {"purpose": "Lost dogs", "joins": "closed"}, post=True)
    group.refresh_from_db()
    assert (group.purpose, group.open) == ("Lost dogs", True)
    assert Event.objects.get(verb="group.changed").data == {"changed": ["purpose"]}
    page = client.page(f"{LIST}{group.pk}/end/", {}, post=True)
    assert "This group has ended" in page.text()
    assert "Dog walkers" not in client.page(LIST).text()
    assert "Dog walkers" in client.page(LIST + "?which=all").text()


def test_what_is_missing_is_said(client, officer):
    said = client.page(LIST + "new/", {"joins": "closed"}, post=True).text()
    for sentence in (
        "Give it a name",
        "Say who it is for",
        "Say what you will write",
        "Give a day to look at it again",
    ):
        assert sentence in said


def test_nobody_is_in_a_closed_group_without_their_own_yes(client, officer, sam):
    group = group_of(officer)
    page = client.page(f"{LIST}{group.pk}/invite/", {"contact": "SAM@home.example"}, post=True)
    assert SENT in page.text()
    invitation = GroupInvitation.objects.get()
    assert not GroupMembership.objects.exists()
    (job,) = ProcrastinateJob.objects.filter(task_name="delivery.transactional")
    assert (job.args["renderer"], job.args["address_id"]) == ("members.invitation", sam.email_id)
    letter = renderers["members.invitation"].email(invitation.pk)
    (path,) = re.findall(r"/groups/invitation/[\w.-]+/", letter.text)
    assert path in letter.html
    assert "Khan" not in letter.text
    page = client.page(path)  # a mail program opens it
    assert "Khan" not in page.text()
    assert not GroupMembership.objects.exists()
    page = client.page(path, {"answer": "yes"}, post=True)
    assert page.texts("h1") == ["You are in the group"]
    assert group.memberships.get().member == sam
    invitation.refresh_from_db()
    assert (invitation.accepted, invitation.wording.kind) == (True, "group")
    event = Event.objects.get(verb="group.accepted")
    assert (event.actor_kind, event.actor_id, event.data["wording"]) == ("member", sam.pk, invitation.wording_id)
    assert client.get(path).status_code == 404  # answered once


def test_no_is_an_answer(client, officer, sam):
    invitation = actions.invite(group=group_of(officer), member=sam, by=officer)
    page = client.page(f"/groups/invitation/{tokens.make_invitation(invitation.pk)}/", {"answer": "no"}, post=True)
    assert page.texts("h1") == ["You are not in the group"]
    assert not GroupMembership.objects.exists()
    actions.invite(group=invitation.group, member=sam, by=officer)  # may be asked again by a person


def test_a_forged_or_old_link_is_refused(client, officer, sam):
    invitation = actions.invite(group=group_of(officer), member=sam, by=officer)
    token = tokens.make_invitation(invitation.pk)
    assert client.get(f"/groups/invitation/{token[:-1]}x/").status_code == 404
    assert client.get(f"/groups/invitation/{tokens.make_invitation(invitation.pk + 1)}/").status_code == 404


def test_saying_yes_and_leaving_on_ones_own_page(client, officer, sam):
    group = group_of(officer, purpose="Your advice on our plans")
    invitation = actions.invite(group=group, member=sam, by=officer)
    signed_in(client, sam)
    page = client.page("/me/groups/")
    assert "Your advice on our plans" in page.text()
    assert "You are not in the group unless you say yes" in page.text()
    page = client.page(f"/me/invitations/{invitation.pk}/", {"answer": "yes"}, post=True)
    assert "You are in the group." in page.text()
    page = client.page(f"/me/groups/{group.pk}/leave/", {}, post=True)
    assert "You have left the group." in page.text()
    assert not GroupMembership.objects.exists()
    invitation.refresh_from_db()
    assert invitation.accepted
    assert invitation.withdrawn_at  # the record of consent stays


def test_somebody_elses_invitation_is_not_found(client, officer, sam, ward):
    invitation = actions.invite(group=group_of(officer), member=sam, by=officer)
    signed_in(client, make_member("kim@home.example", postcode="AB12CD"))
    assert client.post(f"/me/invitations/{invitation.pk}/", {"answer": "yes"}).status_code == 404
    assert client.post(f"/me/groups/{invitation.group_id}/leave/").status_code == 404


def test_an_open_group_says_what_it_is_for_and_an_ended_one_is_not_offered(client, officer, sam):
    actions.make_group(by=officer, name="Dog walkers", about="With dogs", purpose="Lost dogs", team=None, open=True)
    over = actions.make_group(by=officer, name="Old", about="", purpose="", team=None, open=True)
    actions.end_group(group=over, by=officer)
    signed_in(client, sam)
    said = client.page("/me/groups/").text()
    assert "With dogs Lost dogs" in said
    assert "Old" not in said


def test_a_contact_point_tells_nothing(client, officer, sam):
    group = group_of(officer)
    stranger = client.page(f"{LIST}{group.pk}/invite/", {"contact": "nobody@home.example"}, post=True)
    assert SENT in stranger.text()
    outside = make_member("far@home.example")
    client.page(f"{LIST}{group.pk}/invite/", {"contact": "far@home.example"}, post=True)
    assert not GroupInvitation.objects.filter(member=outside).exists()
    assert not GroupInvitation.objects.exists()


def test_people_are_found_by_name_within_the_persons_areas(client, officer, sam):
    group = group_of(officer)
    make_member("far@home.example", first_name="Far", last_name="Khan")
    make_member("young@home.example", postcode="AB12CD", last_name="Khan", young=True)
    make_member("late@home.example", postcode="AB12CD", last_name="Khan", confirmed=False)
    page = client.page(f"{LIST}{group.pk}/invite/?name=khan")
    assert page.texts(".govuk-radios__label") == ["Samina Khan, Elm Bridge"]
    assert "sam@home.example" not in page.text()
    assert client.page(f"{LIST}{group.pk}/invite/?name=samina KHAN").texts(".govuk-radios__label")
    assert not client.page(f"{LIST}{group.pk}/invite/?name=kha").texts(".govuk-radios__label")
    assert sorted(event.data["found"] for event in Event.objects.filter(verb="group.searched")) == [0, 1, 1]
    client.page(f"{LIST}{group.pk}/invite/", {"member": sam.pk}, post=True)
    assert GroupInvitation.objects.get().member == sam


def test_who_is_in_a_closed_group_is_read_by_those_who_keep_it(client, officer, sam, ward):
    group = group_of(officer)
    actions.answer_invitation(
        invitation=actions.invite(group=group, member=sam, by=officer), yes=True, by=MemberActor(sam.pk)
    )
    assert "Samina Khan" in client.page(f"{LIST}{group.pk}/").text()
    assert Event.objects.get(verb="group.people_seen").data == {"people": 1}
    administrator = make_staff(Role.ADMINISTRATOR, ward, teams=officer.teams.all())
    sign_in(client, administrator)
    page = client.page(f"{LIST}{group.pk}/").text()
    assert "Samina Khan" not in page
    assert "fewer than 5" in page


def test_rules_of_inviting(officer, sam):
    with pytest.raises(GroupOpen):
        actions.invite(group=group_of(officer, open=True), member=sam, by=officer)
    over = group_of(officer, expires_on=clock.today() - timedelta(days=1))
    with pytest.raises(GroupOver):
        actions.invite(group=over, member=sam, by=officer)
    group = group_of(officer)
    invitation = actions.invite(group=group, member=sam, by=officer)
    with pytest.raises(AlreadyInGroup):
        actions.invite(group=group, member=sam, by=officer)
    actions.answer_invitation(invitation=invitation, yes=True, by=MemberActor(sam.pk))
    with pytest.raises(InvitationRefused):
        actions.answer_invitation(invitation=invitation, yes=False, by=MemberActor(sam.pk))
    with pytest.raises(AlreadyInGroup):
        actions.invite(group=group, member=sam, by=officer)


def test_an_ended_group_takes_no_alerts_and_says_so(officer):
    group = group_of(officer, name="Dog walkers")
    clauses = {"clauses": [{"effect": "include", "kind": "groups", "values": ["dog-walkers"]}]}
    assert alert_audience.parse(clauses)[0].groups == (group.pk,)
    assert queries_groups.offered_to_alerts([]) == {"dog-walkers": "Dog walkers"}
    Group.objects.update(expires_on=clock.today() - timedelta(days=1))
    with pytest.raises(alert_audience.AudienceProblem, match="The group “Dog walkers” has ended"):
        alert_audience.parse(clauses)
    assert queries_groups.offered_to_alerts([]) == {}
    assert queries_groups.offered_to_alerts(["dog-walkers"]) == {"dog-walkers": "Dog walkers (ended)"}


def test_reviews_that_are_due(officer):
    group_of(officer, name="Later", review_on=clock.today() + timedelta(days=30))
    due = group_of(officer, name="Due", review_on=clock.today())
    ending = group_of(officer, name="Ending", expires_on=clock.today() + timedelta(days=10))
    group_of(officer, name="Theirs", review_on=clock.today(), owner=make_staff())
    assert set(queries_groups.reviews_due(officer)) == {due, ending}


def test_erasing_takes_invitations_and_network_with_it(officer, sam):
    network = group_of(officer, network=True)
    invitation = actions.invite(group=network, member=sam, by=officer, community="Mosque", role="Imam")
    actions.answer_invitation(invitation=invitation, yes=True, by=MemberActor(sam.pk))
    assert KeyIndividual.objects.get().community == "Mosque"
    sam.left_at = clock.now()
    sam.save()
    erasing.erase(sam)
    assert not KeyIndividual.objects.exists()
    assert not GroupInvitation.objects.exists()
    assert not GroupMembership.objects.exists()


# Taken out by staff ---------------------------------------------------------------------------------------------------


def test_somebody_is_taken_out_with_a_reason_and_put_back(client, officer, sam):
    group = group_of(officer)
    invitation = actions.invite(group=group, member=sam, by=officer)
    actions.answer_invitation(invitation=invitation, yes=True, by=actions.MemberActor(sam.pk))
    path = f"{LIST}{group.pk}/take-out/{sam.pk}/"
    assert "Choose why" in client.page(path, {}, post=True).text()
    page = client.page(path, {"why": "mistake"}, post=True)
    assert "Taken out in the last two weeks" in page.text()
    assert not group.memberships.exists()
    assert Event.objects.get(verb="group.taken_out").data == {"member": sam.pk, "why": "mistake"}
    assert client.get(path).status_code == 404
    back = f"{LIST}{group.pk}/put-back/{invitation.pk}/"
    assert "They are in the group again" in client.page(back, {}, post=True).text()
    assert group.memberships.get().member == sam
    invitation.refresh_from_db()
    assert (invitation.withdrawn_at, invitation.removed_by) == (None, None)
    assert client.post(back).status_code == 404


def test_who_left_by_themselves_is_not_put_back_and_an_open_group_has_nobody_to_take_out(client, officer, sam):
    group = group_of(officer)
    invitation = actions.invite(group=group, member=sam, by=officer)
    actions.answer_invitation(invitation=invitation, yes=True, by=actions.MemberActor(sam.pk))
    actions.leave_group(group=group, member=sam, by=actions.MemberActor(sam.pk))
    assert client.post(f"{LIST}{group.pk}/put-back/{invitation.pk}/").status_code == 404
    dogs = actions.make_group(by=officer, name="Dogs", about="With dogs", purpose="Dogs", team=None, open=True)
    GroupMembership.objects.create(group=dogs, member=sam)
    with pytest.raises(GroupOpen):
        actions.take_out(group=dogs, member=sam, why="mistake", by=officer)
