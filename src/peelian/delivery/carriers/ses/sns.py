"""Messages of Amazon SNS: signed by a certificate that Amazon serves ("Verifying the signatures of Amazon SNS messages"
in its developer guide). Nothing is fetched from any other host, unless api= names one for tests."""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import requests
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from peelian.delivery.carrier_urls import CarrierUrl
from peelian.delivery.carriers import web
from peelian.delivery.receipts import BadSignature, Unreadable

_HOST = re.compile(r"sns\.[a-z]{2}(-[a-z]+)+-\d\.amazonaws\.com(\.cn)?")
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_HASHES: dict[str, hashes.HashAlgorithm] = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303 — what SNS offers
LONGEST_CERTIFICATE = 65_536  # bytes


def verify(message: Any, url: CarrierUrl) -> str:
    """The type of a message of our topic, after a look at its signature; BadSignature otherwise."""
    if not isinstance(message, dict):
        raise Unreadable
    kind, topic = message.get("Type"), url.options.get("topic", "")
    if kind not in _SIGNED:
        raise Unreadable
    if not topic or message.get("TopicArn") != topic:  # anybody can have a topic whose messages Amazon signs
        raise BadSignature
    algorithm = _HASHES.get(str(message.get("SignatureVersion")))
    key = _key(_allowed(str(message.get("SigningCertURL")), url))
    if algorithm is None or key is None:
        raise BadSignature
    lines = [f"{field}\n{message[field]}\n" for field in _SIGNED[kind] if message.get(field) is not None]
    try:
        signature = base64.b64decode(str(message.get("Signature")), validate=True)
        key.verify(signature, "".join(lines).encode(), padding.PKCS1v15(), algorithm)
    except (InvalidSignature, binascii.Error):
        raise BadSignature from None
    return str(kind)


def subscribe(message: dict[str, Any], url: CarrierUrl) -> None:
    """Confirm that our topic may tell us things. Where Amazon does not answer it asks again."""
    _fetch(_allowed(str(message.get("SubscribeURL")), url))


def _allowed(address: str, url: CarrierUrl) -> str:
    """The address itself, where it is Amazon's; BadSignature otherwise."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadSignature from None
    amazon = parts.scheme == "https" and port in (None, 443) and _HOST.fullmatch(host) and "@" not in parts.netloc
    if amazon or (url.api and address.startswith(f"{url.api}/")):
        return address
    raise BadSignature


@lru_cache(maxsize=8)
def _key(address: str) -> rsa.RSAPublicKey | None:
    """The public key of a certificate. An address that could not be fetched is asked again the next time."""
    try:
        key = x509.load_pem_x509_certificate(_fetch(address)).public_key()
    except ValueError:
        raise BadSignature from None
    return key if isinstance(key, rsa.RSAPublicKey) else None


def _fetch(address: str) -> bytes:
    with web.prepare(requests.Session()) as session:
        try:
            answer = session.get(address, timeout=web.TIMEOUT)
        except requests.RequestException:
            raise BadSignature from None
    if answer.status_code != 200 or len(answer.content) > LONGEST_CERTIFICATE:
        raise BadSignature
    return answer.content
