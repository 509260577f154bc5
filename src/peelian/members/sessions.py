"""A resident's session: which address a code was sent to and who of its members this is. Apart from staff
sign-in, which Django keeps under other keys."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from peelian.core import clock
from peelian.members import queries, queries_campaigns
from peelian.members.models import Campaign, Member

ADDRESS, MEMBER, SEEN, SINCE = "member_address", "member_id", "member_seen", "member_since"
JOINING, JOINED = "member_joining", "member_joined"
CODE, TRIES, CONTACT = "member_code", "member_tries", "member_contact"
IDLE = timedelta(minutes=30)
CAMPAIGN = "member_campaign"  # what brought the visitor here: id of a Campaign
NOTED_EVERY = 60  # seconds
NEXT = "member_next"  # where to go after a fresh code
FRESH = timedelta(minutes=10)  # for what a phone left lying about must not open


def sign_in(request: HttpRequest, address_id: int) -> None:
    """Whoever holds this session has shown the code. The session gets a new key, so that one planted before is
    worthless."""
    request.session.cycle_key()
    for name in (CODE, TRIES, CONTACT, MEMBER):
        request.session.pop(name, None)
    request.session[ADDRESS] = address_id
    request.session[SEEN] = request.session[SINCE] = int(clock.now().timestamp())


def is_fresh(request: HttpRequest) -> bool:
    """Whether the code or link was used within the last ten minutes."""
    since = int(request.session.get(SINCE, 0))
    return 0 <= int(clock.now().timestamp()) - since <= FRESH.total_seconds()


def address_replaced(request: HttpRequest, old_id: int | None, new_id: int) -> None:
    """The address somebody signed in with is not theirs any more; the one they have just confirmed is."""
    if old_id is not None and request.session.get(ADDRESS) == old_id:
        request.session[ADDRESS] = new_id


def sign_out(request: HttpRequest) -> None:
    for name in (ADDRESS, MEMBER, SEEN, SINCE, CODE, TRIES, CONTACT):
        request.session.pop(name, None)


def address_id(request: HttpRequest) -> int | None:
    """The address somebody signed in with less than 30 idle minutes ago."""
    address = request.session.get(ADDRESS)
    seen, now = request.session.get(SEEN, 0), int(clock.now().timestamp())
    if address is None:
        return None
    if now - seen > IDLE.total_seconds():
        sign_out(request)
        return None
    if now - seen > NOTED_EVERY:
        request.session[SEEN] = now
    return int(address)


def member(request: HttpRequest, address: int) -> Member | None:
    """Who of the address's members this is; None until they have said it. Asked of the database each time: somebody may
    have given the address up since. Also somebody who closed their account and may still open it again."""
    among = {each.pk: each for each in queries.signing_in(address)}
    chosen = next(iter(among)) if len(among) == 1 else request.session.get(MEMBER)
    return among.get(chosen) if chosen is not None else None


def keep_campaign(request: HttpRequest, campaign: Campaign) -> None:
    """The visitor came by this short link; the last one counts."""
    request.session[CAMPAIGN] = campaign.pk


def campaign(request: HttpRequest) -> Campaign | None:
    """What brought the visitor here, for whoever makes a member of them; None without a short link."""
    kept = request.session.get(CAMPAIGN)
    return queries_campaigns.campaign(kept) if kept else None


def network(request: HttpRequest) -> str:
    """The network a request comes from, as a key that does not tell it: /24 of IPv4, /64 of IPv6. Behind a proxy on
    this machine, the address that the proxy saw."""
    seen = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if forwarded and seen in ("", "127.0.0.1", "::1"):
        seen = forwarded
    try:
        address = ip_address(seen)
        whole = str(ip_network((address, 24 if address.version == 4 else 64), strict=False))
    except ValueError:
        whole = "unknown"
    return salted_hmac("members.network", whole, algorithm="sha256").hexdigest()[:24]


def key_of(text: str) -> str:
    """A counter's name that does not tell the address it counts for."""
    return sha256(salted_hmac("members.limits", text).digest()).hexdigest()[:24]
