"""The operations page: what goes out now, and whether everything that carries it is well."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core import clock
from peelian.delivery.models import Carrier, Channel, Reason, State
from peelian.delivery.operations import failures, health, pace, queue
from peelian.delivery.views import operations_words as words

READ = "operations.read"
GROUPS = {
    State.FAILED: "Failed",
    State.NOT_SENT: "Not sent, because we decided so",
    State.UNKNOWN: "Nobody knows whether it arrived",
}
WORDS = {State.FAILED: "failed", State.NOT_SENT: "not-sent", State.UNKNOWN: "unknown"}


@require_safe
@needs(READ)
def page(request: StaffRequest) -> HttpResponse:
    found = failures.by_reason()
    context = _moving(request) | {
        "system": health.system(),
        "groups": [(title, WORDS[state], found.of(state)) for state, title in GROUPS.items() if found.of(state)],
        "uncounted": found.uncounted,
    }
    return render(request, "delivery/operations/page.html", context)


@require_safe
@needs(READ)
def moving(request: StaffRequest) -> HttpResponse:
    """The part that changes by itself."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("delivery_staff:operations")
    return render(request, "delivery/operations/moving.html", _moving(request) | {"partial": True})


def _moving(request: StaffRequest) -> dict[str, object]:
    carriers = health.carriers()
    waiting, going = queue.read(), pace.read(carriers)
    shares = health.shares(carriers)
    may_manage = request.user.may("operations.manage")
    return {
        "now": clock.now(),
        "channels": list(Channel),
        "queue": waiting,
        "waits": words.waits(waiting.since),
        "held_said": words.held_said(waiting),
        "lanes": words.lanes(waiting),
        "drains": words.drains(waiting),
        "a_minute": going.recent(),
        "minutes": list(reversed(going.minutes)),
        "bars": words.bars(going.minutes),
        "most": max(one.total for one in going.minutes),
        "carriers": [words.CarrierLine(one, shares[one.pk], *going.did(one)) for one in carriers],
        "shifts": health.shifts(),
        "limits": words.limits(),
        "workers": health.workers(),
        "jobs": health.jobs(),
        "may_manage": may_manage,
    }


@require_safe
@needs(READ)
def failed(request: StaffRequest) -> HttpResponse:
    """Single deliveries of a state and reason; addresses are masked."""
    states = {word: state for state, word in WORDS.items()}
    state, reason, days = states.get(request.GET.get("what", "")), request.GET.get("why", ""), request.GET.get("days")
    if state is None or reason not in Reason.values or days not in ("1", "7"):
        return redirect("delivery_staff:operations")
    found = failures.page(
        request.user, days=int(days), state=state, reason=reason, cursor=(cursor := request.GET.get("page", ""))
    )
    base = {"what": WORDS[state], "why": reason}
    names = dict(Carrier.objects.values_list("pk", "name"))
    context = {
        "title": GROUPS[state],
        "why": failures.said(state, reason),
        "period": failures.DAYS[int(days)],
        "days": int(days),
        "other": f"?{urlencode(base | {'days': 1 if days == '7' else 7})}",
        "rows": [(one, names.get(one.carrier or 0, "–")) for one in found.rows],
        "may_know": request.user.may("members.read"),
        "first_url": f"?{urlencode(base | {'days': days})}" if cursor else "",
        "next_url": f"?{urlencode(base | {'days': days, 'page': found.next})}" if found.next else "",
    }
    return render(request, "delivery/operations/failed.html", context)
