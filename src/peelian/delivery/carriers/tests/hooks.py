"""Webhooks as carriers post them, to a running test client, and what the ledger makes of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery import references
from peelian.delivery.models import Channel, Delivery, Send, State
from peelian.delivery.views import webhooks

KINDS = {Channel.EMAIL: Address.Kind.EMAIL, Channel.TEXT: Address.Kind.MOBILE, Channel.VOICE: Address.Kind.LANDLINE}


class Posted:
    """One delivery that was handed over, and the door of the carrier."""

    def __init__(self, settings: Any, url: str, channel: int, value: str) -> None:
        setting = {1: "PEELIAN_EMAIL_CARRIERS", 2: "PEELIAN_TEXT_CARRIERS", 4: "PEELIAN_VOICE_CARRIERS"}[int(channel)]
        setattr(settings, setting, url)
        forget()
        self.name = url.partition("://")[0]
        self.address = Address.objects.create(kind=KINDS[Channel(channel)], value=value)
        self.send = Send.objects.create(renderer="delivery.test", object_id=1, lane="routine", recipients=1)
        Delivery.objects.create(
            send=self.send, address=self.address, channel=channel, state=State.HANDED_OVER, changed_at=clock.now()
        )
        self.reference = references.make(self.send.pk, self.address.pk)

    def post(self, body: Any, *, path: str = "", **headers: str) -> int:
        """The status of the answer to JSON."""
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        where = f"/webhooks/{self.name}/{path}"
        answer = Client().post(where, content, content_type="application/json", headers=headers)
        return answer.status_code

    @property
    def state(self) -> tuple[int, str]:
        row = Delivery.objects.get(send=self.send, address=self.address)
        return (row.state, row.reason)

    @property
    def suppression(self) -> str:
        return Address.objects.get(pk=self.address.pk).suppression


def forget() -> None:
    """The door keeps what the settings said; a test changes them."""
    for kept in (webhooks._named, webhooks._row_id):
        kept.cache_clear()


@pytest.fixture
def fresh_door():
    forget()
    yield
    forget()
