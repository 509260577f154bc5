"""What a page of a member's own needs: `@signed_in` hands it the member, `@signed_in_just_now` wants a fresh
code."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from peelian.members import sessions
from peelian.members.actions.actor import MemberActor
from peelian.members.models import Member

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Pass on the member whose session this is; others are sent to sign in, households to say who they are, and who has
    closed their account to the page that opens it again."""
    return _guarded(view, closed=False)


def signed_in_to_closed(view: View) -> View:
    """For the page on which a closed account is opened again."""
    return _guarded(view, closed=True)


def _guarded(view: View, *, closed: bool) -> View:
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        address = sessions.address_id(request)
        if address is None:
            return redirect("members:sign_in")
        member = sessions.member(request, address)
        if member is None:
            return redirect("members:who")
        if bool(member.left_at) != closed:
            return redirect("members:me" if closed else "members:closed")
        return view(request, member, *args, **given)

    return guarded


def signed_in_just_now(view: View) -> View:
    """As `signed_in`, and the code was used within the last ten minutes: somebody else who finds the phone unlocked
    must not walk away with everything. Others are sent to ask for a new code, and come back."""

    @wraps(view)
    def fresh(request: HttpRequest, member: Member, *args: Any, **given: Any) -> HttpResponse:
        if not sessions.is_fresh(request):
            request.session[sessions.NEXT] = request.path
            return redirect("members:sign_in_again")
        return view(request, member, *args, **given)

    return signed_in(fresh)


def actor(member: Member) -> MemberActor:
    return MemberActor(member.pk, "signed in")
