"""Community profiles and engagement plans: begun with what our figures say, written, refreshed once a year."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.accounts.queries import nearest_team
from peelian.audit.actions import record
from peelian.core import clock
from peelian.events import errors, sections
from peelian.events.models import Profile, ProfileVersion
from peelian.places.models import Area


@transaction.atomic
def begin_profile(*, area: Area, by: Staff) -> Profile:
    """A draft with the paragraphs that our figures fill; the one that is there where somebody began before. Raises
    NoTeam."""
    found = Profile.objects.filter(area=area).first()
    if found is not None:
        return found
    team = nearest_team(area)
    if team is None:
        raise errors.NoTeam
    now = clock.now()
    made, is_new = Profile.objects.get_or_create(
        area=area,
        defaults={
            "team": team, "owner": by, "draft": sections.paragraphs(area.pk), "begun_at": now, "saved_at": now,
        },
    )  # fmt: skip
    if is_new:
        record("profile.begun", "profile", made.pk, by=by, area=area.pk, team=team.pk)
    return made


@transaction.atomic
def save_profile(
    *, profile: Profile, edit: int, texts: Mapping[str, str], owner: Staff | None, by: Staff
) -> Profile:  # fmt: skip
    """Keep what was written. EDIT is the number the writer had before them. Raises SavedMeanwhile."""
    found = Profile.objects.select_for_update().get(pk=profile.pk)
    if found.edit != edit:
        raise errors.SavedMeanwhile
    found.draft, found.owner, found.edit, found.saved_at = sections.cleaned(texts), owner, edit + 1, clock.now()
    found.save()
    record("profile.saved", "profile", found.pk, by=by, parts=len(found.draft))
    return found


@transaction.atomic
def refresh_profile(*, profile: Profile, by: Staff) -> ProfileVersion:
    """What is written now is the profile and plan from today on; the one before stays to be read. Raises
    NothingWritten where the profile or the plan is empty."""
    found = Profile.objects.select_for_update().get(pk=profile.pk)
    parts = {sections.BY_CODE[code].part for code in found.draft if code in sections.BY_CODE}
    if parts != {sections.PROFILE, sections.PLAN}:
        raise errors.NothingWritten
    newest = found.versions.first()
    made = found.versions.create(
        number=newest.number + 1 if newest else 1, sections=found.draft, by=by, on=clock.today()
    )
    Profile.objects.filter(pk=found.pk).update(refreshed_on=made.on)
    record("profile.refreshed", "profile", found.pk, by=by, version=made.number)
    return made


@transaction.atomic
def finish_profile(
    *, profile: Profile, edit: int, texts: Mapping[str, str], owner: Staff | None, by: Staff
) -> ProfileVersion:  # fmt: skip
    """Keep what was written and say that it is refreshed: both or neither."""
    return refresh_profile(profile=save_profile(profile=profile, edit=edit, texts=texts, owner=owner, by=by), by=by)
