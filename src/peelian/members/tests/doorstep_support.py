"""What the tests of the doorstep have in common."""

import base64
import json
import os
import uuid

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from procrastinate.contrib.django.models import ProcrastinateJob

from peelian.accounts.tests.factories import make_staff, make_team, sign_in
from peelian.core import clock
from peelian.members import actions, queries, sealing
from peelian.members.tests.factories import make_postcode, make_ward

PAGE = "/staff/members/doorstep/"


def a_ward():
    make_postcode()
    return make_ward()


def an_officer(client, ward):
    return sign_in(client, make_staff("officer", ward, teams=[make_team("Elm Bridge team", ward)]))


def jobs():
    found = ProcrastinateJob.objects.filter(task_name="delivery.transactional").order_by("id")
    return [(job.args["renderer"], job.args["object_id"]) for job in found]


def said(**given):
    return {
        "first_name": "Tomasz", "email": "tomasz@home.example", "mobile": "", "landline": "", "postcode": "ab1 2cd",
        "street": "", "hears": "all", "topics": [], "organisations": ["police"], "language": "pl", "source": "door",
        "place": "", "agreed": "on", "wording": str(queries.wording("doorstep").pk), **given,
    }  # fmt: skip


def make_street(officer, name="Elm Grove", **given):
    return actions.add_street(team=officer.teams.first(), name=name, postcode="AB1 2CD", by=officer, **given)


def seal(key, typed, number=None, saved=None):
    """As static/members/doorstep_queue.js does it."""
    number = number or str(uuid.uuid4())
    own = ec.generate_private_key(ec.SECP256R1())
    half = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(key["half"]))
    lock = HKDF(hashes.SHA256(), 32, salt=None, info=sealing.PURPOSE + half).derive(own.exchange(ec.ECDH(), theirs))
    nonce = os.urandom(12)
    plain = json.dumps({"typed": typed, "saved": (saved or clock.now()).isoformat()}).encode()
    sealed = AESGCM(lock).encrypt(nonce, plain, number.encode())
    parts = {"half": half, "nonce": nonce, "sealed": sealed}
    return {"id": number, "key": key["id"]} | {name: base64.b64encode(one).decode() for name, one in parts.items()}
