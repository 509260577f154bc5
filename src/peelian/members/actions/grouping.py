"""Groups: making, changing and ending one, inviting to a closed one, saying yes, leaving."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.text import slugify

from peelian.accounts.models import Staff
from peelian.audit.actions import Actor, record
from peelian.core import clock
from peelian.core.errors import NotFound
from peelian.members import queries, queries_groups
from peelian.members.actions.actor import send
from peelian.members.actions.standing_still import must_be_in_use
from peelian.members.errors import AlreadyInGroup, GroupOpen, GroupOver, InvitationRefused, NeedsCommunity
from peelian.members.models import Group, GroupInvitation, KeyIndividual, Member

FIELDS = (
    "name", "about", "purpose", "team", "owner", "open", "network", "expires_on", "review_on", "communities",
)  # fmt: skip


@transaction.atomic
def make_group(*, by: Staff, **given: Any) -> Group:
    """A new group; GIVEN are FIELDS. The owner is the maker unless said."""
    group = Group(slug=_unused_slug(given["name"]), **_only(given))
    group.owner = group.owner or by
    group.save()
    record("group.made", "group", group.pk, by=by, open=group.open, network=group.network, team=group.team_id)
    return group


@transaction.atomic
def change_group(*, group: Group, by: Staff, **given: Any) -> None:
    """Change FIELDS of a group. Who joins it and whether it is a network stay: people said yes to that."""
    allowed = {name: value for name, value in _only(given).items() if name not in ("open", "network")}
    changed = sorted(name for name, value in allowed.items() if getattr(group, name) != value)
    for name in changed:
        setattr(group, name, allowed[name])
    group.save(update_fields=changed)
    record("group.changed", "group", group.pk, by=by, changed=changed)


@transaction.atomic
def end_group(*, group: Group, by: Staff) -> None:
    """No alert goes to it any more and nobody joins. Who was in it stays written there until they leave."""
    if Group.objects.filter(pk=group.pk, ended_at=None).update(ended_at=clock.now()):
        record("group.ended", "group", group.pk, by=by)


@transaction.atomic
def invite(*, group: Group, member: Member, by: Staff, community: str = "", role: str = "") -> GroupInvitation:
    """Ask somebody to be in a closed group; they are in it when they say yes. COMMUNITY and ROLE are for a network.
    Raises GroupOpen, GroupOver, AlreadyInGroup and NeedsCommunity."""
    _may_invite(group, community, role)
    Member.objects.select_for_update().get(pk=member.pk)
    waiting = group.invitations.filter(member=member, answered_at=None).exists()
    if waiting or group.memberships.filter(member=member).exists():
        raise AlreadyInGroup
    made = GroupInvitation.objects.create(
        group=group,
        member=member,
        wording=queries.wording("network" if group.network else "group"),
        invited_by=by,
        invited_at=clock.now(),
        community=community if group.network else "",
        role=role if group.network else "",
    )
    record("group.invited", "group", group.pk, by=by, member=member.pk, invitation=made.pk)
    for address in (member.email, member.mobile):
        if address is not None and not address.suppression:
            send("members.invitation", made.pk, address_id=address.pk, member_id=member.pk)
            break
    return made


def invite_at(*, group: Group, contact: str, by: Staff, community: str = "", role: str = "") -> None:
    """Invite whoever uses a contact point and may be invited. Nothing that is returned tells whether somebody does, so
    that nobody learns from it who has registered. Raises GroupOpen, GroupOver and NeedsCommunity."""
    _may_invite(group, community, role)
    for member in queries_groups.people_at(by, contact):
        try:
            invite(group=group, member=member, by=by, community=community, role=role)
        except AlreadyInGroup:
            continue


@transaction.atomic
def answer_invitation(*, invitation: GroupInvitation, yes: bool, by: Actor) -> None:
    """The member's own answer. Raises InvitationRefused when it was answered before, GroupOver when the group ended,
    Restricted where a yes would begin what they asked us not to do."""
    if yes:
        must_be_in_use(invitation.member)
    waiting = GroupInvitation.objects.filter(pk=invitation.pk, answered_at=None)
    if not waiting.update(answered_at=clock.now(), accepted=yes):
        raise InvitationRefused
    group = invitation.group
    if yes and group.over:
        raise GroupOver
    if yes:
        _join(invitation)
    verb = "group.accepted" if yes else "group.declined"
    record(verb, "group", group.pk, by=by, invitation=invitation.pk, wording=invitation.wording_id)


@transaction.atomic
def leave_group(*, group: Group, member: Member, by: Actor) -> None:
    """The member leaves, at any time. Raises NotFound when they are not in it."""
    if not group.memberships.filter(member=member).delete()[0]:
        raise NotFound
    KeyIndividual.objects.filter(group=group, member=member).delete()
    said_yes = group.invitations.filter(member=member, accepted=True, withdrawn_at=None)
    said_yes.update(withdrawn_at=clock.now())
    record("group.left", "group", group.pk, by=by, member=member.pk)


@transaction.atomic
def take_out(*, group: Group, member: Member, why: str, by: Staff) -> None:
    """Take somebody out of a closed group; WHY is of Removed. It can be undone for PUT_BACK_FOR. Of a network their
    record of contacts goes. Raises GroupOpen, and NotFound when they are not in it."""
    if group.open:
        raise GroupOpen
    if not group.memberships.filter(member=member).delete()[0]:
        raise NotFound
    KeyIndividual.objects.filter(group=group, member=member).delete()
    said_yes = group.invitations.filter(member=member, accepted=True, withdrawn_at=None)
    said_yes.update(withdrawn_at=clock.now(), removed_by=by, removed_why=why)
    record("group.taken_out", "group", group.pk, by=by, member=member.pk, why=str(why))


@transaction.atomic
def put_back(*, invitation: GroupInvitation, by: Staff) -> None:
    """Undo it: the yes that they said holds again. Raises NotFound for whoever left by themselves, or long ago."""
    taken_out = queries_groups.taken_out_of(invitation.group).filter(pk=invitation.pk)
    if invitation.group.over:
        raise GroupOver
    if not taken_out.update(withdrawn_at=None, removed_by=None, removed_why=""):
        raise NotFound
    _join(invitation)
    record("group.put_back", "group", invitation.group_id, by=by, member=invitation.member_id)


def _join(invitation: GroupInvitation) -> None:
    group = invitation.group
    group.memberships.get_or_create(member=invitation.member)
    if group.network:
        KeyIndividual.objects.get_or_create(
            group=group,
            member=invitation.member,
            defaults={
                "community": invitation.community,
                "role": invitation.role,
                "keeper": invitation.invited_by,
                "next_contact": clock.today(),
                "invitation": invitation,
            },
        )


def _may_invite(group: Group, community: str, role: str) -> None:
    if group.open:
        raise GroupOpen
    if group.over:
        raise GroupOver
    if group.network and not (community and role):
        raise NeedsCommunity


def _only(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name in FIELDS}


def _unused_slug(name: str) -> str:
    slug = base = slugify(name)[:40] or "group"
    number = 2
    while Group.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug
