"""Reads of the interfaces' own tables: tokens, scoped to the administrator who asks."""

from __future__ import annotations

import hashlib
import re

from django.db.models import Q, QuerySet

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.api import errors
from peelian.api.models import Bundle, Telling, Token, Webhook

SHOWN = 50


def digest(secret: str) -> str:
    """A secret of ours is 32 random bytes, so that a plain hash of it cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def tokens_for(by: Staff) -> QuerySet[Token]:
    """The tokens that act for people whom an administrator manages."""
    people = accounts.staff_in_scope(by).values("pk")
    return Token.objects.filter(staff__in=people).select_related("staff", "made_by").order_by("-made_at", "-pk")


def token_for(by: Staff, pk: int) -> Token:
    """One of them; NoSuchToken."""
    found = tokens_for(by).filter(pk=pk).first()
    if found is None:
        raise errors.NoSuchToken
    return found


def token_of(secret: str) -> Token | None:
    """The token that a program showed, if it works still."""
    found = Token.objects.select_related("staff").filter(digest=digest(secret)).first()
    return found if found is not None and found.works else None


def webhooks_for(by: Staff) -> QuerySet[Webhook]:
    """The webhooks of administrators whom BY manages, and BY's own."""
    people = accounts.staff_in_scope(by).values("pk")
    mine = Q(made_by=by) | Q(made_by__in=people)
    return Webhook.objects.filter(mine).select_related("made_by").order_by("-made_at", "-pk")


def webhook_for(by: Staff, pk: int) -> Webhook:
    """One of them; NoSuchWebhook."""
    found = webhooks_for(by).filter(pk=pk).first()
    if found is None:
        raise errors.NoSuchWebhook
    return found


def tellings_of(webhook: Webhook) -> list[Telling]:
    """What an address was told last, the newest first."""
    return list(webhook.tellings.select_related("happened").order_by("-pk")[:SHOWN])


def telling_of(webhook: Webhook, pk: int) -> Telling:
    """One of what an address was told; NoSuchWebhook."""
    found = webhook.tellings.filter(pk=pk).first()
    if found is None:
        raise errors.NoSuchWebhook
    return found


def bundles() -> list[Bundle]:
    """The months whose open data is published, the newest first, without their bytes."""
    return list(Bundle.objects.select_related("file").defer("file__content").order_by("-month"))


def bundle(month: str) -> Bundle | None:
    """The one of a month written 2018-09."""
    if not re.fullmatch(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", month, re.ASCII):
        return None
    return Bundle.objects.select_related("file").filter(month=f"{month}-01").first()
