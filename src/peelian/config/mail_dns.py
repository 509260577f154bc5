"""What the domain name system says of our mail domain: SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489).

Each check answers with sentences. An answer that does not come is a sentence too, not a guess. PEELIAN_DNS names
another resolver, as address:port.
"""

from __future__ import annotations

from typing import Any

import dns.exception
import dns.resolver
from django.conf import settings

PATIENCE = 4.0  # seconds for one question
MOST_LOOKUPS = 10  # RFC 7208 4.6.4


class NoAnswer(Exception):
    """The resolver did not answer, or not with an answer."""


def problems() -> list[str]:
    """What stands in the way of our mail, for the domain of the envelope and that of From."""
    envelope = settings.PEELIAN_MAIL_DOMAIN
    author = settings.PEELIAN_MAIL_FROM.rpartition("@")[2]
    try:
        found = _spf(envelope) + _dmarc(author) + _return_path(envelope)
        if settings.PEELIAN_DKIM_SELECTOR:
            found += _dkim(author, settings.PEELIAN_DKIM_SELECTOR)
    except NoAnswer:
        return ["The domain name system did not answer, so SPF, DKIM and DMARC were not looked at. Try again later."]
    return found if _aligned(envelope, author) else [*found, _not_aligned(envelope, author)]


def _spf(domain: str) -> list[str]:
    records = [text for text in _texts(domain) if text.lower().split(" ")[0] == "v=spf1"]
    if not records:
        return [f"{domain} has no SPF record: publish a TXT record like “v=spf1 ip4:… -all” naming your mail servers."]
    if len(records) > 1:
        return [f"{domain} has {len(records)} SPF records: receivers take that for an error. Make one of them."]
    words = records[0].lower().split()
    said = []
    if "+all" in words or "all" in words:
        said.append(f"The SPF record of {domain} lets everybody send (“all”): end it with “-all” or “~all”.")
    elif not any(word in ("-all", "~all") or word.startswith("redirect=") for word in words):
        said.append(f"The SPF record of {domain} does not say what of other servers: end it with “-all” or “~all”.")
    if sum(_costs_a_lookup(word) for word in words) > MOST_LOOKUPS:
        said.append(f"The SPF record of {domain} asks for more than {MOST_LOOKUPS} look-ups: receivers give up.")
    return said


def _costs_a_lookup(word: str) -> bool:
    plain = word.lstrip("+-~?")
    name = plain.split(":")[0].split("/")[0]
    return plain.startswith(("include:", "exists:", "redirect=")) or name in ("a", "mx", "ptr")


def _dkim(domain: str, selector: str) -> list[str]:
    name = f"{selector}._domainkey.{domain}"
    tags = [_tags(text) for text in _texts(name)]
    keys = [tag for tag in tags if "p" in tag and tag.get("v", "DKIM1") == "DKIM1"]
    if not keys:
        return [f"There is no DKIM key at {name}: publish the one your mail server signs with (PEELIAN_DKIM_SELECTOR)."]
    if len(keys) > 1:
        return [f"There are {len(keys)} DKIM keys at {name}: there has to be one."]
    if not keys[0]["p"]:
        return [f"The DKIM key at {name} has been withdrawn (p= is empty): publish a new one."]
    if "y" in keys[0].get("t", "").split(":"):
        return [f"The DKIM key at {name} is marked as a test (t=y): receivers may pass over it."]
    return []


def _dmarc(domain: str) -> list[str]:
    """The record of the domain or, without one, of the nearest domain above it that has one."""
    labels = domain.split(".")
    for name in (".".join(labels[at:]) for at in range(max(1, len(labels) - 1))):
        records = [text for text in _texts(f"_dmarc.{name}") if text.replace(" ", "").lower().startswith("v=dmarc1")]
        if len(records) > 1:
            return [f"_dmarc.{name} has {len(records)} DMARC records: receivers pass over them. Make one of them."]
        if records:
            return _dmarc_record(name, _tags(records[0]))
    return [f"_dmarc.{domain} has no DMARC record: publish one like “v=DMARC1; p=quarantine; rua=mailto:…”."]


def _dmarc_record(name: str, tags: dict[str, str]) -> list[str]:
    policy = tags.get("p", "").lower()
    if policy not in ("none", "quarantine", "reject"):
        return [f"The DMARC record of {name} has no policy: add p=quarantine or p=reject."]
    if policy == "none":
        return [f"The DMARC record of {name} says p=none: forged mail gets through. Raise it when reports are clean."]
    return []


def _return_path(domain: str) -> list[str]:
    """Mail that comes back has to find a way; a domain without MX falls back to its address (RFC 5321 5.1)."""
    if not (_ask(domain, "MX") or _ask(domain, "A") or _ask(domain, "AAAA")):
        return [f"{domain} has no MX record: messages that come back, and replies, are lost."]
    return []


def _aligned(envelope: str, author: str) -> bool:
    """Relaxed alignment as far as it can be told without the list of public suffixes: one is within the other."""
    a, b = f".{envelope.lower()}", f".{author.lower()}"
    return a.endswith(b) or b.endswith(a)


def _not_aligned(envelope: str, author: str) -> str:
    return (
        f"PEELIAN_MAIL_FROM is at {author} and mail comes back to {envelope}: SPF does not count for DMARC unless one"
        " is within the other."
    )


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return {name.strip(): "".join(value.split()) for name, _, value in pairs}


def _texts(name: str) -> list[str]:
    """The TXT records of a name, each put together from its strings."""
    return [b"".join(record.strings).decode("ascii", "replace") for record in _ask(name, "TXT")]


def _ask(name: str, kind: str) -> list[Any]:
    try:
        return list(_resolver().resolve(name, kind, lifetime=PATIENCE))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError, ValueError) as problem:
        raise NoAnswer from problem


def _resolver() -> dns.resolver.Resolver:
    given = settings.PEELIAN_DNS
    resolver = dns.resolver.Resolver(configure=not given)
    if given:
        host, _, port = given.rpartition(":")
        resolver.nameservers, resolver.port = [host or given], int(port) if host else 53
    return resolver
