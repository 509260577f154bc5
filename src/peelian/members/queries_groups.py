"""Reads of groups: for the people in them, and for the staff who keep them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff, Team
from peelian.contacts import queries as contacts
from peelian.core import clock
from peelian.core.errors import NotFound
from peelian.members.models import Group, GroupInvitation, GroupMembership, Member

MOST_FOUND = 20


def running(groups: QuerySet[Group]) -> QuerySet[Group]:
    """Those that have not ended."""
    return groups.filter(Q(expires_on=None) | Q(expires_on__gte=clock.today()), ended_at=None)


# For residents --------------------------------------------------------------------------------------------------------


def closed_groups_of(member: Member) -> QuerySet[Group]:
    """The groups by invitation that a member is in."""
    return Group.objects.filter(open=False, memberships__member=member).select_related("team")


def invitations_of(member: Member) -> QuerySet[GroupInvitation]:
    """The invitations that wait for a member's answer."""
    waiting = GroupInvitation.objects.filter(member=member, answered_at=None, group__in=running(Group.objects.all()))
    return waiting.select_related("group__team", "wording").order_by("invited_at")


def invitation(pk: int) -> GroupInvitation:
    """One that waits for an answer; NotFound otherwise."""
    found = GroupInvitation.objects.filter(pk=pk, answered_at=None, member__left_at=None)
    one = found.select_related("group__team", "wording", "member").first()
    if one is None:
        raise NotFound
    return one


# For staff ------------------------------------------------------------------------------------------------------------


def groups_for(staff: Staff, *, ended: bool = False) -> QuerySet[Group]:
    """The groups of the person's teams and those of no team, each with how many members of the scope are in it. A
    network of key individuals shows itself to those alone who may keep it."""
    scope = accounts.scope_area_ids(staff)
    counted = Q(memberships__member__left_at=None)
    if scope is not None:
        counted &= Q(memberships__member__area_id__in=scope)
    found = Group.objects.select_related("team", "owner").annotate(people=Count("memberships", filter=counted))
    if not staff.may("network.keep"):
        found = found.filter(network=False)
    if scope is not None:
        found = found.filter(Q(team=None) | Q(team__in=accounts.teams_in_scope(staff)))
    return found if ended else running(found)


def group_for(staff: Staff, pk: int) -> Group:
    """One group; NotFound when out of scope."""
    found = groups_for(staff, ended=True).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def own_group_for(staff: Staff, pk: int) -> Group:
    """A group that the person may change: of a team in their scope, not one of every team unless they have the whole
    force. NotFound otherwise."""
    found = group_for(staff, pk)
    if found.team_id is None and accounts.scope_area_ids(staff) is not None:
        raise NotFound
    return found


def people_of(staff: Staff, group: Group) -> QuerySet[GroupMembership]:
    """Who is in a closed group and lives in the person's scope, by name. Of an open group nobody is listed: residents
    joined it to hear from us, not to be known."""
    if group.open:
        return GroupMembership.objects.none()
    people = group.memberships.filter(member__left_at=None).select_related("member__area")
    scope = accounts.scope_area_ids(staff)
    if scope is not None:
        people = people.filter(member__area_id__in=scope)
    return people.order_by("member__last_name", "member__first_name", "pk")


def waiting_of(group: Group) -> int:
    """How many invitations wait for an answer."""
    return group.invitations.filter(answered_at=None).count()


def member_of(staff: Staff, group: Group, pk: int) -> Member:
    """Somebody in a closed group who lives in the person's scope; NotFound otherwise."""
    found = people_of(staff, group).filter(member=pk).first()
    if found is None:
        raise NotFound
    return found.member


PUT_BACK_FOR = timedelta(days=14)


def taken_out_of(group: Group) -> QuerySet[GroupInvitation]:
    """Whom staff took out of it so lately that it can be undone."""
    lately = group.invitations.filter(withdrawn_at__gte=clock.now() - PUT_BACK_FOR, member__left_at=None)
    return lately.exclude(removed_why="").exclude(member__in=group.memberships.values("member"))


def taken_out_for(staff: Staff, group: Group) -> QuerySet[GroupInvitation]:
    """The same, of those who live in the person's scope."""
    found = taken_out_of(group).select_related("member__area", "removed_by").order_by("-withdrawn_at")
    scope = accounts.scope_area_ids(staff)
    return found if scope is None else found.filter(member__area_id__in=scope)


def reviews_due(staff: Staff) -> QuerySet[Group]:
    """The groups the person owns whose review is due or that end within two weeks."""
    soon = clock.today() + timedelta(days=14)
    due = Q(review_on__lte=clock.today()) | Q(expires_on__lte=soon)
    return running(Group.objects.filter(due, owner=staff)).order_by("review_on", "name")


def people_named(staff: Staff, name: str) -> list[Member]:
    """Confirmed adults of the scope with this last name, or first and last name; at most MOST_FOUND. By the index of
    last names; case does not matter."""
    *first, last = name.split() or [""]
    found = Member.objects.annotate(last=Lower("last_name")).filter(
        last=last.lower(), left_at=None, confirmed_at__isnull=False, young=False, restricted_at=None
    )
    if first:
        found = found.filter(first_name__iexact=" ".join(first))
    scope = accounts.scope_area_ids(staff)
    if scope is not None:
        found = found.filter(area_id__in=scope)
    return list(found.exclude(last_name="").select_related("area").order_by("last_name", "first_name")[:MOST_FOUND])


def people_at(staff: Staff, contact: str) -> list[Member]:
    """The confirmed adults of the scope who use a contact point, as typed."""
    address = contacts.find(contact)
    if address is None:
        return []
    uses = Q(email=address) | Q(mobile=address) | Q(landline=address)
    found = Member.objects.filter(uses, left_at=None, confirmed_at__isnull=False, young=False, restricted_at=None)
    scope = accounts.scope_area_ids(staff)
    return list(found if scope is None else found.filter(area_id__in=scope))


def member_to_invite(staff: Staff, pk: int) -> Member:
    """A confirmed adult of the scope; NotFound otherwise."""
    found = Member.objects.filter(pk=pk, left_at=None, confirmed_at__isnull=False, young=False, restricted_at=None)
    scope = accounts.scope_area_ids(staff)
    if scope is not None:
        found = found.filter(area_id__in=scope)
    one = found.first()
    if one is None:
        raise NotFound
    return one


def teams_to_choose(staff: Staff) -> QuerySet[Team]:
    return accounts.teams_in_scope(staff)


def owners_to_choose(staff: Staff) -> QuerySet[Staff]:
    """The active people of the teams in the person's scope."""
    return Staff.objects.filter(teams__in=accounts.teams_in_scope(staff), is_active=True).distinct()


def offered_to_alerts(used: Iterable[str]) -> dict[str, str]:
    """Slug → name of the groups that an alert may go to, and of those it uses already, ended or not."""
    found = (running(Group.objects.all()) | Group.objects.filter(slug__in=list(used))).order_by("name")
    return {group.slug: f"{group.name} (ended)" if group.over else group.name for group in found}
