"""What people send back: ratings, replies, visits by a share link, leaving. Nobody here is signed in; a token in
the link says which message and which address, and nothing is shown of either."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.utils.translation import gettext

from peelian.alerts import errors
from peelian.alerts.markdown import one_line
from peelian.alerts.models import Alert, Rating, Response
from peelian.audit.actions import SYSTEM, Actor, event, record, recording
from peelian.conversations import actions as conversations
from peelian.conversations.models import Message, Thread
from peelian.core import clock
from peelian.core.database import prepared
from peelian.delivery import queries as delivery
from peelian.delivery.queries import Recipient
from peelian.members.actions import MemberActor

LINK_LASTS = timedelta(days=90)
LONGEST_REPLY = 20_000
LONGEST_COMMENT = 500
LOW = 2  # a rating up to here is asked why; 3 of 6 is no praise, but no complaint either

# In one statement, as many rate in the same minute: the rating and its event stand together or not at all. A reason
# belongs to a low rating
_RATE = f"""
WITH rated AS (SELECT id, ref FROM alerts_alert WHERE id = %(alert)s AND state <> %(withdrawn)s),
     kept AS (
INSERT INTO alerts_rating AS r (alert_id, address_id, value, at, why, comment)
SELECT id, %(address)s, %(value)s, now(), '', '' FROM rated
ON CONFLICT (alert_id, address_id) DO UPDATE
   SET value = excluded.value, at = excluded.at, why = CASE WHEN excluded.value > %(low)s THEN '' ELSE r.why END),
     said AS ({recording("rated", "ref")})
SELECT ref FROM rated
"""


def rate(*, token: str, value: int) -> None:
    """Keep what a recipient thought, 1 to 6; the last one given counts. Raises BadToken, LinkExpired, NothingToRate,
    OnlyATest, AlertGone."""
    if value not in range(1, 7):
        raise errors.NothingToRate(gettext("Choose a number from 1 to 6."))
    recipient = _answering(token)
    given = {"alert": recipient.object_id, "address": recipient.address_id, "value": value}
    said = event("alert.rated", "alert", by=_actor(recipient))
    with prepared() as cursor:
        cursor.execute(_RATE, {**given, **said, "low": LOW, "withdrawn": Alert.State.WITHDRAWN.value})
        found = cursor.fetchone()
    if found is None:
        _alert(recipient)  # raises what is the matter with it
        raise errors.NothingToRate


@transaction.atomic
def explain(*, token: str, why: str = "", comment: str = "") -> Alert:
    """Keep with a recipient's rating what it was about and what they add. What was said before is replaced, a reason
    only where the rating is low. Raises NotRated before there is one, CommentTooLong, and as `rate` does."""
    comment = comment.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(comment) > LONGEST_COMMENT:
        raise errors.CommentTooLong
    recipient, alert = answered(token)
    rating = Rating.objects.select_for_update().filter(alert=alert, address_id=recipient.address_id).first()
    if rating is None:
        raise errors.NotRated
    rating.why = why if why in Rating.Why.values and rating.value <= LOW else ""
    rating.comment = comment
    rating.save(update_fields=["why", "comment"])
    record("alert.rating_explained", "alert", alert.ref, by=_actor(recipient))
    return alert


@transaction.atomic
def reply(*, token: str, text: str) -> Thread:
    """Hand what a recipient wrote to the sending team, in the thread they have about this alert. The text stays text,
    whatever stands in it. Raises as `rate` does, ReplyTooLong, and as conversations.actions.open_or_continue does."""
    if len(text) > LONGEST_REPLY:
        raise errors.ReplyTooLong
    recipient, alert = answered(token)
    thread = conversations.open_or_continue(
        team=alert.team,
        subject=one_line(alert.title),
        about=f"alert:{alert.ref}",
        text=text,
        address_id=recipient.address_id,
        member_id=recipient.member_id,
        how=Message.How.LINK,
        by=_actor(recipient),
    )
    if not thread.said_before:
        Response.objects.create(alert=alert, kind=Response.Kind.REPLY)
    return thread


def count_reply(*, alert_id: int) -> None:
    """Somebody answered by email or text, without a page of ours."""
    if Alert.objects.filter(pk=alert_id).exists():
        Response.objects.create(alert_id=alert_id, kind=Response.Kind.REPLY)


def report_visit(*, alert: Alert) -> None:
    """Somebody followed the share link. No cookie, no address, nothing but the number."""
    Response.objects.create(alert=alert, kind=Response.Kind.VISIT)


def count_left(*, alert: Alert) -> None:
    """Somebody left or turned messages down by a link in this alert; the change itself is members' and in the trail."""
    Response.objects.create(alert=alert, kind=Response.Kind.LEFT)


def answered(token: str) -> tuple[Recipient, Alert]:
    """Which message a link belongs to. Raises delivery's BadToken, LinkExpired after 90 days, OnlyATest,
    NothingToRate, AlertGone after a withdrawal."""
    recipient = _answering(token)
    return recipient, _alert(recipient)


def _answering(token: str) -> Recipient:
    recipient = delivery.recipient(token)
    if recipient.at < clock.now() - LINK_LASTS:
        raise errors.LinkExpired
    if recipient.renderer == "alerts.test":
        raise errors.OnlyATest
    if recipient.renderer == "alerts.practice":
        raise errors.OnlyPractice
    if recipient.renderer != "alerts.alert":
        raise errors.NothingToRate
    return recipient


def _alert(recipient: Recipient) -> Alert:
    try:
        alert = Alert.objects.get(pk=recipient.object_id)
    except Alert.DoesNotExist:
        raise errors.NothingToRate from None
    if alert.state == Alert.State.WITHDRAWN:
        raise errors.AlertGone(alert.withdrawn_reason, alert.withdrawn_at)
    return alert


def _actor(recipient: Recipient) -> Actor:
    return MemberActor(recipient.member_id) if recipient.member_id else SYSTEM


def fold_responses() -> int:
    """Sum the counted rows of each alert and kind into one. Returns how many rows went. Two at once do no harm:
    what one has deleted the other does not find."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM alerts_response r USING (SELECT alert_id, kind FROM alerts_response"
            " GROUP BY alert_id, kind HAVING count(*) > 1) m WHERE r.alert_id = m.alert_id AND r.kind = m.kind"
            " RETURNING r.alert_id, r.kind, r.n), kept AS (INSERT INTO alerts_response (alert_id, kind, n)"
            " SELECT alert_id, kind, sum(n) FROM gone GROUP BY alert_id, kind RETURNING 1)"
            " SELECT (SELECT count(*) FROM gone) - (SELECT count(*) FROM kept)"
        )
        row = cursor.fetchone()
    return int(row[0])
