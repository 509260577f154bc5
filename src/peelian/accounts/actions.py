"""What happens to people and teams. Each is one transaction with its row in the audit trail."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.text import slugify

from peelian.accounts import links, queries, sessions
from peelian.accounts.errors import Disabled, ForTheWholeForce, KnownAlready, LastAdministrator, NotYourself, NoWords
from peelian.accounts.models import Organisation, Staff, Team
from peelian.accounts.roles import FOR_THE_FORCE, Role
from peelian.audit.actions import SYSTEM, Actor, record
from peelian.core import clock, files
from peelian.places.models import Area

UNUSED = timedelta(days=90)
PHOTO_LONGEST = 640  # points


@transaction.atomic
def add_staff(
    *, email: str, role: str, areas: Sequence[Area], teams: Sequence[Team], by: Actor, name: str = ""
) -> Staff:
    """Make an account that waits to be set up. Raises KnownAlready and ForTheWholeForce. No areas: the whole force."""
    _check_areas(role, areas)
    email = email.strip().lower()
    if Staff.objects.filter(email=email).exists():
        raise KnownAlready
    staff = Staff(email=email, name=name.strip(), role=role)
    staff.set_unusable_password()
    staff.save()
    staff.scope.set(areas)
    staff.teams.set(teams)
    record("staff.added", "staff", staff.pk, by=by, **_shape(staff))
    return staff


@transaction.atomic
def change_staff(
    *, staff: Staff, name: str, role: str, areas: Sequence[Area], teams: Sequence[Team], by: Staff
) -> None:
    """Give somebody another role, scope or teams. An administrator's own are another's to change, and teams that the
    administrator does not see stay as they are. Raises ForTheWholeForce, NotYourself and LastAdministrator."""
    _check_areas(role, areas)
    before = _shape(staff)
    seen = set(queries.teams_in_scope(by).values_list("pk", flat=True))
    staff.name, staff.role = name.strip(), role
    staff.save(update_fields=["name", "role"])
    staff.scope.set(areas)
    staff.teams.set([*teams, *staff.teams.exclude(pk__in=seen)])
    after = _shape(staff)
    if staff.pk == by.pk and (before["role"], before["areas"]) != (after["role"], after["areas"]):
        raise NotYourself
    if before["role"] == Role.ADMINISTRATOR and role != Role.ADMINISTRATOR:
        _keep_an_administrator()
    record("staff.changed", "staff", staff.pk, by=by, before=before, after=after)


def _check_areas(role: str, areas: Sequence[Area]) -> None:
    """Roles are given here and nowhere else. A database constraint cannot see role and areas at once: they lie in two
    tables."""
    if role in FOR_THE_FORCE and areas:
        raise ForTheWholeForce


def _shape(staff: Staff) -> dict[str, object]:
    return {
        "role": str(staff.role),
        "areas": sorted(staff.scope.values_list("code", flat=True)),
        "teams": sorted(staff.teams.values_list("slug", flat=True)),
    }


def _keep_an_administrator() -> None:
    if not queries.able_administrators().exists():
        raise LastAdministrator


@transaction.atomic
def disable(*, staff: Staff, by: Actor, why: str = "by an administrator") -> None:
    """Shut an account: nobody can sign in with it, and whoever is signed in is so no longer. Twice is once."""
    if isinstance(by, Staff) and staff.pk == by.pk:
        raise NotYourself
    if not Staff.objects.filter(pk=staff.pk, is_active=True).update(is_active=False, disabled_at=clock.now()):
        return
    if staff.role == Role.ADMINISTRATOR and not staff.pending:
        _keep_an_administrator()
    record("staff.disabled", "staff", staff.pk, by=by, why=why)


@transaction.atomic
def enable(*, staff: Staff, by: Actor) -> None:
    """Open a disabled account again, with the password and second step it had."""
    changed = Staff.objects.filter(pk=staff.pk, is_active=False).update(
        is_active=True, disabled_at=None, enabled_at=clock.now()
    )
    if changed:
        record("staff.enabled", "staff", staff.pk, by=by)


@transaction.atomic
def make_link(*, staff: Staff, by: Actor) -> str:
    """A new one-time link to set up password and second step. Older links end, and so do the password and the second
    steps the person had (a lost phone)."""
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    if isinstance(by, Staff) and staff.pk == by.pk:
        raise NotYourself
    if not staff.is_active:
        raise Disabled
    able = staff.role == Role.ADMINISTRATOR and not staff.pending
    staff.set_unusable_password()
    staff.save(update_fields=["password"])
    if able and isinstance(by, Staff):
        _keep_an_administrator()
    sessions.forget_second_steps(staff)
    record("staff.link_made", "staff", staff.pk, by=by)
    return links.make(staff)


def send_link(*, staff: Staff, link: str) -> None:
    """Mail the link to the person. It is not kept anywhere."""
    text = (
        f"You have an account for {settings.PEELIAN_SERVICE_NAME}, the neighbourhood alerts of"
        f" {settings.PEELIAN_FORCE_NAME}.\n\n"
        f"Set it up here within {links.GOOD_FOR.days} days; the link works once:\n\n{link}\n\n"
        "You choose a password and a second step: an app on your phone or a passkey.\n\n"
        "If you did not expect this, leave it; without you nothing happens.\n"
    )
    EmailMessage(f"Set up your account for {settings.PEELIAN_SERVICE_NAME}", text, to=[staff.email]).send()


@transaction.atomic
def set_up(*, token: str, password: str) -> Staff:
    """Use a set-up link. Raises links.BadLink the second time, even when both come at once."""
    staff = links.read(token, lock=True)
    staff.set_password(password)
    staff.save(update_fields=["password"])
    record("staff.set_up", "staff", staff.pk, by=staff)
    return staff


@transaction.atomic
def change_profile(*, staff: Staff, job_title: str, show_name: bool) -> None:
    """What a person says about themselves in public. Withdrawn, the name is gone from every page at once: pages ask."""
    staff.job_title, staff.show_name = job_title.strip(), show_name
    staff.save(update_fields=["job_title", "show_name"])
    record("staff.profile_changed", "staff", staff.pk, by=staff, show_name=show_name)


@transaction.atomic
def save_team(
    *,
    team: Team | None,
    name: str,
    organisation: Organisation,
    areas: Iterable[Area],
    people: Iterable[Staff],
    public_email: str,
    public_phone: str,
    about: str,
    by: Staff,
    social: str = "",
) -> Team:
    """Make a team, or change one. People whom the administrator does not see stay in it."""
    verb = "team.changed" if team else "team.added"
    team = team or Team(slug=_free_slug(name))
    team.name, team.organisation = name.strip(), organisation
    team.public_email, team.public_phone, team.about, team.social = public_email, public_phone, about, social
    team.save()
    unseen = team.people.exclude(pk__in=queries.staff_in_scope(by).values("pk"))
    team.areas.set(areas)
    team.people.set([*people, *unseen])
    shape = {
        "organisation": organisation.slug,
        "areas": sorted(team.areas.values_list("code", flat=True)),
        "people": sorted(team.people.values_list("pk", flat=True)),
    }
    record(verb, "team", team.slug, by=by, **shape)
    return team


@transaction.atomic
def put_photo(*, subject: Staff | Team, content: bytes, alt: str, by: Staff) -> None:
    """Give a person or team a photograph, in place of the one before, whose address then leads nowhere. ALT says in
    words what it shows. Raises NoWords, and core.files' NotAPicture, TooLarge and Empty."""
    alt = " ".join(alt.split())[:250]
    if not alt:
        raise NoWords
    subject.photo = files.keep_picture(content, PHOTO_LONGEST).file
    subject.photo_alt, subject.photo_key = alt, secrets.token_urlsafe(16)
    subject.save(update_fields=["photo", "photo_alt", "photo_key"])
    record(f"{_kind(subject)}.photo_put", _kind(subject), _key(subject), by=by)


@transaction.atomic
def remove_photo(*, subject: Staff | Team, by: Staff) -> None:
    """Its address leads nowhere at once; its bytes go in the night."""
    subject.photo, subject.photo_alt, subject.photo_key = None, "", None
    subject.save(update_fields=["photo", "photo_alt", "photo_key"])
    record(f"{_kind(subject)}.photo_removed", _kind(subject), _key(subject), by=by)


def _kind(subject: Staff | Team) -> str:
    return "staff" if isinstance(subject, Staff) else "team"


def _key(subject: Staff | Team) -> int | str:
    return subject.pk if isinstance(subject, Staff) else subject.slug


def _free_slug(name: str) -> str:
    base = slugify(name)[:40] or "team"
    taken = set(Team.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in [base, *(f"{base}-{n}" for n in range(2, 10_000))] if slug not in taken)


def disable_unused() -> int:
    """Disable what nobody has used for 90 days; returns how many. The administrator seen last stays."""
    last = queries.able_administrators().first()
    disabled = 0
    for staff in queries.unused_since(clock.now() - UNUSED):
        if last is not None and staff.pk == last.pk:
            continue
        disable(staff=staff, by=SYSTEM, why="not used for 90 days")
        disabled += 1
    return disabled
