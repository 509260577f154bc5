from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F

from peelian.core import clock
from peelian.core.personal_data import PUBLIC_TASK, Declaration, register
from peelian.delivery import of_person
from peelian.delivery.models import DigestItem, Incoming, MemberWeek, Outgoing, Receipt, SoftBounce

LEDGER_KEPT = timedelta(days=2 * 365)
OUTBOX_KEPT = timedelta(days=30)
RECEIPTS_KEPT = timedelta(days=90)
INCOMING_KEPT = timedelta(days=7)
WEEKS_KEPT = timedelta(days=35)
SOFT_BOUNCES_KEPT = timedelta(days=90)
DIGEST_ITEMS_KEPT = timedelta(days=90)


def drop_old_ledger(now: datetime) -> int:
    """Delete the deliveries of sends two years old, except to people under a legal hold; their tallies stay, and name
    nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM delivery d USING delivery_send s WHERE s.id = d.send_id AND s.created_at < %s"
            " AND coalesce(d.member_id, 0) NOT IN (SELECT id FROM members_member WHERE legal_hold)",
            [now - LEDGER_KEPT],
        )
        return int(cursor.rowcount)


def drop_old_outbox(now: datetime) -> int:
    """Delete messages in the local outbox after 30 days."""
    return Outgoing.objects.filter(at__lt=now - OUTBOX_KEPT).delete()[0]


def drop_old_receipts(now: datetime) -> int:
    """Delete receipts after 90 days; what they said stays in the ledger."""
    return Receipt.objects.filter(received_at__lt=now - RECEIPTS_KEPT).delete()[0]


def drop_old_incoming(now: datetime) -> int:
    """Delete messages that came in and could not be read, after a week."""
    return Incoming.objects.filter(received_at__lt=now - INCOMING_KEPT).delete()[0]


def drop_old_weeks(now: datetime) -> int:
    """Delete the weekly counts of five weeks ago."""
    return MemberWeek.objects.filter(week__lt=now.astimezone(clock.LONDON).date() - WEEKS_KEPT).delete()[0]


def drop_old_soft_bounces(now: datetime) -> int:
    """Delete counts that have decayed to nothing."""
    return SoftBounce.objects.filter(at__lt=now - SOFT_BOUNCES_KEPT).delete()[0]


def drop_old_digest_items(now: datetime) -> int:
    """Delete what went in a digest, or dropped out of one, 90 days ago."""
    return DigestItem.objects.filter(settled_at__lt=now - DIGEST_ITEMS_KEPT).delete()[0]


register.add(
    "delivery.Delivery",
    Declaration(
        "Knowing who was sent what, and that it arrived",
        PUBLIC_TASK,
        "Two years",
        "In the answer to a subject access request",
        "Rows are deleted; tallies stay",
        drop_old_ledger,
        "What was sent to you, and how it went",
        of_person.rows,
        of_person.remove,
    ),
)
register.add(
    "delivery.Outgoing",
    Declaration(
        "Showing messages where no mail server is set",
        PUBLIC_TASK,
        "30 days, and the newest 20,000 only",
        "In the answer to a subject access request",
        "Deleted",
        drop_old_outbox,
        "Messages in the local outbox",
        of_person.outbox_rows,
        of_person.remove_outbox,
    ),
)
register.add(
    "procrastinate.ProcrastinateJob",
    Declaration(
        "Which message goes to whom next, by number: no name, address or text",
        PUBLIC_TASK,
        "24 hours after it is done",
        "Not exported: it is of no use",
        "Deleted",
    ),
)
register.add(
    "delivery.Receipt",
    Declaration(
        "Showing what a carrier said of a message",
        PUBLIC_TASK,
        "90 days; what it meant stays in the ledger",
        "In the answer to a subject access request",
        "Deleted",
        drop_old_receipts,
        "What carriers told us about messages to you",
        of_person.receipt_rows,
    ),
)
register.add(
    "delivery.SoftBounce",
    Declaration(
        "Noticing an address that fails again and again",
        PUBLIC_TASK,
        "90 days after the last failure",
        "In the answer to a subject access request",
        "Deleted with the address",
        drop_old_soft_bounces,
        "Messages to you that came back for a passing reason",
        lambda person: list(SoftBounce.objects.filter(address__in=person.address_ids).values("score", "at")),
        lambda person: SoftBounce.objects.filter(address__in=person.alone_ids).delete()[0],
    ),
)
register.add(
    "delivery.Incoming",
    Declaration(
        "Reading messages that came back",
        PUBLIC_TASK,
        "Until read; a week where it cannot be",
        "In the answer to a subject access request",
        "Deleted",
        drop_old_incoming,
        "Messages from you that we could not read yet",
        of_person.incoming_rows,
        of_person.remove_incoming,
    ),
)
register.add(
    "delivery.MemberWeek",
    Declaration(
        "Keeping to the weekly limit a resident chose",
        PUBLIC_TASK,
        "Five weeks",
        "In the answer to a subject access request",
        "Deleted with the member",
        drop_old_weeks,
        "How many messages you had in a week",
        lambda person: [
            {"week": row.week, "messages": len(row.sends)}
            for row in MemberWeek.objects.filter(member=person.member_id).order_by("week")
        ],
        lambda person: MemberWeek.objects.filter(member=person.member_id).delete()[0],
    ),
)
register.add(
    "delivery.DigestItem",
    Declaration(
        "Making the digest of a resident who chose fewer messages",
        PUBLIC_TASK,
        "90 days after it went",
        "In the answer to a subject access request",
        "Deleted with the member",
        drop_old_digest_items,
        "What waits for your digest, or went in one",
        lambda person: list(
            DigestItem.objects.filter(member=person.member_id)
            .order_by("at")
            .values("at", "settled_at", "reason", number=F("send_id"))
        ),
        lambda person: DigestItem.objects.filter(member=person.member_id).delete()[0],
    ),
)
