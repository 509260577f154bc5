"""The key individual network: whom we know, when we spoke, and where nobody is."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.audit.actions import record
from peelian.core import clock
from peelian.core.csv_files import download
from peelian.core.errors import NotFound
from peelian.members import actions, queries_network
from peelian.members.forms_network import KeyForm, LookForm
from peelian.members.models import KeyIndividual, NetworkContact
from peelian.members.queries_network import Coverage
from peelian.members.views.posted import posted

GET_OR_POST = ["GET", "HEAD", "POST"]
MOST_SHOWN = 300
TOLD = 20  # of the times we spoke


@require_safe
@needs("network.keep")
def listed(request: StaffRequest) -> HttpResponse:
    keys = list(queries_network.keys_for(request.user)[:MOST_SHOWN])
    if keys:
        record("network.seen", "network", "", by=request.user, people=len(keys))
    context = {
        "keys": keys,
        "overdue": sum(key.overdue for key in keys),
        "networks": list(queries_network.networks_for(request.user)),
    }
    return render(request, "members/network/list.html", context)


def _name(key: KeyIndividual) -> str:
    return f"{key.member.first_name} {key.member.last_name}".strip() or f"Resident {key.member_id}"


@never_cache
@require_http_methods(GET_OR_POST)
@needs("network.keep")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One person. How to reach them is shown for a reason, once, and the look is written down first."""
    key = queries_network.key_for(request.user, pk)
    form = LookForm(posted(request))
    shown = form.is_valid()
    if shown:
        actions.note_look(key=key, reason=form.cleaned_data["reason"], by=request.user)
    context = {
        "key": key,
        "name": _name(key),
        "form": form,
        "points": [point for point in (key.member.email, key.member.mobile, key.member.landline) if point and shown],
        "ways": NetworkContact.How.choices,
        "contacts": list(key.contacts.select_related("staff")[:TOLD]),
    }
    return render(request, "members/network/detail.html", context)


@require_POST
@needs("network.keep")
def log(request: StaffRequest, pk: int) -> HttpResponse:
    key = queries_network.key_for(request.user, pk)
    how = request.POST.get("how", "")
    if how not in NetworkContact.How.values:
        raise NotFound
    actions.log_contact(key=key, how=how, by=request.user)
    messages.success(request, "Written down. Thank you for keeping in touch.")
    return redirect("members_staff:network")


@require_http_methods(GET_OR_POST)
@needs("network.keep")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    key = queries_network.key_for(request.user, pk)
    form = KeyForm(request.user, key, posted(request))
    if form.is_valid():
        actions.change_key(key=key, by=request.user, **form.cleaned_data)
        messages.success(request, "We have changed it.")
        return redirect("members_staff:network_person", pk)
    return render(request, "members/network/edit.html", {"form": form, "key": key, "name": _name(key)})


@require_safe
@needs("network.keep")
def coverage(request: StaffRequest) -> HttpResponse:
    return render(request, "members/network/coverage.html", {"coverage": queries_network.coverage_for(request.user)})


@require_safe
@needs("network.keep")
def export(request: StaffRequest) -> StreamingHttpResponse:
    """Coverage as CSV: numbers, nobody's name."""
    record("network.exported", "network", "", by=request.user)
    found = queries_network.coverage_for(request.user)
    columns = ("kind", "name", "key_individuals", "overdue", "gap")
    return download(f"network-{clock.today():%Y-%m-%d}", columns, _rows(found))


def _rows(found: Coverage) -> Iterator[tuple[object, ...]]:
    for kind, rows in (("ward", found.wards), ("community", found.communities)):
        for row in rows:
            yield kind, row.name, row.people, row.overdue, row.gap
