"""The page for the six figures that came to a number by text or call, after somebody joined or was signed up at their
door: for the resident, who can ask for them (or the link in an email) again, and for the officer to whom they are read
out."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from peelian.accounts.door import StaffRequest, needs
from peelian.audit.actions import Actor
from peelian.core import limits
from peelian.members import actions, sessions
from peelian.members.errors import CodeRefused, NoMoreTries
from peelian.members.forms import AskAgainForm
from peelian.members.forms_doorstep import NumberForm
from peelian.members.views.posted import posted

AGAIN_AN_HOUR = 30  # of a network
TRIES_AN_HOUR = 60  # of a network, or of a member of staff
SENT_AGAIN = _(
    "If you joined with it and have not confirmed yet, our message is on its way there again. We do that three times at"
    " most, and not within ten minutes of the one before."
)
WRONG = _("That is not the code of that number, or it is too old. Check both")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def say_yes(request: HttpRequest) -> HttpResponse:
    """For the resident. The same is said of a number we do not know."""
    again = AskAgainForm(request.POST if "contact" in request.POST else None, auto_id="again_%s")
    if again.is_valid():
        return _send_again(request, again.cleaned_data["contact"])
    form = NumberForm(None if again.is_bound else posted(request))
    if form.is_bound and _is_right(form, f"number-network-{sessions.network(request)}", None):
        return render(request, "members/join/confirmed.html", {"section": "join"})
    return render(request, "members/join/number.html", {"section": "join", "form": form, "again": again})


def _send_again(request: HttpRequest, contact: str) -> HttpResponse:
    """A message to confirm by was lost. The answer is the same whether or not we know the address."""
    limits.limit(f"again-network-{sessions.network(request)}", most=AGAIN_AN_HOUR, window=timedelta(hours=1))
    actions.ask_again(contact=contact)
    messages.success(request, SENT_AGAIN)
    return redirect("members:number")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("doorstep.work")
def read_out(request: StaffRequest) -> HttpResponse:
    """For the officer at the door."""
    form = NumberForm(posted(request))
    if request.method == "POST" and _is_right(form, f"number-staff-{request.user.pk}", request.user):
        messages.success(request, _("That is right. They have joined."))
        return redirect("members_staff:doorstep")
    return render(request, "members/doorstep/code.html", {"form": form})


def _is_right(form: NumberForm, key: str, by: Actor | None) -> bool:
    """Whether the figures are the number's own; says beside them that they are not."""
    if not form.is_valid():
        return False
    limits.limit(key, most=TRIES_AN_HOUR, window=timedelta(hours=1))
    try:
        actions.confirm_number(number=form.cleaned_data["number"], figures=form.cleaned_data["code"], by=by)
    except (CodeRefused, NoMoreTries):
        form.add_error("code", WRONG)
        return False
    return True
