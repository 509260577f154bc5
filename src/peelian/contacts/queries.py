"""Reads of addresses. Whole addresses are shown to nobody but their owners: pages and logs use `masked`."""

from django.db.models import QuerySet

from peelian.contacts.errors import BadAddress
from peelian.contacts.models import Address
from peelian.contacts.normalise import email, landline, mobile


def masked(address: Address) -> str:
    """Enough of an address for its owner to know it: "j…@example.org", "07… …123"."""
    if address.kind == Address.Kind.EMAIL:
        local, _, domain = address.value.partition("@")
        return f"{local[:1]}…@{domain}"
    if address.value.startswith("+44"):
        return f"0{address.value[3:4]}… …{address.value[-3:]}"
    return f"{address.value[:3]}… …{address.value[-3:]}"


def find(text: str) -> Address | None:
    """The email address or telephone number that somebody typed, where we have it."""
    try:
        kind, value = read(text)
    except BadAddress:
        return None
    return Address.objects.filter(kind=kind, value=value).first()


def read(text: str) -> tuple[Address.Kind, str]:
    """The kind and the normal form of an email address or telephone number as typed. Raises BadAddress."""
    if "@" in text:
        return Address.Kind.EMAIL, email(text)
    try:
        return Address.Kind.MOBILE, mobile(text)
    except BadAddress:
        return Address.Kind.LANDLINE, landline(text)


def suppressed() -> QuerySet[Address]:
    """The addresses that nothing goes to."""
    return Address.objects.exclude(suppression="")


def of_number(number: str) -> list[int]:
    """The ids of the rows of a telephone number in whatever form carriers write it: "+44…", "44…" or "07…"; mobiles
    first. Letters, as senders have: none."""
    digits = "".join(number.split())
    international = f"+{digits}" if digits.isdigit() and not digits.startswith("0") else digits
    for normal in (mobile, landline):
        try:
            value = normal(international)
        except BadAddress:
            continue
        phones = Address.objects.filter(kind__in=(Address.Kind.MOBILE, Address.Kind.LANDLINE), value=value)
        return list(phones.order_by("kind").values_list("pk", flat=True))
    return []
