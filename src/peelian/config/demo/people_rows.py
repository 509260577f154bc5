"""The members of the demonstration force as rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from peelian.config.demo.writing import copy, settle_ids
from peelian.contacts.models import Address
from peelian.members.models import (
    EMAIL,
    TEXT,
    Consent,
    EqualityAnswers,
    Group,
    GroupMembership,
    Member,
    Place,
    Topic,
    TopicChannel,
    Wording,
)

if TYPE_CHECKING:
    from peelian.config.demo.people import Population

NUMBERS = 1_000  # Ofcom keeps so many mobile and so many landline numbers for drama
FIRST_MOBILE, FIRST_LANDLINE = "+447700900", "+441632960"
HOSTS = ("home.example", "post.example", "letterbox.example", "heartshire-mail.example")
SOURCES = ("web", "import", "door", "event", "street")
SEXES = ("female", "male", "")
DISABILITIES = ("none", "limited-a-little", "limited-a-lot", "")
# Census 2021 slugs (members.categories) within each of people.BACKGROUNDS
ETHNIC_GROUPS = (
    ("white-british", "white-british", "white-british", "white-british", "white-other", "white-irish"),
    ("asian-pakistani", "asian-indian", "asian-bangladeshi", "asian-other", "asian-chinese"),
    ("black-caribbean", "black-african", "black-other"),
    ("mixed-white-black-caribbean", "mixed-white-asian", "mixed-other"),
    ("arab", "other"),
)
PRIVACY = (
    "The notice of the demonstration force: we keep what you tell us in order to send you the messages you choose."
)
GROUPS = (
    ("cctv-owners", "CCTV owners", "Homes and shops with a camera that looks onto the street.", 0.04),
    ("dog-walkers", "Dog walkers", "People who are out early and late and notice things.", 0.05),
    ("shopkeepers", "Shopkeepers", "Shops that pass word of thefts to one another.", 0.03),
    ("allotments", "Allotment holders", "Plot holders of all allotment sites.", 0.015),
    ("school-parents", "School parents", "Parents who help with parking and safety at the gates.", 0.06),
    ("horse-owners", "Horse owners", "Stables, fields and riders.", 0.01),
)


def write(rng: np.random.Generator, people: Population, names: list[tuple[str, str]], streets: list[str]) -> None:
    """Write addresses first, then members, then what hangs on them."""
    emails = _emails(people, names)
    copy(
        Address, ("id", "kind", "value", "verified_at", "suppression", "suppressed_at"), _addresses(rng, people, emails)
    )
    copy(Member, _MEMBER, _members(rng, people, names, streets))
    copy(Place, ("member_id", "label", "postcode", "longitude", "latitude", "cell", "area_id"), _places(rng, people))
    topic = Topic.objects.get(slug="residential-storm").pk
    both = np.flatnonzero(
        (people.email > 0) & (people.mobile > 0) & people.confirmed & (rng.random(len(people)) < 0.05)
    )
    copy(TopicChannel, ("member_id", "topic_id", "channels"), ((int(at) + 1, topic, EMAIL | TEXT) for at in both))
    copy(GroupMembership, ("group_id", "member_id", "since"), list(_memberships(rng, people)))
    wording = Wording.objects.create(kind="privacy", version="demonstration", text=PRIVACY)
    copy(Consent, ("member_id", "wording_id", "how", "given_at"), _consents(people, wording.pk))
    copy(
        EqualityAnswers,
        ("member_id", "birth_year", "sex", "ethnic_group", "disability", "origin_code"),
        _answers(rng, people),
    )
    settle_ids(Address, Member)


def _emails(people: Population, names: list[tuple[str, str]]) -> dict[int, tuple[str, bool]]:
    """Address id → the address and whether nothing goes there."""
    found: dict[int, tuple[str, bool]] = {}
    for at in np.flatnonzero(people.email > 0):
        number = int(people.email[at])
        if number not in found:
            first, last = names[at]
            word = f"{first}.{last}".lower().replace("-", "") if first else "resident"
            found[number] = (f"{word}.{number}@{HOSTS[number % len(HOSTS)]}", bool(people.stopped[at]))
    return found


def _addresses(
    rng: np.random.Generator, people: Population, emails: dict[int, tuple[str, bool]]
) -> Iterator[tuple[Any, ...]]:
    now = people.today - timedelta(days=3)
    why = rng.choice(["bounced", "complained", "stopped"], len(emails) + 1, p=[0.6, 0.1, 0.3])
    for number, (value, stopped) in sorted(emails.items()):
        yield number, Address.Kind.EMAIL, value, now, str(why[number]) if stopped else "", now if stopped else None
    last = len(emails)
    used = set(np.concatenate([people.mobile, people.landline]).tolist())
    kinds = ((Address.Kind.MOBILE, FIRST_MOBILE), (Address.Kind.LANDLINE, FIRST_LANDLINE))
    for block, (kind, first) in enumerate(kinds):
        for number in range(NUMBERS):
            own_id = last + 1 + block * NUMBERS + number
            if own_id in used:
                yield own_id, kind, f"{first}{number:03d}", now, "", None


_MEMBER = (
    "id", "external_id", "first_name", "last_name", "email_id", "mobile_id", "landline_id", "street_address",
    "postcode", "longitude", "latitude", "cell", "area_id", "language", "interests", "channels", "organisations",
    "promotion", "young", "source", "joined_on",
    "confirmed_at", "confirm_asked_at",
)  # fmt: skip


def _members(
    rng: np.random.Generator, people: Population, names: list[tuple[str, str]], streets: list[str]
) -> Iterator[tuple[Any, ...]]:
    from peelian.config.demo.people import LANGUAGES, moment

    house, source = (
        rng.integers(1, 120, len(people)),
        rng.choice(len(SOURCES), len(people), p=[0.5, 0.2, 0.12, 0.12, 0.06]),
    )
    minute, gives = rng.integers(7 * 60, 21 * 60, len(people)), rng.random(len(people)) < 0.6
    for at in range(len(people)):
        placed, postcode = bool(people.placed[at]), int(people.postcode[at])
        street = f"{house[at]} {streets[postcode]}" if placed and gives[at] else ""
        joined = moment(people.today, people.joined[at], minute[at])
        confirmed = joined + timedelta(minutes=int(house[at])) if people.confirmed[at] else None
        yield (
            at + 1, f"D{at + 1:06d}", *names[at],
            *(int(ids[at]) or None for ids in (people.email, people.mobile, people.landline)),
            street, people.postcodes[postcode][0] if placed else "",
            *(int(part[at]) if placed else None for part in (people.longitude, people.latitude, people.cell)),
            (int(people.area[at]) or None) if placed else None, LANGUAGES[people.language[at]],
            int(people.interests[at]), int(people.channels[at]), int(people.organisations[at]),
            bool(people.promotion[at]), people.today.year - int(people.birth_year[at]) < 18, SOURCES[source[at]],
            joined.date(), confirmed, joined if source[at] != 1 or confirmed else None,
        )  # fmt: skip


def _places(rng: np.random.Generator, people: Population) -> Iterator[tuple[Any, ...]]:
    """One or two further places for some: the postcode and the position of another member's home."""
    homes = np.flatnonzero(people.placed)
    for at in np.flatnonzero(rng.random(len(people)) < 0.06):
        for label in ("Work", "A parent’s home")[: 1 + int(rng.random() < 0.25)]:
            other = int(rng.choice(homes))
            where = (int(part[other]) for part in (people.longitude, people.latitude, people.cell))
            area = int(people.area[other]) or None
            yield int(at) + 1, label, people.postcodes[people.postcode[other]][0], *where, area


def _memberships(rng: np.random.Generator, people: Population) -> Iterator[tuple[Any, ...]]:
    for slug, name, about, share in GROUPS:
        group = Group.objects.create(slug=slug, name=name, about=about)
        for at in np.flatnonzero(rng.random(len(people)) < share):
            yield group.pk, int(at) + 1, people.today - timedelta(days=int(people.joined[at]) // 2)


def _consents(people: Population, wording: int) -> Iterator[tuple[Any, ...]]:
    for at in range(len(people)):
        yield at + 1, wording, "web", people.today - timedelta(days=int(people.joined[at]))


def _answers(rng: np.random.Generator, people: Population) -> Iterator[tuple[Any, ...]]:
    """Seven in ten adults answer some of it."""
    chance = rng.random((len(people), 4))
    sex = rng.choice(len(SEXES), len(people), p=[0.55, 0.41, 0.04])
    limited = rng.choice(len(DISABILITIES), len(people), p=[0.7, 0.13, 0.09, 0.08])
    for at in np.flatnonzero((chance[:, 0] < 0.7) & (people.today.year - people.birth_year >= 18)):
        group = ETHNIC_GROUPS[people.background[at]]
        ethnic = group[int(chance[at, 2] * len(group))] if chance[at, 1] < 0.9 else ""
        year = int(people.birth_year[at]) if chance[at, 3] < 0.95 else None
        taken_for = (int(people.background[at]) + (chance[at, 0] % 0.1 > 0.085)) % len(ETHNIC_GROUPS)
        origin = f"invented-{taken_for + 1}"  # as residents.ORIGINS
        yield int(at) + 1, year, SEXES[sex[at]], ethnic, DISABILITIES[limited[at]], origin
