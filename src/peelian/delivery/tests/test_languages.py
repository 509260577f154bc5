"""A message in the language that each recipient asked for, rendered once for each language of a send."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator

import pytest

from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.messages import TOKEN, EmailParts, Spoken
from peelian.delivery import actions, costs
from peelian.delivery.carriers.twilio import twiml
from peelian.delivery.hooks import renderers
from peelian.delivery.models import Lane, Outgoing, Send, State
from peelian.delivery.queries import may_be_spoken
from peelian.delivery.tests.conftest import states, work_here
from peelian.members.models import Member

pytestmark = pytest.mark.usefixtures("ledger")
LANGUAGES = ["en", "ur", "pl", "en-GB"]


class InLanguages:
    translated = True

    def __init__(self) -> None:
        self.rendered: Counter[tuple[str, str]] = Counter()

    def email(self, object_id: int, language: str = "") -> EmailParts:
        self.rendered["email", language] += 1
        text = f"in {language or 'no language'}: https://now.example/m/{TOKEN}/\n"
        return EmailParts(subject=f"In {language}", text=text, html="", from_name="Elm Bridge team")

    def text(self, object_id: int, language: str = "") -> str:
        self.rendered["text", language] += 1
        return f"in {language} https://now.example/m/{TOKEN}/"

    def voice(self, object_id: int, language: str = "") -> str:
        return Spoken(f"in {language}", language if may_be_spoken(language) else "en-GB")


@pytest.fixture
def renderer() -> Iterator[InLanguages]:
    one = InLanguages()
    renderers.add("delivery.languages", one)
    yield one
    del renderers._items["delivery.languages"]


def open_in(languages: list[str], channel: int = 1, **more: object) -> Send:
    """A send to a member for each language, and to an address that is nobody's."""
    kind, field, value = (1, "email", "m{}@home.example") if channel == 1 else (2, "mobile", "+4477009{:05}")
    ids = []
    for number, language in enumerate(languages):
        address = Address.objects.create(kind=kind, value=value.format(number))
        given = {"confirmed_at": clock.now(), "joined_on": datetime.date(2026, 1, 1), "language": language}
        ids.append((Member.objects.create(**given, **{field: address}).pk, address.pk))
    nobody = Address.objects.create(kind=kind, value=value.format(999))
    values = ", ".join(f"({address}, {member})" for member, address in ids)
    rows = (
        f"SELECT address_id::bigint, member_id::bigint, {channel} AS channel FROM"
        f" (VALUES {values}, ({nobody.pk}, NULL)) AS v(address_id, member_id) ORDER BY 1",
        {},
    )
    return actions.open_send(renderer="delivery.languages", object_id=1, lane=Lane.ROUTINE, rows=rows, **more)


def test_everybody_gets_their_own_language(renderer):
    send = open_in(LANGUAGES * 30)
    work_here(send)
    assert states(send) == {State.HANDED_OVER: 121}
    found = Counter(Outgoing.objects.values_list("subject", flat=True))
    assert found == {"In en": 30, "In ur": 30, "In pl": 30, "In en-GB": 30, "In": 1}
    assert set(renderer.rendered.values()) == {1}, "once for each language of the send"


def test_texts_too(renderer):
    work_here(open_in(LANGUAGES, channel=2))
    said = sorted(bytes(one)[:5].decode() for one in Outgoing.objects.values_list("content", flat=True))
    assert said == ["in  h", "in en", "in en", "in pl", "in ur"]


def test_what_texts_cost_is_counted_by_language(renderer):
    send = open_in(["en", "ur", "ur", "pl"], channel=2, text_parts=1, language_parts={"ur": 2})
    by_channel, more = costs._recipients(send)
    assert (sum(by_channel.values()), more) == (5, 2)
    assert costs.parts_in(send, "ur") == 2
    assert costs.parts_in(send, "pl") == 1


def test_a_call_is_in_the_language_of_its_words(renderer):
    from peelian.delivery.desk import _render

    made = _render(1, "delivery.languages", 1, Lane.ROUTINE, 4, "pl")
    assert made.language == "pl"
    assert 'language="pl-PL"' in twiml.call(made.fill(1, "").decode(), language=made.language)
    assert _render(1, "delivery.languages", 1, Lane.ROUTINE, 4, "ur").language == "en-GB"
    assert 'voice="Polly.Zeina" language="arb"' in twiml.call("سلام", language="ar")
    assert 'language="en-GB"' in twiml.call("Hello", language="ur"), "no voice speaks it"
