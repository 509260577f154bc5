"""The token of one questionnaire that is filled in without an invitation: which survey, the way it is answered, where,
and a number of its own. Signed, so that nobody can make one for a way that is the officers'; nothing is stored. 40
characters, so that none is ever taken for a token of delivery's, which have 28."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from typing import NamedTuple

from django.conf import settings

from peelian.surveys.errors import LinkRefused
from peelian.surveys.models import How

# A way's place here is what stands in the token: append, never change
WAYS = (How.LINK, How.QR, How.KIOSK, How.STREET, How.DOORSTEP, How.TELEPHONE, How.PAPER, How.CONVERSATION,
        How.REPORT)  # fmt: skip
PUBLIC_WAYS = {"qr": How.QR, "kiosk": How.KIOSK, "conversation": How.CONVERSATION}  # as ?via= names them
CALLED = 200  # in the place of a way: for somebody who was invited, by telephone
LENGTH = 40  # characters
_SURVEY, _AREA, _NUMBER, _SIGNATURE = 5, 4, 10, 10  # bytes, with one for the way: 30
_SHAPE = re.compile(r"[A-Za-z0-9_-]{40}", re.ASCII)


class Own(NamedTuple):
    survey_id: int
    how: How
    area_id: int | None
    number: bytes  # of this questionnaire alone
    invited: tuple[int, int] | None = None  # the send and the address of whoever is called


def make(survey_id: int, how: How, area_id: int | None = None) -> str:
    body = survey_id.to_bytes(_SURVEY, "big") + bytes([WAYS.index(how)]) + (area_id or 0).to_bytes(_AREA, "big")
    body += secrets.token_bytes(_NUMBER)
    return base64.urlsafe_b64encode(body + _signed(body)).decode()


def make_called(survey_id: int, send_id: int, address_id: int) -> str:
    """For staff who fill it in for somebody who was invited: it stands for their invitation."""
    body = survey_id.to_bytes(_SURVEY, "big") + bytes([CALLED]) + bytes(_AREA)
    body += send_id.to_bytes(_NUMBER // 2, "big") + address_id.to_bytes(_NUMBER // 2, "big")
    return base64.urlsafe_b64encode(body + _signed(body)).decode()


def read(token: str) -> Own:
    """Raises LinkRefused for anything but a token of ours."""
    if not _SHAPE.fullmatch(token):
        raise LinkRefused
    data = base64.urlsafe_b64decode(token)
    body, given = data[:-_SIGNATURE], data[-_SIGNATURE:]
    if not hmac.compare_digest(given, _signed(body)) or CALLED != body[_SURVEY] >= len(WAYS):
        raise LinkRefused
    number = body[-_NUMBER:]
    if body[_SURVEY] == CALLED:
        half = _NUMBER // 2
        called = int.from_bytes(number[:half], "big"), int.from_bytes(number[half:], "big")
        return Own(int.from_bytes(body[:_SURVEY], "big"), How.TELEPHONE, None, number, called)
    area = int.from_bytes(body[_SURVEY + 1 : _SURVEY + 1 + _AREA], "big")
    return Own(int.from_bytes(body[:_SURVEY], "big"), WAYS[body[_SURVEY]], area or None, number)


def _signed(body: bytes) -> bytes:
    key = hashlib.sha256(b"peelian.surveys.tokens" + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(key, body, "sha256")[:_SIGNATURE]
