"""What staff see of members: numbers, never a list of people."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.members import queries


@require_safe
@needs("members.read")
def areas(request: StaffRequest) -> HttpResponse:
    numbers = queries.numbers_for(request.user)
    return render(request, "members/staff/areas.html", {"numbers": numbers})


@require_safe
@needs("members.read")
def groups(request: StaffRequest) -> HttpResponse:
    return render(request, "members/staff/groups.html", {"groups": queries.groups_for(request.user)})
