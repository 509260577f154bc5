"""What staff see of members: numbers, never a list of people."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.roles import allows
from peelian.members import queries, unreachable


@require_safe
@needs("members.read")
def areas(request: StaffRequest) -> HttpResponse:
    numbers = queries.numbers_for(request.user)
    return render(
        request,
        "members/staff/areas.html",
        {"numbers": numbers, "may_rights": allows(request.user.role, "rights.manage")},
    )


@require_safe
@needs("members.read")
def unreachable_areas(request: StaffRequest) -> HttpResponse:
    """How many residents messages do not reach, by area."""
    *areas, total = unreachable.told_for(request.user)
    context = {"areas": areas, "total": total, "may_list": allows(request.user.role, "contacts.stop")}
    return render(request, "members/staff/unreachable.html", context)


@require_safe
@needs("contacts.stop")
def unreachable_residents(request: StaffRequest) -> HttpResponse:
    """Who they are, by number: names are not shown to staff."""
    nothing = request.GET.get("which") == "nothing"
    rows, before, after = unreachable.residents_for(
        request.user, incommunicado=nothing, cursor=request.GET.get("page", "")
    )
    kept = "which=nothing&" if nothing else ""
    context = {
        "rows": rows,
        "nothing": nothing,
        "previous_url": f"?{kept}page={before}" if before else "",
        "next_url": f"?{kept}page={after}" if after else "",
    }
    return render(request, "members/staff/unreachable_list.html", context)
