"""A kind of contact point in the address of a page: email, mobile or landline."""

from peelian.contacts.models import Address


class PointConverter:
    regex = "email|mobile|landline"

    def to_python(self, value: str) -> Address.Kind:
        return Address.Kind[value.upper()]

    def to_url(self, value: Address.Kind | str) -> str:
        return value if isinstance(value, str) else Address.Kind(value).name.lower()
