"""The columns of the members file, and its header row. Each is explained in members/README.md (a test compares)."""

from peelian.members.errors import FileRefused

COLUMNS = (
    "external_id", "first_name", "last_name", "email", "mobile", "landline", "address", "postcode", "latitude",
    "longitude", "language", "interests", "groups", "channels", "providers", "source", "joined_on", "confirmed_on",
    "birth_year", "sex", "ethnic_group", "disability", "origin_code",
)  # fmt: skip
CONTACTS = ("email", "mobile", "landline")
# What a file of bad rows says besides: passed over, so that it can be mended and imported as it is
NOTES = ("line", "column", "reason")


def read_header(fields: list[str], file: str) -> list[str]:
    """The names of the columns in order. Raises FileRefused when they cannot be what a members file has."""
    names = [name.strip() for name in fields]
    unknown = [name for name in names if name not in COLUMNS + NOTES]
    if unknown and not set(names) & set(COLUMNS):
        raise FileRefused(
            f"{file}, line 1: there is no header row with the names of columns. The file begins like this:\n"
            f"{','.join(COLUMNS)}"
        )
    if unknown:
        raise FileRefused(
            f"{file}, line 1: there is no column named {unknown[0]!r}. The columns are: {', '.join(COLUMNS)}."
        )
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise FileRefused(f"{file}, line 1: the column {twice} stands there twice.")
    if "external_id" not in names:
        raise FileRefused(f"{file}, line 1: the column external_id is missing.")
    if not set(names) & set(CONTACTS):
        raise FileRefused(
            f"{file}, line 1: there is no contact point. Give at least one of email, mobile and landline."
        )
    return names
