"""The list of stopped addresses: whole addresses are shown to nobody, and stand in no link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.queries import scope_area_ids
from peelian.contacts.queries import masked
from peelian.core import keyset
from peelian.core.errors import RuleBroken
from peelian.delivery import stopped
from peelian.delivery.forms_stopped import FindForm, FreeForm, StopForm, StoppedFilter

PERMISSION = "contacts.stop"
GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
@needs(PERMISSION)
def stopped_list(request: StaffRequest) -> HttpResponse:
    """The newest first; what is posted is an address to look for."""
    narrow = StoppedFilter(request.GET)
    find = FindForm(_posted(request))
    wanted = narrow.narrowing()
    rows = keyset.page(stopped.stopped_for(request.user).filter(**wanted), "suppressed_at", request.GET.get("page", ""))
    base = _without_page(request)
    counts = stopped.counts_for(request.user)
    context = {
        "form": narrow,
        "find": find,
        "looked": find.is_valid(),
        "found": stopped.known_to(request.user, find.cleaned_data["address"]) if find.is_valid() else None,
        "rows": [(row, masked(row), stopped.KINDS[row.kind], stopped.REASONS[row.suppression]) for row in rows.rows],
        "narrowed": bool(wanted),
        "previous_url": f"?{base}&page={rows.previous}" if rows.previous else "",
        "next_url": f"?{base}&page={rows.next}" if rows.next else "",
        "counts": counts,
        "total": sum(row.total for row in counts),
        "everywhere": scope_area_ids(request.user) is None,
        "kinds": list(stopped.KINDS.values()),
    }
    return render(request, "delivery/stopped/list.html", context)


@require_http_methods(GET_OR_POST)
@needs(PERMISSION)
def stop(request: StaffRequest) -> HttpResponse:
    form = StopForm(_posted(request))
    if form.is_valid():
        try:
            stopped.stop(text=form.cleaned_data["address"], because=form.cleaned_data["because"], by=request.user)
        except RuleBroken as problem:
            form.add_error("address", str(problem))
        else:
            messages.success(request, "Stopped. Nothing more goes to that address.")
            return redirect("delivery_staff:stopped")
    return render(request, "delivery/stopped/stop.html", {"form": form})


@require_http_methods(GET_OR_POST)
@needs(PERMISSION)
def free(request: StaffRequest, pk: int) -> HttpResponse:
    address = stopped.address_for(request.user, pk)
    form = FreeForm(_posted(request))
    if form.is_valid():
        stopped.free(address=address, because=form.cleaned_data["because"], by=request.user)
        messages.success(request, "Messages go to that address again.")
        return redirect("delivery_staff:stopped")
    context = {
        "form": form,
        "address": address,
        "masked": masked(address),
        "reason": stopped.REASONS[address.suppression],
    }
    return render(request, "delivery/stopped/free.html", context)


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _without_page(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()
