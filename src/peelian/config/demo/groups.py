"""Groups that somebody looks after, an Independent Advisory Group, and a key individual network with its gaps."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np

from peelian.config.demo.people import moment
from peelian.config.demo.staff import Roster, SectorTeam
from peelian.core import clock
from peelian.members import actions, queries
from peelian.members.models import Group, GroupInvitation, GroupMembership, KeyIndividual, Member, NetworkContact

# Slug, what its owner writes to it about, days until the owner looks at it again; one of them should have been by now
OPEN = (
    ("dog-walkers", "What to look out for on early and late walks, and who found what you told us.", 140),
    ("school-parents", "Parking and safety at the gates, and when we are there.", -6),
)
ADVISORY = "Independent Advisory Group"
NETWORK = "Key individual network"
# Community, what they do there, days between contacts, days since the last; the fourth is overdue
KEYS = (
    ("Tansy Road mosque", "Secretary", 60, 21),
    ("Tansy Road mosque", "Runs the homework club", 90, 70),
    ("Polish community", "Keeps the delicatessen", 90, 33),
    ("Students", "Welfare officer of the union", 60, 82),
    ("Older people living alone", "Runs the lunch club", 120, 45),
    ("Travellers", "Speaks for the families on the site", 45, 12),
    ("Disabled people’s forum", "Chair", 180, 110),
    ("Shopkeepers", "Secretary of the traders", 90, 64),
)
NOBODY = "Somali community"  # meant to be reached, and nobody is known there
WARDS = 2  # that have key individuals; the other wards of the sector are gaps
ADVISERS = 7
AGREED = 3  # days after the invitation
MINUTE = 18 * 60


def write(rng: np.random.Generator, roster: Roster) -> None:
    """All of the first sector's team; its sergeant looks after them."""
    first = roster.teams[0]
    for slug, purpose, days in OPEN:
        _keep(first, Group.objects.get(slug=slug), purpose, days)
    _know(rng, first)
    _advise(rng, first)


def _keep(team: SectorTeam, group: Group, purpose: str, days: int) -> None:
    """One of the interest groups becomes the sector's: who lives elsewhere is in it no longer."""
    group.memberships.exclude(member__area__in=team.wards).delete()
    review = clock.today() + timedelta(days=days)
    actions.change_group(
        group=group, by=team.sergeant, team=team.team, owner=team.sergeant, purpose=purpose, review_on=review
    )


def _advise(rng: np.random.Generator, team: SectorTeam) -> None:
    """Seven agreed, and one has not answered yet."""
    group = actions.make_group(
        by=team.sergeant, name=ADVISORY, team=team.team, open=False, review_on=clock.today() + timedelta(days=200),
        about="Residents who look over our shoulder: how we stop and search, and how it lands in their communities.",
        purpose="When we meet, what we ask your advice about, and what became of it.",
    )  # fmt: skip
    people = _willing(rng, team, len(team.wards), ADVISERS + 1)
    for days, member in zip((210, 205, 190, 160, 120, 90, 60), people, strict=False):
        _agree(team, group, member, days)
    for member in people[ADVISERS:]:
        _invite(team, group, member, 2)


def _know(rng: np.random.Generator, team: SectorTeam) -> None:
    group = actions.make_group(
        by=team.sergeant, name=NETWORK, team=team.team, open=False, network=True,
        about="People who know a community well and whom we may ask.",
        purpose="What worries people there, and whether what we do helps.",
        communities="\n".join(dict.fromkeys([*(key[0] for key in KEYS), NOBODY])),
        review_on=clock.today() + timedelta(days=90),
    )  # fmt: skip
    people = _willing(rng, team, WARDS, len(KEYS))
    for number, (member, (community, role, every, since)) in enumerate(zip(people, KEYS, strict=False)):
        agreed = _agree(team, group, member, 330 - number * 9, community, role)
        last = clock.today() - timedelta(days=since)
        key = KeyIndividual.objects.create(
            group=group, member=member, community=community, role=role, every_days=every, invitation=agreed,
            keeper=team.officers[0] if number % 2 == 0 else team.sergeant,
            last_contact=last, next_contact=last + timedelta(days=every),
        )  # fmt: skip
        _speak(key, (330 - number * 9) - AGREED)


def _speak(key: KeyIndividual, known: int) -> None:
    """As often as was meant, from the last time back to when they agreed, KNOWN days ago."""
    since = (clock.today() - (key.last_contact or clock.today())).days
    how = list(NetworkContact.How)
    NetworkContact.objects.bulk_create(
        NetworkContact(key=key, on=_ago(days), how=how[turn % len(how)], staff=key.keeper)
        for turn, days in enumerate(range(since, known, key.every_days))
    )


def _willing(rng: np.random.Generator, team: SectorTeam, wards: int, count: int) -> list[Member]:
    """Adults who confirmed, gave a name and can be written to, from each of the first WARDS wards in turn."""
    found: list[list[Member]] = []
    for ward in team.wards[:wards]:
        living = Member.objects.filter(
            area=ward, confirmed_at__isnull=False, young=False, left_at=None, invitations=None, email__suppression="",
            joined_on__lt=_ago(340),
        ).exclude(last_name="")  # fmt: skip
        pks = list(living.order_by("pk").values_list("pk", flat=True))
        chosen = rng.permutation(np.array(pks, np.int64))[:count].tolist()
        by_pk = Member.objects.in_bulk(chosen)
        found.append([by_pk[pk] for pk in chosen])
    return [some[turn] for turn in range(count) for some in found if turn < len(some)][:count]


def _invite(team: SectorTeam, group: Group, member: Member, days: int, *said: str) -> GroupInvitation:
    """So many days ago. Nothing is sent: it was then."""
    community, role = said or ("", "")
    return GroupInvitation.objects.create(
        group=group, member=member, wording=queries.wording("network" if group.network else "group"),
        invited_by=team.sergeant, invited_at=_then(days), community=community, role=role,
    )  # fmt: skip


def _agree(team: SectorTeam, group: Group, member: Member, days: int, *said: str) -> GroupInvitation:
    """They were invited so many days ago and said yes: with the words they were shown, as the action keeps it."""
    invitation = _invite(team, group, member, days, *said)
    invitation.answered_at, invitation.accepted = _then(days - AGREED), True
    invitation.save()
    membership = GroupMembership.objects.create(group=group, member=member)
    GroupMembership.objects.filter(pk=membership.pk).update(since=_ago(days - AGREED))
    return invitation


def _ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


def _then(days: int) -> datetime:
    return moment(clock.today(), days, MINUTE)
