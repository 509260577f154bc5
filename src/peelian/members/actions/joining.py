"""Becoming a member: registering, being asked to confirm, confirming."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from peelian.audit.actions import Actor, record
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock, jobs
from peelian.members import audience, queries, tokens
from peelian.members.actions.actor import MemberActor, send
from peelian.members.actions.consenting import how_of, keep_consents, keep_missing, withdraw_all
from peelian.members.errors import LinkRefused
from peelian.members.models import EVERY_TOPIC, Campaign, EqualityAnswers, Member, Wording

ASKED_AT_ONCE = 1_000
# Thousands of these may wait in the lane of sign-in codes; codes go first
AFTER_CODES = -10


@transaction.atomic
def register(
    *,
    email: str,
    organisations: int,
    wording: Wording,
    postcode: str = "",
    first_name: str = "",
    last_name: str = "",
    language: str = "en",
    interests: int = EVERY_TOPIC,
    promotion: bool = False,
    young: bool = False,
    source: str = "web",
    answers: dict[str, Any] | None = None,
    campaign: Campaign | None = None,
) -> Member:
    """Somebody has filled in the registration pages. They become a member when they confirm; until then nothing is sent
    but one email: a link to confirm, or, where the address is a member's already, how to sign in. Nothing that is
    returned or said tells which. A registration that was never confirmed is replaced by the new one.

    WORDING is the privacy notice they were shown, CAMPAIGN the short link they came by. Raises BadAddress and
    UnknownPostcode.
    """
    address = contacts.address(Address.Kind.EMAIL, email)
    Address.objects.select_for_update().get(pk=address.pk)  # two presses of one button come one after the other
    known = queries.member_for_address(address.pk)
    standing = next((member for member in known if member.confirmed_at or member.external_id), None)
    if standing:
        renderer = "members.already" if standing.confirmed_at else "members.confirm"
        send(renderer, standing.pk, address_id=address.pk, member_id=standing.pk)
        return standing
    member = known[0] if known else Member(joined_on=clock.today(), email=address)
    for name, value in queries.position(postcode).items():
        setattr(member, name, value)
    member.first_name, member.last_name = ("", "") if young else (first_name, last_name)
    member.language, member.interests, member.organisations = language, interests, organisations
    member.promotion, member.young, member.source = promotion and not young, young, source
    member.campaign, member.confirm_asked_at = campaign, clock.now()
    member.chosen_at = member.confirm_asked_at
    member.save()
    withdraw_all(member)  # of a registration that nobody confirmed; this one takes its place
    keep_consents(member, wording, how="web")
    _keep_answers(member, {} if young else answers or {})
    audience.refresh([member.pk])
    record("member.registered", "member", member.pk, by=MemberActor(member.pk), source=source)
    send("members.confirm", member.pk, address_id=address.pk, member_id=member.pk)
    return member


@transaction.atomic
def confirm(*, token: str) -> Member:
    """The button behind the link in the email was pressed: from now on the member gets messages. Pressing again does
    nothing. Raises LinkRefused."""
    member_id, address_id = tokens.read(token)
    member = Member.objects.select_for_update().filter(pk=member_id, email_id=address_id, left_at=None).first()
    if member is None or member.email is None:
        raise LinkRefused
    confirm_member(member, member.email, by=MemberActor(member.pk))
    return member


def confirm_member(member: Member, address: Address, *, by: Actor) -> None:
    """The member has shown that messages to ADDRESS reach them, and wants them. In the caller's transaction."""
    contacts.verify(address)
    if address.suppression == Address.Suppression.STOPPED:
        contacts.lift(address_id=address.pk, by=by)  # they stopped us once, and now ask again
    if member.confirmed_at:
        return
    member.confirmed_at = clock.now()
    member.save(update_fields=["confirmed_at"])
    keep_missing(member, how=how_of(by))
    audience.refresh([member.pk])
    record("member.confirmed", "member", member.pk, by=by)


@transaction.atomic
def ask_to_confirm(*, member: Member, by: Actor) -> bool:
    """Ask one member to confirm, by email, once. Returns whether they were asked now."""
    unasked = Member.objects.filter(pk=member.pk, confirmed_at=None, confirm_asked_at=None, left_at=None)
    if member.email_id is None or not unasked.update(confirm_asked_at=clock.now()):
        return False
    send("members.confirm", member.pk, address_id=member.email_id, member_id=member.pk)
    record("member.asked_to_confirm", "member", member.pk, by=by)
    return True


def ask_everybody_to_confirm(*, by: Actor) -> int:
    """Ask every member who has not confirmed and was never asked, a thousand in a transaction. Returns how many; run
    again it goes on where it stopped. Members without an email address are not asked: nothing reaches them yet."""
    asked = 0
    while part := _ask_some():
        asked += part
    if asked:
        record("members.asked_to_confirm", "members", "", by=by, people=asked)
    return asked


@transaction.atomic
def _ask_some() -> int:
    waiting = Member.objects.filter(confirmed_at=None, confirm_asked_at=None, left_at=None, email__suppression="")
    rows = list(
        waiting.select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")
        .values_list("pk", "email_id")[:ASKED_AT_ONCE]
    )
    Member.objects.filter(pk__in=[pk for pk, _ in rows]).update(confirm_asked_at=clock.now())
    if rows:
        job = app.configure_task(
            "delivery.transactional", allow_unknown=True, queue=jobs.TRANSACTIONAL, priority=AFTER_CODES
        )
        arguments: list[dict[str, Any]] = [
            {"renderer": "members.confirm", "object_id": pk, "address_id": address_id, "member_id": pk}
            for pk, address_id in rows
        ]
        job.batch_defer(*arguments)
    return len(rows)


@transaction.atomic
def forget_answers(*, member: Member, by: Actor) -> None:
    """The member takes their equality answers back: they are deleted, vendor codes too, and no import brings them
    again. A legal hold keeps the row until it ends."""
    Member.objects.filter(pk=member.pk).update(answers_taken_back=True)
    EqualityAnswers.objects.filter(member=member, member__legal_hold=False).delete()
    record("member.answers_forgotten", "member", member.pk, by=by)


def _keep_answers(member: Member, answers: dict[str, Any]) -> None:
    given = {name: value for name, value in answers.items() if value}
    if given:
        EqualityAnswers.objects.update_or_create(member=member, defaults=given)
    else:
        EqualityAnswers.objects.filter(member=member).delete()
