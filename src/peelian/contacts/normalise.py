"""One form for each address: email in lower case, telephone numbers as E.164.

email-validator and phonenumbers decide. Most of a long file is plain email addresses and British numbers, so those have
a fast path: for telephones the pattern that phonenumbers itself uses for Great Britain, taken from its metadata; a test
compares both paths. Imports nothing of Django, so that it runs in the worker processes of an import.
"""

import re
from functools import lru_cache

import phonenumbers
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from phonenumbers import PhoneMetadata, PhoneNumberType

from peelian.contacts.errors import BadAddress

LONGEST_EMAIL = 254

# What is plain: no quotes, no escapes, no non-Latin letters, no label that could be encoded ("xn--")
_PLAIN_EMAIL = re.compile(
    r"(?=.{6,200}\Z)(?P<local>[a-z0-9_]+(?:[.+-][a-z0-9_]+)*)@"
    r"(?:[a-z0-9]{1,40}(?:-[a-z0-9]{1,20})?\.)+(?P<top>[a-z]{2,20})"
)
_LONGEST_LOCAL = 64

# Ofcom's numbers for use in drama: never given out, so phonenumbers calls them impossible, and demonstrations use them.
# https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama
_DRAMA_MOBILE = re.compile(r"7700900\d{3}")
_DRAMA_LANDLINE = re.compile(r"1632960\d{3}")

_SEPARATORS = re.compile(r"[ \u00a0-]+")
_BRITISH = re.compile(r"(?:\+44|0)?([1-9]\d{8,9})", re.ASCII)
_MOBILES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_LANDLINES = {PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.VOIP}


def email(text: str) -> str:
    """The address in normal form, in lower case, its domain in ASCII. Says BadAddress when it cannot be one."""
    lower = text.strip().lower()
    plain = _PLAIN_EMAIL.fullmatch(lower)
    if plain and len(plain["local"]) <= _LONGEST_LOCAL and plain["top"] not in SPECIAL_USE_DOMAIN_NAMES:
        return lower
    try:
        checked = validate_email(lower, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as problem:
        raise BadAddress(_in_our_words(str(problem))) from None
    value = f"{checked.local_part}@{checked.ascii_domain}".lower()
    if len(value) > LONGEST_EMAIL:
        raise BadAddress(f"An email address has at most {LONGEST_EMAIL} characters.")
    return value


def mobile(text: str) -> str:
    """The mobile number as E.164. A landline, or what is no number, is BadAddress."""
    return _telephone(text, _gb_pattern("mobile"), _DRAMA_MOBILE, _MOBILES, "mobile number, like 07700 900123")


def landline(text: str) -> str:
    """The landline number as E.164. A mobile, or what is no number, is BadAddress."""
    return _telephone(
        text, _gb_pattern("fixed_line"), _DRAMA_LANDLINE, _LANDLINES, "landline number, like 01632 960123"
    )


def _in_our_words(problem: str) -> str:
    if "@" not in problem and "period" not in problem:
        return problem
    return problem.replace("@-sign", "@").replace("period", "full stop")


def _telephone(text: str, pattern: re.Pattern[str], drama: re.Pattern[str], kinds: set[int], wanted: str) -> str:
    found = _BRITISH.fullmatch(_SEPARATORS.sub("", text.strip()))
    if found:
        national = found.group(1)
        if pattern.fullmatch(national) or drama.fullmatch(national):
            return f"+44{national}"
    number = _parsed(text, wanted)
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if value.startswith("+44") and drama.fullmatch(value[3:]):
        return value
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise BadAddress(f"That is not a {wanted}.")
    if phonenumbers.number_type(number) not in kinds:
        raise BadAddress(f"That number is not a {wanted}.")
    return value


def _parsed(text: str, wanted: str) -> phonenumbers.PhoneNumber:
    try:
        return phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        raise BadAddress(f"That is not a {wanted}.") from None


@lru_cache(maxsize=4)
def _gb_pattern(kind: str) -> re.Pattern[str]:
    """phonenumbers' own pattern of a kind of national number in Great Britain."""
    metadata = PhoneMetadata.metadata_for_region("GB")
    pattern = getattr(metadata, kind).national_number_pattern
    return re.compile(pattern, re.ASCII)
