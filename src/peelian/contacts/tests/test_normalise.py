"""The fast paths say what email-validator and phonenumbers say."""

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st

from peelian.contacts import normalise
from peelian.contacts.errors import BadAddress

MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
LANDLINE = {
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    phonenumbers.PhoneNumberType.VOIP,
}
british = st.builds(
    lambda prefix, first, rest: f"{prefix}{first}{rest}",
    st.sampled_from(["0", "+44", "+44 ", "0044", "", "44", "+44 (0)"]),
    st.sampled_from(["7", "1", "2", "70", "76", "79", "745", "8", "3", "5", "16", "113", "1539", "20", "7624", "7911"]),
    st.text("0123456789", min_size=5, max_size=10),
)


def said(check, text: str) -> str | None:
    try:
        return check(text)
    except BadAddress:
        return None


def library(text: str, kinds: set[int], drama: str) -> str | None:
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return None
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if value.startswith(drama) and len(value) == 13:
        return value
    good = phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in kinds
    return value if good and not number.extension else None


@settings(max_examples=1000, deadline=None)
@given(british)
@example("07700 900123")
@example("7457600000")
def test_telephones_agree_with_phonenumbers(text):
    assert said(normalise.mobile, text) == library(text, MOBILE, "+447700900")
    assert said(normalise.landline, text) == library(text, LANDLINE, "+441632960")


@settings(max_examples=1000, deadline=None)
@given(
    st.one_of(st.emails(), st.from_regex(r"[a-zA-Z0-9_.+-]{1,70}@([a-z0-9-]{1,64}\.){1,2}[a-z]{1,10}", fullmatch=True))
)
@example("a@b.invalid")
@example("a@b.test")
@example("someone@xn--exmple-cua.com")
@example(f"{'a' * 65}@b.com")
def test_email_agrees_with_email_validator(text):
    try:
        checked = validate_email(text.lower(), check_deliverability=False, allow_smtputf8=False)
        expected = f"{checked.local_part}@{checked.ascii_domain}".lower()
    except EmailNotValidError:
        expected = None
    assert said(normalise.email, text) == expected


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=40))
def test_anything_at_all_gives_an_address_or_a_sentence(text):
    for check in (normalise.email, normalise.mobile, normalise.landline):
        try:
            value = check(text)
        except BadAddress as problem:
            if not str(problem):
                raise AssertionError(text) from problem
        else:
            assert check(value) == value


@pytest.mark.parametrize(
    ("check", "text", "value"),
    [
        (normalise.mobile, "07700 900123", "+447700900123"),
        (normalise.mobile, "+44 (0)7911 123456", "+447911123456"),
        (normalise.mobile, "7911123456", "+447911123456"),  # a spreadsheet dropped the zero
        (normalise.mobile, "+353 85 012 3456", "+353850123456"),
        (normalise.landline, "01632-960 999", "+441632960999"),
        (normalise.landline, "(020) 7946 0123", "+442079460123"),
        (normalise.email, " Sam@Home.EXAMPLE ", "sam@home.example"),
        (normalise.email, "o'neil@home.example", "o'neil@home.example"),
        (normalise.email, "sam@exämple.com", "sam@xn--exmple-cua.com"),
    ],
)
def test_what_people_type_becomes_one_form(check, text, value):
    assert check(text) == value


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (normalise.mobile, "020 7946 0123"),
        (normalise.mobile, "07700 90012"),
        (normalise.mobile, "070 1234 5678"),
        (normalise.mobile, "0911 123 4567"),
        (normalise.mobile, "07911 123456 ext 5"),
        (normalise.landline, "07911 123456"),
        (normalise.landline, "0909 8790123"),
        (normalise.email, "sam@home"),
        (normalise.email, "sam home.example"),
        (normalise.email, "sam@home.example\nBcc: all@home.example"),
        (normalise.email, ""),
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(check, text):
    with pytest.raises(BadAddress, match=r"\w"):
        check(text)
