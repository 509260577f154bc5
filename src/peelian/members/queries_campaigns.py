"""Reads of campaigns."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff, Team
from peelian.core import clock
from peelian.core.errors import NotFound
from peelian.members.models import Member
from peelian.members.models_campaigns import Campaign
from peelian.places.models import Area


def campaign_by_code(code: str) -> Campaign | None:
    """The campaign of a short link, however it was typed; None for a code that is nobody's."""
    return Campaign.objects.filter(code=code.strip().lower()).first()


def campaign(pk: int) -> Campaign | None:
    return Campaign.objects.filter(pk=pk).first()


def link(campaign: Campaign) -> str:
    """The short link, in full."""
    return f"{settings.PEELIAN_BASE_URL}{reverse('members:short_link', args=[campaign.code])}"


def in_words(campaign: Campaign) -> str:
    """The short link as it is printed for those who type it."""
    return link(campaign).partition("://")[2].rstrip("/")


# For staff -----------------------------------------------------------------------------------------------------------


def campaigns_for(staff: Staff) -> QuerySet[Campaign]:
    """The campaigns of the teams in the person's scope, the newest first."""
    found = Campaign.objects.select_related("team", "area", "officer")
    return found.filter(team__in=accounts.teams_in_scope(staff))


def running(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    return campaigns.filter(Q(ends=None) | Q(ends__gte=clock.today()), ended_at=None)


def campaigns_at_the_door(staff: Staff, *, over_too: bool = False) -> QuerySet[Campaign]:
    """What somebody may be signed up for face to face: what runs today of the teams in the person's scope, but nobody's
    card, which has a name on it. OVER_TOO: a sign-up may wait on a phone until it is over."""
    found = campaigns_for(staff).exclude(kind=Campaign.Kind.OFFICER)
    return found if over_too else running(found).filter(starts__lte=clock.today())


def campaign_for(staff: Staff, pk: int) -> Campaign:
    """One campaign; NotFound when out of scope."""
    found = campaigns_for(staff).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def sign_ups(campaign_ids: list[int]) -> dict[int, tuple[int, int]]:
    """Campaign id → people who registered by it and those of them who confirmed, now. Reads the index of members who
    came by a campaign, not the others; of who has left, until they are erased."""
    rows = Member.objects.filter(campaign__in=campaign_ids).values_list("campaign")
    counted = rows.annotate(Count("pk"), Count("confirmed_at")).order_by()
    return {pk: (joined, confirmed) for pk, joined, confirmed in counted}


def teams_to_choose(staff: Staff) -> QuerySet[Team]:
    return accounts.teams_in_scope(staff)


def areas_to_choose(staff: Staff) -> QuerySet[Area]:
    return accounts.areas_to_give(staff).order_by("name")


def officers_to_choose(staff: Staff) -> QuerySet[Staff]:
    """The active people of the teams in the person's scope."""
    return Staff.objects.filter(teams__in=accounts.teams_in_scope(staff), is_active=True).distinct()
