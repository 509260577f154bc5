"""The least that a conversation needs: a team with somebody in it, and an address that wrote."""

from typing import Any

from peelian.accounts.models import Organisation, Staff, Team
from peelian.accounts.roles import Role
from peelian.contacts.models import Address
from peelian.conversations import actions
from peelian.conversations.models import Message, Thread
from peelian.core import clock


class Resident:
    """A resident acting through a link."""

    audit_actor = ("member", None, "by link")


def make_team(name: str = "Elm Bridge team", **given: Any) -> Team:
    police, _ = Organisation.objects.get_or_create(slug="police", defaults={"name": "Police", "bit": 0})
    return Team.objects.create(slug=name.lower().replace(" ", "-"), name=name, organisation=police, **given)


def make_staff(email: str = "pat@heartshire.example", *teams: Team, role: str = Role.OFFICER, **given: Any) -> Staff:
    given.setdefault("name", "Pat Alder")
    given.setdefault("job_title", "PCSO")
    staff = Staff.objects.create(email=email, role=role, last_seen_at=clock.now(), is_demo=True, **given)
    staff.set_password("a long enough password")
    staff.save()
    for team in teams:
        team.people.add(staff)
    return staff


def make_address(value: str = "resident@home.example") -> Address:
    return Address.objects.create(kind=Address.Kind.EMAIL, value=value, verified_at=clock.now())


def make_thread(team: Team, address: Address | None = None, text: str = "I saw a red van.", **given: Any) -> Thread:
    given.setdefault("subject", "Vans broken into on Mill Lane")
    given.setdefault("about", "alert:abc123")
    given.setdefault("automatic", True)  # so that no receipt stands between the words a test looks at
    return actions.open_or_continue(
        team=team,
        text=text,
        address_id=(address or make_address()).pk,
        member_id=None,
        how=Message.How.LINK,
        by=Resident(),
        **given,
    )
