"""What happens to tokens, and writing once. Each is one transaction with its row in the audit trail."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from peelian.accounts.models import Staff
from peelian.api import errors, queries
from peelian.api.models import KeptAnswer, Token, Webhook
from peelian.api.scopes import SCOPES
from peelian.api.webhooks import happening, reach, signing
from peelian.audit.actions import record
from peelian.core import clock, limits
from peelian.core.wording import uk_date

LONGEST_LIFE = timedelta(days=366)
KEPT = timedelta(hours=24)
MOST_TESTS = 20  # of a webhook in an hour
PREFIX = "peelian_"  # so that a scanner of source code knows one when it sees it
_KEY = re.compile(r"[!-~]{1,100}")


@transaction.atomic
def make_token(*, name: str, staff: Staff, scopes: Sequence[str], expires_on: date, by: Staff) -> tuple[Token, str]:
    """A token that acts for STAFF, and its secret, which is never to be had again. Raises NoScopes, BadExpiry."""
    known = [scope for scope in SCOPES if scope in scopes]
    if not known:
        raise errors.NoScopes
    if not clock.today() <= expires_on <= clock.today() + LONGEST_LIFE:
        raise errors.BadExpiry
    secret = PREFIX + secrets.token_urlsafe(32)
    given = {"name": name.strip(), "scopes": known, "expires_on": expires_on, "made_by": by}
    token = Token.objects.create(staff=staff, digest=queries.digest(secret), **given)
    record("token.made", "token", token.pk, by=by, staff=staff.pk, scopes=known, expires_on=expires_on)
    if staff.pk != by.pk:
        _tell_its_person(token)
    return token, secret


def _tell_its_person(token: Token) -> None:
    """Whoever a program acts for hears of it: nobody's name is used behind their back."""
    may = "\n".join(f"- {SCOPES[scope].label}" for scope in token.scopes)
    text = (
        f"An administrator of {settings.PEELIAN_SERVICE_NAME} has let a program act for you: “{token.name}”, until"
        f" {uk_date(token.expires_on)}.\n\nIt may:\n{may}\n\nWhat it does stands in the audit trail under your account,"
        " with the token's number. If you did not expect this, tell your administrator today, who can end it.\n"
    )
    EmailMessage("A program may act for you", text, to=[token.staff.email]).send()


@transaction.atomic
def revoke_token(*, token: Token, by: Staff) -> None:
    """End a token at once. Twice is once."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now()):
        record("token.revoked", "token", token.pk, by=by, staff=token.staff_id)


def note_use(token: Token) -> None:
    """Remember the day, not the moment: one write a day, however much is asked."""
    today = clock.today()
    if token.last_used_on != today:
        Token.objects.filter(pk=token.pk).update(last_used_on=today)


@transaction.atomic
def once(
    *, token: Token, key: str, method: str, path: str, body: bytes, operation: str, do: Callable[[], tuple[int, Any]]
) -> tuple[int, Any, bool]:
    """Do something for a program, and remember the answer under KEY for a day; the same request with the same key gets
    it again (the last value says so) and changes nothing. Without a key it is simply done. What fails leaves no key.

    The row in the trail says which token did it; what it did stands in the trail beside it, by the request's id. Raises
    KeyUsed when the key came with another request, BadKey.
    """
    kept = _claim(token, key, hashlib.sha256(b"\n".join([method.encode(), path.encode(), body])).hexdigest())
    if kept is not None and kept.status:
        return kept.status, kept.answer, True
    status, answer = do()
    if kept is not None:
        KeptAnswer.objects.filter(pk=kept.pk).update(status=status, answer=answer)
    record("token.wrote", "token", token.pk, by=token.staff, operation=operation)
    return status, answer, False


def _claim(token: Token, key: str, asked: str) -> KeptAnswer | None:
    """The row of a key, made now or kept from before. Of two at once the second waits here until the first is done."""
    if not key:
        return None
    if not _KEY.fullmatch(key):
        raise errors.BadKey
    KeptAnswer.objects.filter(token=token, key=key, at__lt=clock.now() - KEPT).delete()
    row = KeptAnswer(token=token, key=key, asked=asked, at=clock.now())
    KeptAnswer.objects.bulk_create([row], ignore_conflicts=True)
    found = KeptAnswer.objects.get(token=token, key=key)
    if found.asked != asked:
        raise errors.KeyUsed
    return found


def forget_answers() -> int:
    """Delete what was kept for more than a day; returns how many."""
    deleted, _ = KeptAnswer.objects.filter(at__lt=clock.now() - KEPT).delete()
    return deleted


# Webhooks ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def make_webhook(*, name: str, url: str, kinds: Sequence[str], by: Staff) -> tuple[Webhook, str]:
    """An address that is told what happens among the teams in BY's scope, and its secret, shown this once. Raises
    NoScopes, BadWebhookAddress."""
    known = [kind for kind in Webhook.Kind.values if kind in kinds]
    if not known:
        raise errors.NoScopes
    check_webhook_address(url)
    secret = signing.new_secret()
    webhook = Webhook.objects.create(
        name=name.strip(), url=url.strip(), secret=signing.sealed(secret), kinds=known, made_by=by
    )
    record("webhook.made", "webhook", webhook.pk, by=by, kinds=known)
    return webhook, secret


def check_webhook_address(url: str) -> None:
    """Raises BadWebhookAddress with the sentence. Where a name leads is looked at each time something is sent."""
    try:
        place = reach.place_of(url.strip())
    except reach.Unreachable as problem:
        raise errors.BadWebhookAddress(str(problem)) from None
    numeric = place.host.replace(".", "").isdigit() or ":" in place.host
    if place.host == "localhost" or (numeric and not reach.is_public(place.host)):
        raise errors.BadWebhookAddress("That is on a private network, and nothing is sent there.")


@transaction.atomic
def begin_again(*, webhook: Webhook, by: Staff) -> None:
    """Tell an ended address again, from now on."""
    changed = Webhook.objects.filter(pk=webhook.pk).exclude(ended_at=None)
    if changed.update(ended_at=None, ended_why="", failing_since=None):
        record("webhook.begun", "webhook", webhook.pk, by=by)


@transaction.atomic
def send_test(*, webhook: Webhook, by: Staff) -> None:
    """Tell an address that this is a test. Raises TooMany."""
    limits.limit(f"api.test:{webhook.pk}", most=MOST_TESTS, window=timedelta(hours=1))
    number = secrets.token_hex(8)
    happening.note("test", number, {"webhook": webhook.pk}, at=clock.now(), team_id=None, among=[webhook])
    record("webhook.tested", "webhook", webhook.pk, by=by)
