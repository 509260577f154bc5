"""Who works here, for administrators."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts import actions, links, queries
from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.errors import KnownAlready
from peelian.accounts.forms import AddStaffForm, StaffFilter, StaffForm
from peelian.accounts.models import Staff
from peelian.core.errors import RuleBroken
from peelian.core.keyset import ROWS

ask_then_do = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@needs("accounts.manage")
def listed(request: StaffRequest) -> HttpResponse:
    form = StaffFilter(request.user, request.GET)
    form.is_valid()
    wanted: dict[str, Any] = {name: given for name in form.fields if (given := form.cleaned_data.get(name))}
    page = Paginator(queries.staff_listed(request.user, **wanted), ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "narrowed": bool(wanted), "page": page, "rows": page.object_list}
    return render(request, "accounts/staff_list.html", context | neighbours(request, page))


def neighbours(request: HttpRequest, page: Page[Any]) -> dict[str, str]:
    """The addresses of the pages before and after, with the same filter."""
    asked = request.GET.copy()

    def url(number: int) -> str:
        asked["page"] = str(number)
        return f"?{asked.urlencode()}"

    return {
        "previous_url": url(page.number - 1) if page.has_previous() else "",
        "next_url": url(page.number + 1) if page.has_next() else "",
    }


@ask_then_do
@needs("accounts.manage")
def add(request: StaffRequest) -> HttpResponse:
    form = AddStaffForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            staff = actions.add_staff(by=request.user, **given)
        except KnownAlready as problem:
            form.add_error("email", str(problem))
        else:
            return _hand_over(request, staff, links.make(staff))
    return render(request, "accounts/staff_edit.html", {"form": form, "heading": "Add somebody", "button": "Add them"})


def _hand_over(request: HttpRequest, staff: Staff, link: str) -> HttpResponse:
    """Mail the link and show it, this once: it is kept nowhere."""
    actions.send_link(staff=staff, link=link)
    return render(request, "accounts/link.html", {"staff": staff, "link": link, "days": links.GOOD_FOR.days})


@ask_then_do
@needs("accounts.manage")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    staff = queries.staff_for(request.user, pk)
    now = {"name": staff.name, "role": staff.role, "areas": staff.scope.all(), "teams": staff.teams.all()}
    form = StaffForm(request.user, request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_staff(staff=staff, by=request.user, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Saved.")
            return redirect("accounts_staff:list")
    said = {"form": form, "staff": staff, "heading": str(staff), "button": "Save"}
    return render(request, "accounts/staff_edit.html", said)


@ask_then_do
@needs("accounts.manage")
def disable(request: StaffRequest, pk: int) -> HttpResponse:
    staff = queries.staff_for(request.user, pk)
    if request.method == "POST":
        actions.disable(staff=staff, by=request.user)
        messages.success(request, f"{staff} is disabled.")
        return redirect("accounts_staff:list")
    points = ["They are signed out at once and cannot sign in.", "What they wrote stays. You can enable them again."]
    return _confirm(request, staff, f"Disable {staff}?", "Disable this account", points)


@ask_then_do
@needs("accounts.manage")
def enable(request: StaffRequest, pk: int) -> HttpResponse:
    staff = queries.staff_for(request.user, pk)
    if request.method == "POST":
        actions.enable(staff=staff, by=request.user)
        messages.success(request, f"{staff} can sign in again.")
        return redirect("accounts_staff:list")
    points = ["Password and second step are as before."]
    return _confirm(request, staff, f"Enable {staff} again?", "Enable this account", points)


@ask_then_do
@needs("accounts.manage")
def link(request: StaffRequest, pk: int) -> HttpResponse:
    staff = queries.staff_for(request.user, pk)
    if request.method == "POST":
        return _hand_over(request, staff, actions.make_link(staff=staff, by=request.user))
    points = [f"They get it by email. It works once, within {links.GOOD_FOR.days} days."]
    if not staff.pending:
        points.append("The password and second step they have now stop working at once.")
    return _confirm(request, staff, f"Send {staff} a new set-up link?", "Send the link", points)


def _confirm(request: HttpRequest, staff: Staff, sentence: str, button: str, points: list[str]) -> HttpResponse:
    said = {"sentence": sentence, "button": button, "points": points, "staff": staff}
    return render(request, "accounts/confirm.html", said)
