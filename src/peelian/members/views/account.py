"""The member's account: a holiday, a move, where messages go, closing it and opening it again."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.contacts.models import Address
from peelian.contacts.queries import masked
from peelian.core import limits
from peelian.core.errors import RuleBroken
from peelian.members import actions, queries, queries_joining, sessions
from peelian.members.actions import rights
from peelian.members.actions.contacting import NAMES
from peelian.members.door import actor, signed_in, signed_in_just_now, signed_in_to_closed
from peelian.members.errors import CodeRefused
from peelian.members.forms import CodeForm
from peelian.members.forms_account import ContactPointForm, HolidayForm, MoveForm
from peelian.members.models import Member
from peelian.members.views.posted import posted

GET_OR_POST = ["GET", "HEAD", "POST"]
TRIES_FROM_A_NETWORK = 60  # an hour
LINKS_FROM_A_NETWORK = 60
WORDS = {
    Address.Kind.EMAIL: _("email address"),
    Address.Kind.MOBILE: _("mobile number"),
    Address.Kind.LANDLINE: _("landline number"),
}


# A holiday -----------------------------------------------------------------------------------------------------------


@require_http_methods(GET_OR_POST)
@signed_in
def holiday(request: HttpRequest, member: Member) -> HttpResponse:
    now = queries.holiday(member)
    form = HolidayForm(now, posted(request))
    if form.is_valid():
        actions.take_holiday(member=member, by=actor(member), **form.cleaned_data)
        messages.success(request, _("We have kept your holiday."))
        return redirect("members:me")
    shared = len(queries.household(member)) > 1
    return render(request, "members/me/holiday.html", {"form": form, "holiday": now, "shared": shared})


@require_POST
@signed_in
def end_holiday(request: HttpRequest, member: Member) -> HttpResponse:
    if actions.end_holiday(member=member, by=actor(member)):
        messages.success(request, _("Welcome back. From now on you get messages again."))
    return redirect("members:me")


# A move --------------------------------------------------------------------------------------------------------------


@require_http_methods(GET_OR_POST)
@signed_in
def move(request: HttpRequest, member: Member) -> HttpResponse:
    form = MoveForm(queries_joining.offer(), posted(request))
    if form.is_valid():
        street = form.cleaned_data["street_address"]
        moved = actions.move_house(member=member, by=actor(member), where=form.where(), street_address=street)
        messages.success(request, _moved(moved))
        return redirect("members:me")
    return render(request, "members/me/move.html", {"form": form, "member": member})


def _moved(member: Member) -> str:
    if member.area is not None:
        return f"You now hear what happens in {member.area.name}."
    if member.cell is not None:
        return "Your new home is outside our area, so you only hear what concerns everybody."
    return "We have forgotten where you live. You only hear what concerns everybody."


# Where messages go ---------------------------------------------------------------------------------------------------


@require_http_methods(GET_OR_POST)
@signed_in_just_now
def contact(request: HttpRequest, member: Member, kind: Address.Kind) -> HttpResponse:
    """Give a new email address, mobile number or landline."""
    form = ContactPointForm(kind, posted(request))
    if form.is_valid():
        limits.limit(f"contact-network-{sessions.network(request)}", most=30, window=timedelta(hours=1))
        try:
            asked = actions.ask_for_contact(
                member=member, kind=kind, value=form.cleaned_data["value"], by=actor(member)
            )
        except RuleBroken as problem:
            form.add_error("value", str(problem))
        else:
            if kind != Address.Kind.EMAIL:
                return redirect("members:contact_code", kind)
            said = _("We have sent an email to %(address)s. Press the button in it, and it takes over.")
            messages.success(request, said % {"address": masked(asked.address)})
            return redirect("members:me")
    return render(request, "members/me/contact.html", {"form": form, **_about(member, kind)})


def _about(member: Member, kind: Address.Kind) -> dict[str, object]:
    now: Address | None = getattr(member, NAMES[kind])
    points = [member.email_id, member.mobile_id, member.landline_id]
    return {
        "kind": NAMES[kind],
        "words": WORDS[kind],
        "now": masked(now) if now else "",
        "only": now is not None and sum(map(bool, points)) == 1,
    }


@require_http_methods(GET_OR_POST)
@signed_in
def contact_code(request: HttpRequest, member: Member, kind: Address.Kind) -> HttpResponse:
    """Type the six figures that came to a new number."""
    waiting = member.new_contacts.select_related("address").filter(address__kind=kind).exclude(code=None).first()
    if waiting is None:
        return redirect("members:contact", kind)
    form = CodeForm(posted(request))
    if form.is_valid():
        limits.limit(f"try-network-{sessions.network(request)}", most=TRIES_FROM_A_NETWORK, window=timedelta(hours=1))
        try:
            old, new = actions.confirm_contact(
                member=member, kind=kind, figures=form.cleaned_data["code"], by=actor(member)
            )
        except CodeRefused as problem:
            form.add_error("code", str(problem))
        else:
            sessions.address_replaced(request, old, new)
            said = _("Your %(words)s is now %(address)s.")
            messages.success(request, said % {"words": WORDS[kind], "address": masked(waiting.address)})
            return redirect("members:me")
    context = {"form": form, "masked": masked(waiting.address), **_about(member, kind)}
    return render(request, "members/me/contact_code.html", context)


@require_POST
@signed_in
def drop_contact(request: HttpRequest, member: Member, kind: Address.Kind) -> HttpResponse:
    actions.drop_new_contact(member=member, kind=kind, by=actor(member))
    said = _("We have dropped the new %(words)s. Nothing has changed.")
    messages.success(request, said % {"words": WORDS[kind]})
    return redirect("members:me")


@require_http_methods(GET_OR_POST)
@signed_in_just_now
def remove_contact(request: HttpRequest, member: Member, kind: Address.Kind) -> HttpResponse:
    about = _about(member, kind)
    if not about["now"] or about["only"]:
        return redirect("members:contact", kind)
    if request.method == "POST":
        old = getattr(member, f"{NAMES[kind]}_id")
        actions.remove_contact(member=member, kind=kind, by=actor(member))
        other = next(pk for pk in (member.email_id, member.mobile_id, member.landline_id) if pk and pk != old)
        sessions.address_replaced(request, old, other)
        said = _("We have taken your %(words)s away.")
        messages.success(request, said % {"words": WORDS[kind]})
        return redirect("members:me")
    return render(request, "members/me/contact_remove.html", about)


@never_cache
@require_http_methods(GET_OR_POST)
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in the email to a new address. Only the button changes anything, and the page shows
    nothing of the person: mail is forwarded, and scanners open links."""
    if request.method == "POST":
        limits.limit(f"link-network-{sessions.network(request)}", most=LINKS_FROM_A_NETWORK, window=timedelta(hours=1))
        _, old, new = actions.confirm_new_email(token=token)
        sessions.address_replaced(request, old, new)
        return redirect("members:email_confirmed")
    response = render(request, "members/me/confirm_email.html")
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_safe
def email_confirmed(request: HttpRequest) -> HttpResponse:
    return render(request, "members/me/email_confirmed.html")


# Letting us use it again ---------------------------------------------------------------------------------------------


@require_http_methods(GET_OR_POST)
@signed_in_just_now
def use_again(request: HttpRequest, member: Member) -> HttpResponse:
    """The end of a restriction, by whoever asked for it."""
    if member.restricted_at is None:
        return redirect("members:me")
    if request.method == "POST":
        rights.use_again(member=member, by=actor(member))
        messages.success(request, _("From now on we use your details again."))
        return redirect("members:me")
    return render(request, "members/me/use_again.html", {"member": member})


# Closing it, and opening it again ------------------------------------------------------------------------------------


@require_http_methods(GET_OR_POST)
@signed_in
def leave(request: HttpRequest, member: Member) -> HttpResponse:
    if request.method == "POST":
        actions.leave(member=member, by=actor(member))
        sessions.sign_out(request)
        return redirect("members:left")
    return render(request, "members/me/leave.html", {"member": member, "days": queries.CLOSED_FOR.days})


@require_safe
def left(request: HttpRequest) -> HttpResponse:
    return render(request, "members/me/left.html", {"days": queries.CLOSED_FOR.days})


@require_http_methods(GET_OR_POST)
@signed_in_to_closed
def closed(request: HttpRequest, member: Member) -> HttpResponse:
    """Somebody who closed their account has signed in again within the days that are left."""
    if request.method == "POST":
        actions.come_back(member=member, by=actor(member))
        messages.success(request, _("Your account is open again, as it was."))
        return redirect("members:me")
    assert member.left_at is not None
    context = {
        "member": member,
        "erased_on": member.left_at + queries.CLOSED_FOR,
        "organisations": [each.name for each in queries.organisations_in(member.organisations)],
    }
    return render(request, "members/me/closed.html", context)
