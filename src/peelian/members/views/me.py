"""The member's own pages: what I get and why, and every way to change it, behind a code sent to the contact point."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.contacts.queries import masked
from peelian.core import limits
from peelian.core.errors import RuleBroken
from peelian.members import actions, pace, queries, sessions
from peelian.members.actions.codes import MOST_TRIES
from peelian.members.actions.joining import confirm_member
from peelian.members.actions.settings import MOST_PLACES
from peelian.members.errors import CodeRefused, NoMoreTries
from peelian.members.forms import (
    CHANNEL_WORDS,
    AgreementsForm,
    CodeForm,
    DetailsForm,
    GroupsForm,
    MessagesForm,
    PlaceForm,
    SignInForm,
    WhoForm,
    usable_channels,
)
from peelian.members.models import CHANNELS, EVERY_TOPIC, Member
from peelian.members.views.posted import posted

GET_OR_POST = ["GET", "HEAD", "POST"]
CODES_FROM_A_NETWORK = 30  # an hour
TRIES_FROM_A_NETWORK = 60

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Pass on the member whose session this is; others are sent to sign in, and households to say who they are."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        address = sessions.address_id(request)
        if address is None:
            return redirect("members:sign_in")
        member = sessions.member(request, address)
        if member is None:
            return redirect("members:who")
        return view(request, member, *args, **given)

    return guarded


def actor(member: Member) -> actions.MemberActor:
    return actions.MemberActor(member.pk, "signed in")


# Signing in ----------------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(GET_OR_POST)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a code. The answer is the same whether or not we know the contact point."""
    form = SignInForm(posted(request))
    if form.is_valid():
        limits.limit(f"code-network-{sessions.network(request)}", most=CODES_FROM_A_NETWORK, window=timedelta(hours=1))
        request.session[sessions.CODE] = actions.ask_for_code(contact=form.cleaned_data["contact"])
        request.session[sessions.CONTACT] = form.cleaned_data["contact"]
        request.session[sessions.TRIES] = 0
        return redirect("members:code")
    return render(request, "members/me/sign_in.html", {"form": form})


@never_cache
@require_http_methods(GET_OR_POST)
def code(request: HttpRequest) -> HttpResponse:
    if sessions.CODE not in request.session:
        return redirect("members:sign_in")
    form = CodeForm(posted(request))
    if form.is_valid():
        limits.limit(f"try-network-{sessions.network(request)}", most=TRIES_FROM_A_NETWORK, window=timedelta(hours=1))
        try:
            address = _try(request, form.cleaned_data["code"])
        except CodeRefused as problem:
            form.add_error("code", str(problem))
        else:
            sessions.sign_in(request, address.pk)
            return redirect("members:me")
    context = {"form": form, "contact": request.session.get(sessions.CONTACT, "")}
    return render(request, "members/me/code.html", context)


def _try(request: HttpRequest, figures: str) -> Any:
    """Tries are counted here too, so that a code that was never sent behaves like one that was."""
    tries = request.session[sessions.TRIES] = request.session.get(sessions.TRIES, 0) + 1
    if tries > MOST_TRIES:
        raise NoMoreTries
    if not request.session[sessions.CODE]:
        raise CodeRefused
    return actions.use_code(code_id=request.session[sessions.CODE], figures=figures)


@never_cache
@require_http_methods(GET_OR_POST)
def who(request: HttpRequest) -> HttpResponse:
    """An address shared by a household: who of them is this? First names only."""
    address = sessions.address_id(request)
    among = queries.member_for_address(address) if address is not None else []
    if not among:
        sessions.sign_out(request)
        return redirect("members:sign_in")
    form = WhoForm(among, posted(request))
    if form.is_valid():
        request.session[sessions.MEMBER] = form.cleaned_data["member"]
        return redirect("members:me")
    return render(request, "members/me/who.html", {"form": form})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    sessions.sign_out(request)
    messages.success(request, "You are signed out.")
    return redirect("members:sign_in")


# What I get ----------------------------------------------------------------------------------------------------------


@require_safe
@signed_in
def me(request: HttpRequest, member: Member) -> HttpResponse:
    topics = queries.topics_in(member.interests)
    context = {
        "member": member,
        "topics": topics,
        "all_topics": member.interests == EVERY_TOPIC,
        "organisations": [each.name for each in queries.organisations_in(member.organisations)],
        "how": _how(member),
        "own_ways": [(own.topic.name, _words(own.channels)) for own in member.topic_channels.select_related("topic")],
        "contacts": [masked(each) for each in (member.email, member.mobile, member.landline) if each],
        "stopped": [
            masked(each) for each in (member.email, member.mobile, member.landline) if each and each.suppression
        ],
        "places": list(member.places.select_related("area").order_by("pk")),
        "most_places": MOST_PLACES,
        "groups": list(member.groups.all()),
        "groups_offered": queries.open_groups().exists(),
        "consents": list(member.consents.select_related("wording", "organisation").order_by("given_at", "pk")),
        "pace": pace.sentences(member, settings.PEELIAN_QUIET_HOURS),
        "shared": len(queries.member_for_address(sessions.address_id(request) or 0)) > 1,
    }
    return render(request, "members/me/me.html", context)


def _how(member: Member) -> str:
    usable = usable_channels(member)
    chosen = [word for word in usable if CHANNELS[word] & member.channels] or usable[:1]
    return " and ".join(CHANNEL_WORDS[word].lower() for word in chosen)


def _words(bits: int) -> str:
    return " and ".join(CHANNEL_WORDS[word].lower() for word, bit in CHANNELS.items() if bits & bit)


@require_POST
@signed_in
def confirm_now(request: HttpRequest, member: Member) -> HttpResponse:
    """Somebody signed in has shown that the address is theirs; the button says that they want messages."""
    address = next(
        each
        for each in (member.email, member.mobile, member.landline)
        if each is not None and each.pk == sessions.address_id(request)
    )
    with transaction.atomic():
        confirm_member(member, address, by=actor(member))
    messages.success(request, "Thank you. From now on you get messages.")
    return redirect("members:me")


def _change(
    request: HttpRequest, member: Member, template: str, form: Form, save: Callable[[], None], said: str, **more: Any
) -> HttpResponse:
    """A page with one form: save, say so, and go back to the overview."""
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, said)
            return redirect("members:me")
    return render(request, f"members/me/{template}.html", {"form": form, "member": member, **more})


@require_http_methods(GET_OR_POST)
@signed_in
def change_messages(request: HttpRequest, member: Member) -> HttpResponse:
    form = MessagesForm(member, posted(request))

    def save() -> None:
        actions.change_preferences(member=member, by=actor(member), **form.chosen())

    return _change(request, member, "messages", form, save, "We have changed what you get.")


@require_http_methods(GET_OR_POST)
@signed_in
def agreements(request: HttpRequest, member: Member) -> HttpResponse:
    form = AgreementsForm(member, posted(request))

    def save() -> None:
        actions.change_preferences(member=member, by=actor(member), organisations=form.chosen())

    return _change(request, member, "agreements", form, save, "We have changed who may write to you.")


@require_http_methods(GET_OR_POST)
@signed_in
def details(request: HttpRequest, member: Member) -> HttpResponse:
    initial = {name: getattr(member, name) for name in ("first_name", "last_name", "postcode", "language")}
    initial["postcode"] = f"{member.postcode[:-3]} {member.postcode[-3:]}".strip()
    form = DetailsForm(posted(request), initial=initial, young=member.young)

    def save() -> None:
        given = {"first_name": "", "last_name": "", **form.cleaned_data}
        actions.change_preferences(member=member, by=actor(member), language=given.pop("language"))
        actions.change_details(member=member, by=actor(member), **given)

    return _change(request, member, "details", form, save, "We have changed your details.")


@require_http_methods(GET_OR_POST)
@signed_in
def add_place(request: HttpRequest, member: Member) -> HttpResponse:
    form = PlaceForm(posted(request))

    def save() -> None:
        actions.add_place(member=member, by=actor(member), **form.cleaned_data)

    return _change(request, member, "add_place", form, save, "We have added the place.")


@require_POST
@signed_in
def remove_place(request: HttpRequest, member: Member, pk: int) -> HttpResponse:
    actions.remove_place(member=member, place_id=pk, by=actor(member))
    messages.success(request, "We have taken the place away.")
    return redirect("members:me")


@require_POST
@signed_in
def forget_answers(request: HttpRequest, member: Member) -> HttpResponse:
    actions.forget_answers(member=member, by=actor(member))
    messages.success(request, "We have deleted your answers.")
    return redirect("members:me")


@require_http_methods(GET_OR_POST)
@signed_in
def groups(request: HttpRequest, member: Member) -> HttpResponse:
    form = GroupsForm(member, posted(request))

    def save() -> None:
        actions.set_groups(member=member, group_ids=form.cleaned_data["groups"], by=actor(member))

    return _change(request, member, "groups", form, save, "We have changed your groups.")


@require_http_methods(GET_OR_POST)
@signed_in
def leave(request: HttpRequest, member: Member) -> HttpResponse:
    if request.method == "POST":
        actions.leave(member=member, by=actor(member))
        sessions.sign_out(request)
        return redirect("members:left")
    return render(request, "members/me/leave.html", {"member": member})


@require_safe
def left(request: HttpRequest) -> HttpResponse:
    return render(request, "members/me/left.html")
