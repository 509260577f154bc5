"""Telling: signed, tried again with growing pauses, given up after a day and a half; an address that takes nothing for
days is ended, and its administrator hears of it."""

from __future__ import annotations

import json
from datetime import timedelta

import structlog
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F

from peelian.api.models_webhooks import Telling, Webhook
from peelian.api.webhooks import reach, signing
from peelian.api.webhooks.reach import Answer, Unreachable
from peelian.audit.actions import SYSTEM, Actor, record
from peelian.core import clock, jobs

log = structlog.get_logger("peelian.api")
# After each try that failed
PAUSES = [
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=20),
]
PATIENCE = timedelta(days=3)  # of failures alone: then the address is ended
GONE = 410


def tell(*, telling_id: int, round: int) -> None:  # noqa: A002 (the column's name)
    """Try once. Nothing is held open while the other side thinks."""
    telling = Telling.objects.select_related("webhook__made_by", "happened").filter(pk=telling_id).first()
    if telling is None or telling.state != Telling.State.WAITING or telling.round != round:
        return
    webhook = telling.webhook
    if webhook.ended_at is not None or not webhook.made_by.is_active:
        _close(telling, Telling.State.GIVEN_UP, None, "The address was ended.")
        return
    try:
        answer = reach.post(webhook.url, *_message(webhook, telling))
    except Unreachable as problem:
        _failed(telling, None, str(problem), 0)
    except InvalidToken:
        _failed(telling, None, "Its secret can no longer be read: the installation's secret key has changed.", 0)
    else:
        _answered(telling, answer)


def _message(webhook: Webhook, telling: Telling) -> tuple[bytes, dict[str, str]]:
    body = json.dumps(telling.happened.payload, separators=(",", ":"), sort_keys=True).encode()
    at = int(clock.now().timestamp())
    signed = signing.signature(signing.opened(webhook.secret), telling.happened.uid, at, body)
    headers = {"Content-Type": "application/json", "webhook-id": telling.happened.uid}
    return body, headers | {"webhook-timestamp": str(at), "webhook-signature": signed}


def _answered(telling: Telling, answer: Answer) -> None:
    if 200 <= answer.status < 300:
        _close(telling, Telling.State.TAKEN, answer.status, "")
        Webhook.objects.filter(pk=telling.webhook_id).exclude(failing_since=None).update(failing_since=None)
    elif answer.status == GONE:
        _close(telling, Telling.State.GIVEN_UP, GONE, "It says that it is gone.")
        end(webhook=telling.webhook, why="It answered that it is gone.", by=SYSTEM)
    else:
        _failed(telling, answer.status, f"It answered {answer.status}.", answer.wait)


@transaction.atomic
def _failed(telling: Telling, status: int | None, why: str, wait: int) -> None:
    now = clock.now()
    webhook = Webhook.objects.select_for_update().get(pk=telling.webhook_id)
    webhook.failing_since = webhook.failing_since or now
    webhook.save(update_fields=["failing_since"])
    log.warning("webhook not taken", webhook=webhook.pk, status=status)
    if now - webhook.failing_since >= PATIENCE:
        _close(telling, Telling.State.GIVEN_UP, status, why)
        end(webhook=webhook, why=f"It took nothing for {PATIENCE.days} days. {why}", by=SYSTEM)
    elif telling.tries >= len(PAUSES):
        _close(telling, Telling.State.GIVEN_UP, status, why)
    else:
        later = now + max(PAUSES[telling.tries], timedelta(seconds=wait))
        changed = {"tries": F("tries") + 1, "status": status, "why": why[:200], "tried_at": now, "next_at": later}
        Telling.objects.filter(pk=telling.pk, round=telling.round).update(**changed)
        jobs.enqueue("api.tell", at=later, telling_id=telling.pk, round=telling.round)


def _close(telling: Telling, state: str, status: int | None, why: str) -> None:
    changed = {"state": state, "tries": F("tries") + 1, "status": status, "why": why[:200]}
    mine = Telling.objects.filter(pk=telling.pk, round=telling.round)
    mine.update(tried_at=clock.now(), next_at=None, **changed)


@transaction.atomic
def end(*, webhook: Webhook, why: str, by: Actor) -> None:
    """Tell an address nothing more. When it ends by itself, whoever made it gets a mail. Twice is once."""
    ended = Webhook.objects.filter(pk=webhook.pk, ended_at=None).update(ended_at=clock.now(), ended_why=why[:200])
    if not ended:
        return
    record("webhook.ended", "webhook", webhook.pk, by=by)
    if by is SYSTEM:
        text = (
            f"The webhook “{webhook.name}” is told nothing more.\n\n{why}\n\n"
            f"See it and begin again here: {settings.PEELIAN_BASE_URL}/staff/api/webhooks/{webhook.pk}/\n"
        )
        EmailMessage("A webhook has ended", text, to=[webhook.made_by.email]).send()


@transaction.atomic
def again(*, telling: Telling, by: Actor) -> None:
    """Tell a thing once more under the same id, from the beginning."""
    begun = {"state": Telling.State.WAITING, "tries": 0, "round": F("round") + 1, "next_at": clock.now(), "why": ""}
    Telling.objects.filter(pk=telling.pk).update(**begun)
    telling.refresh_from_db()
    jobs.enqueue("api.tell", telling_id=telling.pk, round=telling.round)
    record("webhook.again", "webhook", telling.webhook_id, by=by, telling=telling.pk)
