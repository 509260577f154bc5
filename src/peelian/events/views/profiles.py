"""Staff pages of community profiles and engagement plans."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core.errors import RuleBroken
from peelian.events import actions, printed, sections
from peelian.events.errors import NoSuchEvent
from peelian.events.forms.profiles import ProfileForm
from peelian.events.models import Profile, ProfileVersion
from peelian.events.queries import profiles as queries

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@needs("events.read")
def listed(request: StaffRequest) -> HttpResponse:
    rows = queries.rows_for(request.user)
    fresh = sum(row.state in ("fresh", "soon") for row in rows)
    context = {"rows": rows, "fresh": fresh, "count": len(rows), "may_write": request.user.may("profiles.write")}
    return render(request, "events/profiles/list.html", context)


@require_safe
@needs("events.read")
def detail(request: StaffRequest, code: str, number: int | None = None) -> HttpResponse:
    """The newest version, or one before it; what is being written where there is none."""
    profile = queries.profile_for(request.user, code)
    version = queries.version(profile, number)
    if version is None and number is not None:
        raise NoSuchEvent
    newest = queries.version(profile)
    context = {
        "profile": profile,
        "version": version,
        "is_newest": version is None or version == newest,
        "parts": _parts(version.sections if version else profile.draft),
        "versions": list(profile.versions.select_related("by")),
        "changed": newest is not None and profile.draft != newest.sections,
        "may_write": request.user.may("profiles.write"),
    }
    return render(request, "events/profiles/profile.html", context)


def _parts(texts: dict[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(part, its sections with their text)."""
    return [
        (part, [(one.title, texts.get(one.code, "")) for one in sections.SECTIONS if one.part == part])
        for part in (sections.PROFILE, sections.PLAN)
    ]


@require_POST
@needs("profiles.write")
def begin(request: StaffRequest, code: str) -> HttpResponse:
    actions.begin_profile(area=queries.area_for(request.user, code), by=request.user)
    return redirect("events_staff:profile_edit", code)


@require_http_methods(GET_OR_POST)
@needs("profiles.write")
def edit(request: StaffRequest, code: str) -> HttpResponse:
    """Write it. "Keep it" keeps the draft, "It is refreshed" makes a version of it."""
    profile = queries.profile_for(request.user, code)
    form = ProfileForm(profile, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            done = _save(request, profile, form)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Version {done.number} is kept, with today’s date." if done else "We kept it.")
            return redirect("events_staff:profile", code)
    context = {"profile": profile, "form": form, "said": _said(profile)}
    return render(request, "events/profiles/edit.html", context)


def _save(request: StaffRequest, profile: Profile, form: ProfileForm) -> ProfileVersion | None:
    given = {"profile": profile, "edit": form.cleaned_data["edit"], "owner": form.cleaned_data["owner"]}
    if request.POST.get("do") == "refresh":
        return actions.finish_profile(texts=form.texts(), by=request.user, **given)
    actions.save_profile(texts=form.texts(), by=request.user, **given)
    return None


def _said(profile: Profile) -> list[tuple[str, str]]:
    """What the figures say today, for whoever refreshes."""
    found = sections.paragraphs(profile.area_id)
    return [(sections.BY_CODE[code].title, text) for code, text in found.items()]


@require_safe
@needs("events.read")
def paper(request: StaffRequest, code: str, number: int) -> HttpResponse:
    profile = queries.profile_for(request.user, code)
    version = queries.version(profile, number)
    if version is None:
        raise NoSuchEvent
    response = HttpResponse(printed.pdf(profile, version), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="profile-{profile.area.code}-{version.number}.pdf"'
    return response
