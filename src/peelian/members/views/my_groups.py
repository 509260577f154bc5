"""A member's closed groups: answering an invitation, on their own page or by the link in a message; leaving."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from peelian.core.errors import NotFound
from peelian.members import actions, queries_groups, tokens
from peelian.members.actions.actor import MemberActor
from peelian.members.door import actor, signed_in
from peelian.members.errors import InvitationRefused
from peelian.members.models import Group, Member


@require_POST
@signed_in
def answer(request: HttpRequest, member: Member, pk: int) -> HttpResponse:
    """The button under an invitation on the member's own page."""
    invitation = get_object_or_404(queries_groups.invitations_of(member), pk=pk)
    yes = request.POST.get("answer") == "yes"
    actions.answer_invitation(invitation=invitation, yes=yes, by=actor(member))
    messages.success(request, _("You are in the group.") if yes else _("We have told the team that you said no."))
    return redirect("members:groups")


@require_POST
@signed_in
def leave(request: HttpRequest, member: Member, pk: int) -> HttpResponse:
    actions.leave_group(group=get_object_or_404(Group, pk=pk), member=member, by=actor(member))
    messages.success(request, _("You have left the group."))
    return redirect("members:groups")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link. Mail programs open links by themselves, so only a button answers; it shows the group
    and nothing of the person, since mail is forwarded."""
    try:
        invitation = queries_groups.invitation(tokens.read_invitation(token))
    except NotFound:
        raise InvitationRefused from None
    context: dict[str, object] = {"invitation": invitation}
    if request.method == "POST":
        yes = request.POST.get("answer") == "yes"
        actions.answer_invitation(invitation=invitation, yes=yes, by=MemberActor(invitation.member_id))
        context["yes"] = yes
        response = render(request, "members/groups/answered.html", context)
    else:
        response = render(request, "members/groups/invitation.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
