"""What a phone keeps until there is a signal is sealed: it can be put in without us, and opened by us alone.

The page gets the public half of a P-256 key (SEC 1, uncompressed). For each entry the browser makes a key pair of
its own, agrees on a secret with ours (ECDH), makes an AES-256-GCM key of it (HKDF-SHA-256, RFC 5869) and forgets its
private half. What lies on the phone are its public half, the nonce and the ciphertext, tied to the entry's number.
Our private half is stored nowhere: it follows from the installation's secret key, the row's salt, the officer and the
key's number. static/members/doorstep_queue.js is the other side.
"""

import base64
import binascii
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from peelian.members.errors import NotOpened

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (SEC 2, 2.4.2)
_NONCE = 12  # bytes
PURPOSE = b"peelian doorstep 1"


def public_half(*, salt: bytes, staff_id: int, key_id: UUID) -> str:
    """What entries are sealed with, in base64: 65 bytes."""
    half = _private(salt, staff_id, key_id).public_key()
    return base64.b64encode(half.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)).decode()


def opened(*, salt: bytes, staff_id: int, key_id: UUID, entry_id: UUID, theirs: str, nonce: str, sealed: str) -> bytes:
    """What was sealed with the public half as ENTRY_ID; the last three in base64. Raises NotOpened."""
    try:
        point = base64.b64decode(theirs, validate=True)
        iv = base64.b64decode(nonce, validate=True)
        data = base64.b64decode(sealed, validate=True)
        half = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        secret = _private(salt, staff_id, key_id).exchange(ec.ECDH(), half)
        key = HKDF(hashes.SHA256(), 32, salt=None, info=PURPOSE + point).derive(secret)
        if len(iv) != _NONCE:
            raise NotOpened
        return AESGCM(key).decrypt(iv, data, str(entry_id).encode())
    except (ValueError, binascii.Error, InvalidTag):
        raise NotOpened from None


def _private(salt: bytes, staff_id: int, key_id: UUID) -> ec.EllipticCurvePrivateKey:
    """16 bytes more than the order has, so that the remainder is as good as even (FIPS 186-5, A.2.1)."""
    info = f"members.doorstep {staff_id} {key_id}".encode()
    found = HKDF(hashes.SHA256(), 48, salt=salt, info=info).derive(settings.SECRET_KEY.encode())
    return ec.derive_private_key(int.from_bytes(found, "big") % (_ORDER - 1) + 1, ec.SECP256R1())
