"""The page behind the link that a helper is sent, and the part of a member's own pages about who helps them."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from peelian.core import limits
from peelian.core.errors import NotFound, RuleBroken
from peelian.members import actions, queries, sessions
from peelian.members.actions.helping import HELPERS_WORDING, MEMBERS_WORDING, helper_of
from peelian.members.door import actor, signed_in, signed_in_just_now
from peelian.members.forms_helping import HelperForm
from peelian.members.models import Helper, Member
from peelian.members.views.posted import posted

GET_OR_POST = ["GET", "HEAD", "POST"]
FROM_A_NETWORK = 30  # an hour


@never_cache
@require_http_methods(GET_OR_POST)
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The helper says yes or no, and ends it later by the same link. Only a button changes anything."""
    if request.method == "POST":
        limits.limit(f"helper-network-{sessions.network(request)}", most=FROM_A_NETWORK, window=timedelta(hours=1))
        helper = helper_of(token)
        if request.POST.get("answer") == "yes":
            actions.agree_to_help(token=token)
        else:
            actions.end_helping(helper=helper, by=actions.MemberActor(helper.member_id, "the helper, by link"))
        return redirect("members:helper", token)
    helper = helper_of(token)
    state = "ended" if helper.ended_at else "agreed" if helper.agreed_at else "asked"
    headings = {
        "asked": "Do you help this person?",
        "agreed": "You help this person",
        "ended": "You do not help this person",
    }
    context = {
        "heading": headings[state],
        "state": state,
        "name": "" if helper.ended_at else helper.member.first_name,
        "begun": helper.begun_at is not None,
        "wording": queries.wording(HELPERS_WORDING).text,
    }
    response = render(request, "members/join/helper.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _in_english(wording: str) -> SafeString:
    """What is agreed to, in the force's own words, on a page that may be in another language."""
    return format_html('<span lang="en-GB" dir="ltr">{}</span>', wording)


@require_http_methods(GET_OR_POST)
@signed_in_just_now
def name(request: HttpRequest, member: Member) -> HttpResponse:
    """Name somebody who helps."""
    form = HelperForm(posted(request))
    if not member.young and form.is_valid():
        limits.limit(f"helper-network-{sessions.network(request)}", most=FROM_A_NETWORK, window=timedelta(hours=1))
        given = form.cleaned_data
        try:
            actions.name_helper(
                member=member, name=given["helper_name"], contact=given["helper_contact"], how="web", by=actor(member)
            )
        except RuleBroken as problem:
            form.add_error("helper_contact", str(problem))
        else:
            messages.success(request, _("We have asked them. Their part begins when they have said yes."))
            return redirect("members:me")
    if member.young:
        raise NotFound
    return render(
        request, "members/me/helper.html", {"form": form, "wording": _in_english(queries.wording(MEMBERS_WORDING).text)}
    )


@require_POST
@signed_in
def end(request: HttpRequest, member: Member, pk: int) -> HttpResponse:
    helper = Helper.objects.filter(pk=pk, member=member, ended_at=None).first()
    if helper is None:
        raise NotFound
    actions.end_helping(helper=helper, by=actor(member))
    messages.success(request, _("Ended. Nothing of yours goes there any more."))
    if Member.objects.filter(pk=member.pk, email=None, mobile=None, landline=None).exists():
        sessions.sign_out(request)
    return redirect("members:me")
