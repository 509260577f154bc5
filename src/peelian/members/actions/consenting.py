"""The ledger of consent: what somebody agreed to, in which wording, when and how. Rows are added and, when an agreement
ends, marked with the moment; nothing else in them is ever changed, and none is taken out but with the member."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from peelian.accounts.models import Organisation, Staff
from peelian.audit.actions import Actor
from peelian.core import clock
from peelian.core.database import insert
from peelian.members import queries
from peelian.members.models import Consent, Member, Wording
from peelian.members.queries_joining import Offer


def keep_consents(
    member: Member, privacy: Wording, *, how: str, by_staff: Staff | None = None, offer: Offer | None = None
) -> None:
    """Keep which privacy notice the member saw, and everything they agree to now, with the wording beside its tick.
    HOW: web, doorstep, import, link, helper, staff. With an OFFER, what they agree to is of it, and not read again."""
    among = offer.organisations if offer else queries.organisations()
    agreed = [each for each in among if each.mask & member.organisations]
    beside = offer.beside if offer else None
    said: dict[str, Any] = {"how": how, "by_staff": by_staff, "privacy": privacy, "beside": beside}
    agree(member, agreed, promotion=member.promotion, **said)


def agree(
    member: Member,
    organisations: Iterable[Organisation],
    *,
    promotion: bool,
    how: str,
    by_staff: Staff | None = None,
    privacy: Wording | None = None,
    beside: Wording | None = None,
) -> None:
    """Keep that the member agrees to hear from these organisations and, with PROMOTION, about offers; before that,
    which PRIVACY notice they saw. BESIDE: the wording at the ticks, where it is known."""
    shared: dict[str, Any] = {"member": member, "how": how, "by_staff": by_staff, "given_at": clock.now()}
    beside = beside or queries.wording("organisation")
    rows = [Consent(wording=privacy, **shared)] if privacy else []
    rows += [Consent(wording=beside, organisation=each, **shared) for each in organisations]
    if promotion:
        rows.append(Consent(wording=queries.wording("promotion"), **shared))
    if rows:
        insert(*rows)


def keep_missing(member: Member, *, how: str) -> None:
    """Somebody who came with a list confirms: keep the privacy notice that they see now, and every agreement that no
    row stands for yet."""
    standing = list(member.consents.filter(withdrawn_at=None).select_related("wording"))
    if not any(row.wording.kind == "privacy" for row in standing):
        Consent.objects.create(member=member, wording=queries.wording("privacy"), how=how, given_at=clock.now())
    known = {row.organisation_id for row in standing}
    begun = [each for each in queries.organisations_in(member.organisations) if each.pk not in known]
    promoted = any(row.wording.kind == "promotion" for row in standing)
    agree(member, begun, promotion=member.promotion and not promoted, how=how)


def withdraw_all(member: Member) -> None:
    """Every agreement of a member ends now."""
    member.consents.filter(withdrawn_at=None).update(withdrawn_at=clock.now())


def how_of(by: Actor) -> str:
    """How an agreement came about, by who changed it: web, link or staff."""
    kind, _, label = by.audit_actor
    if kind == "staff":
        return "staff"
    return "link" if label == "by link" else "web"


def staff_of(by: Actor) -> Staff | None:
    return by if isinstance(by, Staff) else None
