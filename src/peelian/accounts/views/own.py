"""One's own account: what residents see, and setting up one's sign-in."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from peelian.accounts import actions, links, sessions
from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.errors import BadLink
from peelian.accounts.forms import ProfileForm, SetUpForm
from peelian.accounts.views.photos import photo_of
from peelian.accounts.views.staff import ask_then_do


@ask_then_do
@needs("today.read")
def me(request: StaffRequest) -> HttpResponse:
    staff = request.user
    now = {"job_title": staff.job_title, "show_name": staff.show_name}
    form = ProfileForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        actions.change_profile(staff=staff, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("accounts_staff:me")
    said = {"form": form, "staff": staff, "names_shown": settings.PEELIAN_SHOW_OFFICER_NAMES}
    return render(request, "accounts/me.html", said)


@ask_then_do
@needs("today.read")
def photo(request: StaffRequest) -> HttpResponse:
    return photo_of(request, request.user, reverse("accounts_staff:me"), "Your account")


@require_safe
@needs("today.read")
def second_step(request: StaffRequest) -> HttpResponse:
    """Which second step to set up. Whoever has one looks after it elsewhere."""
    if sessions.has_second_step(request.user):
        return redirect("mfa_index")
    return render(request, "accounts/second_step.html")


@sensitive_post_parameters("password1", "password2")
@ask_then_do
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time link: choose a password, be signed in, go on to the second step. Opening it uses nothing up."""
    try:
        staff = links.read(token)
        form = SetUpForm(staff, request.POST or None)
        if request.method != "POST" or not form.is_valid():
            return render(request, "accounts/set_up.html", {"form": form, "staff": staff})
        staff = actions.set_up(token=token, password=form.cleaned_data["password1"])
    except BadLink as problem:
        return render(request, "accounts/bad_link.html", {"sentence": str(problem)}, status=410)
    logout(request)
    get_adapter(request).login(request, staff)
    return redirect("accounts_staff:second_step")
