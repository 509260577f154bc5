"""The member's own pages: what I get and why, and every way to change it, behind a code sent to the contact point."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.contacts.queries import masked
from peelian.core import clock, wording
from peelian.core.errors import RuleBroken
from peelian.core.languages import own_name
from peelian.members import actions, categories, pace, queries, queries_groups, sessions
from peelian.members.actions.contacting import POINTS
from peelian.members.actions.joining import confirm_member
from peelian.members.actions.settings import MOST_PLACES
from peelian.members.door import actor, signed_in
from peelian.members.forms import (
    CHANNEL_WORDS,
    AgreementsForm,
    DetailsForm,
    GroupsForm,
    MessagesForm,
    PlaceForm,
    usable_channels,
)
from peelian.members.models import CHANNELS, EVERY_TOPIC, Member
from peelian.members.views.posted import posted

GET_OR_POST = ["GET", "HEAD", "POST"]
HOW_AGREED = {
    "web": _("on our pages"),
    "doorstep": _("at your door, with one of us"),
    "import": _("before you came here, as the list says that we were given"),
    "link": _("by a link in a message"),
    "helper": _("through somebody who helps you"),
    "staff": _("through one of us, as you asked"),
}
WORDING_TITLES = {
    "organisation": _("For an organisation you read"),
    "promotion": _("For fundraising and offers you read"),
    "import": _("Of the list you came with we know"),
    "doorstep": _("One of us read out to you"),
    "helper": _("For somebody who helps you read"),
}
POINT_WORDS = {"email": _("Email address"), "mobile": _("Mobile number"), "landline": _("Landline")}


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
        "own_ways": [
            (_(own.topic.name), _words(own.channels)) for own in member.topic_channels.select_related("topic")
        ],
        "stopped": [
            masked(each) for each in (member.email, member.mobile, member.landline) if each and each.suppression
        ],
        "places": list(member.places.select_related("area").order_by("pk")),
        "most_places": MOST_PLACES,
        "groups": list(member.groups.all()),
        "groups_offered": queries.open_groups().exists(),
        **_agreed(member),
        "pace": pace.sentences(member, settings.PEELIAN_QUIET_HOURS),
        "shared": len(queries.member_for_address(sessions.address_id(request) or 0)) > 1,
        "holiday": queries.holiday(member),
        "today": clock.today(),
        "past_homes": list(member.past_homes.select_related("area").order_by("-until")),
        "points": _points(member),
        "language": own_name(member.language, categories.LANGUAGES.get(member.language, "")),
        "helpers": queries.helpers(member),
    }
    return render(request, "members/me/me.html", context)


def _agreed(member: Member) -> dict[str, Any]:
    """The ledger of consent, and the short wordings that stood beside the ticks."""
    rows = list(member.consents.select_related("wording", "organisation").order_by("given_at", "pk"))
    for row in rows:
        row.how_said = HOW_AGREED.get(row.how, row.how)  # type: ignore[attr-defined]
    wordings = {row.wording_id: row.wording for row in rows if row.wording.kind in WORDING_TITLES}
    said = [
        {"title": WORDING_TITLES[each.kind], "version": each.version, "text": each.text} for each in wordings.values()
    ]
    return {"consents": rows, "wordings": said}


def _points(member: Member) -> list[dict[str, Any]]:
    """Where the member is reached, by kind, and what waits to be confirmed."""
    waiting = {each.address.kind: each for each in member.new_contacts.select_related("address")}
    found = []
    for name, kind in POINTS.items():
        address, new = getattr(member, name), waiting.get(kind)
        found.append(
            {
                "name": name,
                "words": POINT_WORDS[name],
                "now": masked(address) if address else "",
                "stopped": bool(address and address.suppression),
                "new": masked(new.address) if new else "",
            }
        )
    return found


def _how(member: Member) -> str:
    usable = usable_channels(member)
    chosen = [word for word in usable if CHANNELS[word] & member.channels] or usable[:1]
    return wording.listed([CHANNEL_WORDS[word].lower() for word in chosen])


def _words(bits: int) -> str:
    return wording.listed([CHANNEL_WORDS[word].lower() for word, bit in CHANNELS.items() if bits & bit])


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
    messages.success(request, _("Thank you. From now on you get messages."))
    return redirect("members:me")


def _change(
    request: HttpRequest, member: Member, template: str, form: Form, save: Callable[[], None], said: Any, **more: Any
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

    return _change(request, member, "messages", form, save, _("We have changed what you get."))


@require_http_methods(GET_OR_POST)
@signed_in
def agreements(request: HttpRequest, member: Member) -> HttpResponse:
    form = AgreementsForm(member, posted(request))

    def save() -> None:
        actions.change_preferences(member=member, by=actor(member), **form.chosen())

    return _change(request, member, "agreements", form, save, _("We have changed who may write to you."))


@require_http_methods(GET_OR_POST)
@signed_in
def details(request: HttpRequest, member: Member) -> HttpResponse:
    initial = {name: getattr(member, name) for name in ("first_name", "last_name", "language")}
    form = DetailsForm(posted(request), initial=initial, young=member.young)

    def save() -> None:
        given = {"first_name": "", "last_name": "", **form.cleaned_data}
        actions.change_preferences(member=member, by=actor(member), language=given.pop("language"))
        actions.change_details(member=member, by=actor(member), **given)

    return _change(request, member, "details", form, save, _("We have changed your details."))


@require_http_methods(GET_OR_POST)
@signed_in
def add_place(request: HttpRequest, member: Member) -> HttpResponse:
    form = PlaceForm(posted(request))

    def save() -> None:
        actions.add_place(member=member, by=actor(member), **form.cleaned_data)

    return _change(request, member, "add_place", form, save, _("We have added the place."))


@require_POST
@signed_in
def remove_place(request: HttpRequest, member: Member, pk: int) -> HttpResponse:
    actions.remove_place(member=member, place_id=pk, by=actor(member))
    messages.success(request, _("We have taken the place away."))
    return redirect("members:me")


@require_POST
@signed_in
def forget_answers(request: HttpRequest, member: Member) -> HttpResponse:
    actions.forget_answers(member=member, by=actor(member))
    messages.success(request, _("We have deleted your answers."))
    return redirect("members:me")


@require_http_methods(GET_OR_POST)
@signed_in
def groups(request: HttpRequest, member: Member) -> HttpResponse:
    form = GroupsForm(member, posted(request))

    def save() -> None:
        actions.set_groups(member=member, group_ids=form.cleaned_data["groups"], by=actor(member))

    more = {
        "invitations": list(queries_groups.invitations_of(member)),
        "closed": list(queries_groups.closed_groups_of(member)),
        "offered": form.offered,
    }
    return _change(request, member, "groups", form, save, _("We have changed your groups."), **more)
