"""Campaigns: what brings residents to us, with a link, a QR code and posters of its own."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.models import Staff
from peelian.core.errors import NotFound
from peelian.members import actions, posters, queries_campaigns, queries_sources
from peelian.members.forms_campaigns import CampaignForm
from peelian.members.models import Campaign
from peelian.members.views.posted import posted

SHOWN = 100
# Name in the address → how it is made and what it is
FILES: dict[str, tuple[Callable[[Campaign], bytes], str]] = {
    "qr.svg": (lambda one: posters.qr_code(one, kind="svg"), "image/svg+xml"),
    "qr.png": (lambda one: posters.qr_code(one, kind="png"), "image/png"),
    "poster.png": (posters.picture, "image/png"),
    "poster-a5.pdf": (lambda one: posters.poster(one, "a5"), "application/pdf"),
    "poster-a3.pdf": (lambda one: posters.poster(one, "a3"), "application/pdf"),
}


@require_safe
@needs("campaigns.read")
def listed(request: StaffRequest) -> HttpResponse:
    found = queries_campaigns.campaigns_for(request.user)
    everything = request.GET.get("which") == "all"
    rows = list((found if everything else queries_campaigns.running(found))[:SHOWN])
    counts = _sign_ups(request.user, [row.pk for row in rows])
    context = {
        "rows": [(row, *counts.get(row.pk, (0, 0))) for row in rows],
        "everything": everything,
        "full": len(rows) == SHOWN,
        "may_manage": request.user.may("campaigns.manage"),
    }
    return render(request, "members/campaigns/list.html", context)


def _sign_ups(staff: Staff, ids: list[int]) -> dict[int, tuple[int | None, int | None]]:
    """Registered and confirmed, now; neither where How people joined does not tell them."""
    hidden = queries_sources.campaigns_not_told(staff)
    counts = queries_campaigns.sign_ups(ids)
    return {pk: (None, None) if pk in hidden else numbers for pk, numbers in counts.items()}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("campaigns.manage")
def new(request: StaffRequest) -> HttpResponse:
    form = CampaignForm(request.user, posted(request))
    if form.is_valid():
        made = actions.make_campaign(by=request.user, **form.cleaned_data)
        messages.success(request, "The link and the posters are ready.")
        return redirect("members_staff:campaign", made.pk)
    return render(request, "members/campaigns/new.html", {"form": form})


@require_safe
@needs("campaigns.read")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    campaign = queries_campaigns.campaign_for(request.user, pk)
    joined, confirmed = _sign_ups(request.user, [campaign.pk]).get(campaign.pk, (0, 0))
    context = {
        "campaign": campaign,
        "facts": _facts(campaign),
        "link": queries_campaigns.in_words(campaign),
        "joined": joined,
        "confirmed": confirmed,
        "may_manage": request.user.may("campaigns.manage"),
        "at_the_door": request.user.may("doorstep.work")
        and queries_campaigns.campaigns_at_the_door(request.user).filter(pk=campaign.pk).exists(),
    }
    return render(request, "members/campaigns/detail.html", context)


def _facts(campaign: Campaign) -> list[dict[str, object]]:
    facts = [("Kind", campaign.get_kind_display()), ("Team", campaign.team.name)]
    facts += [("Area", campaign.area.name)] if campaign.area else []
    facts += [("Whose card", str(campaign.officer))] if campaign.officer else []
    return [{"key": key, "value": value} for key, value in facts]


@require_safe
@needs("campaigns.read")
def file(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    """The QR code or a poster, to keep."""
    campaign = queries_campaigns.campaign_for(request.user, pk)
    if name not in FILES:
        raise NotFound
    make, kind = FILES[name]
    response = HttpResponse(make(campaign), content_type=kind)
    response["Content-Disposition"] = f'inline; filename="{campaign.code}-{name}"'
    response["Cache-Control"] = "private, max-age=60"
    return response


@require_POST
@needs("campaigns.manage")
def end(request: StaffRequest, pk: int) -> HttpResponse:
    campaign = queries_campaigns.campaign_for(request.user, pk)
    actions.end_campaign(campaign=campaign, by=request.user)
    messages.success(request, "The campaign has ended. Its link goes on working for those who still find it.")
    return redirect("members_staff:campaign", pk)
