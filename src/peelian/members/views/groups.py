"""Staff pages of groups: making, changing and ending one, who is in a closed one, inviting."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.audit.actions import record
from peelian.core.errors import NotFound, RuleBroken
from peelian.members import actions, queries_groups
from peelian.members.forms_groups import FindForm, GroupForm, InviteForm, TakeOutForm
from peelian.members.models import Group
from peelian.members.views.posted import posted

GET_OR_POST = ["GET", "HEAD", "POST"]
MOST_SHOWN = 200


@require_safe
@needs("members.read")
def listed(request: StaffRequest) -> HttpResponse:
    ended = request.GET.get("which") == "all"
    context = {
        "groups": queries_groups.groups_for(request.user, ended=ended),
        "ended": ended,
        "may_manage": request.user.may("groups.manage"),
    }
    return render(request, "members/groups/list.html", context)


@require_http_methods(GET_OR_POST)
@needs("groups.manage")
def new(request: StaffRequest) -> HttpResponse:
    form = GroupForm(request.user, None, posted(request))
    if form.is_valid():
        made = actions.make_group(by=request.user, **form.cleaned_data)
        messages.success(request, f"{made.name} is there.")
        return redirect("members_staff:group", made.pk)
    return render(request, "members/groups/edit.html", {"form": form, "group": None})


@require_safe
@needs("members.read")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    group = queries_groups.group_for(request.user, pk)
    may_manage = request.user.may("groups.manage") and not group.open
    people = list(queries_groups.people_of(request.user, group)[:MOST_SHOWN]) if may_manage else []
    if people:
        record("group.people_seen", "group", group.pk, by=request.user, people=len(people))
    context = {
        "group": group,
        "people": people,
        "listed": may_manage,
        "taken_out": queries_groups.taken_out_for(request.user, group) if may_manage else [],
        "waiting": queries_groups.waiting_of(group),
        "may_manage": request.user.may("groups.manage"),
    }
    return render(request, "members/groups/detail.html", context)


@require_http_methods(GET_OR_POST)
@needs("groups.manage")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    group = queries_groups.own_group_for(request.user, pk)
    form = GroupForm(request.user, group, posted(request))
    if form.is_valid():
        actions.change_group(group=group, by=request.user, **form.cleaned_data)
        messages.success(request, "We have changed the group.")
        return redirect("members_staff:group", pk)
    return render(request, "members/groups/edit.html", {"form": form, "group": group})


@require_POST
@needs("groups.manage")
def end(request: StaffRequest, pk: int) -> HttpResponse:
    group = queries_groups.own_group_for(request.user, pk)
    actions.end_group(group=group, by=request.user)
    messages.success(request, "The group has ended. No alert goes to it any more.")
    return redirect("members_staff:group", pk)


@require_http_methods(GET_OR_POST)
@needs("groups.manage")
def take_out(request: StaffRequest, pk: int, member_pk: int) -> HttpResponse:
    """Take somebody out of a closed group, with why; undone on the group's page for a fortnight."""
    group = queries_groups.own_group_for(request.user, pk)
    member = queries_groups.member_of(request.user, group, member_pk)
    form = TakeOutForm(posted(request))
    if form.is_valid():
        actions.take_out(group=group, member=member, why=form.cleaned_data["why"], by=request.user)
        messages.success(request, "They are in the group no longer. You can put them back for two weeks.")
        return redirect("members_staff:group", pk)
    context = {"group": group, "member": member, "form": form}
    return render(request, "members/groups/take_out.html", context)


@require_POST
@needs("groups.manage")
def put_back(request: StaffRequest, pk: int, invitation_pk: int) -> HttpResponse:
    group = queries_groups.own_group_for(request.user, pk)
    found = queries_groups.taken_out_for(request.user, group).filter(pk=invitation_pk).first()
    if found is None:
        raise NotFound
    actions.put_back(invitation=found, by=request.user)
    messages.success(request, "They are in the group again.")
    return redirect("members_staff:group", pk)


@require_http_methods(GET_OR_POST)
@needs("groups.manage")
def invite(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody found by name, or whoever uses a contact point."""
    group = queries_groups.own_group_for(request.user, pk)
    form, find = InviteForm(group, posted(request)), FindForm(request.GET)
    if form.is_valid():
        try:
            _invite(request, group, form)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(
                request, "If they have joined and live in your areas, they have the invitation. They say yes or no."
            )
            return redirect("members_staff:group", pk)
    name = find.cleaned_data["name"].strip() if find.is_valid() else ""
    found = queries_groups.people_named(request.user, name) if name else []
    if name:
        record("group.searched", "group", group.pk, by=request.user, found=len(found))
    context = {"group": group, "form": form, "find": find, "name": name, "found": found}
    return render(request, "members/groups/invite.html", context)


def _invite(request: StaffRequest, group: Group, form: InviteForm) -> None:
    given = dict(form.cleaned_data)
    contact, number = given.pop("contact"), given.pop("member")
    if number:
        member = queries_groups.member_to_invite(request.user, number)
        actions.invite(group=group, member=member, by=request.user, **given)
    else:
        actions.invite_at(group=group, contact=contact, by=request.user, **given)
