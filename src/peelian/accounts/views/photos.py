"""The photograph of a person or a team: one page for both."""

from __future__ import annotations

from base64 import b64encode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from peelian.accounts import actions
from peelian.accounts.door import StaffRequest
from peelian.accounts.forms import PhotoForm
from peelian.accounts.models import Staff, Team
from peelian.core.errors import RuleBroken
from peelian.core.models import StoredFile


def photo_of(request: StaffRequest, subject: Staff | Team, back: str, name: str) -> HttpResponse:
    """Put one, put another in its place, or remove it; then BACK to where the reader came from."""
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_photo(subject=subject, by=request.user)
        messages.success(request, "Removed. It is gone from every page.")
        return redirect(back)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = bytes(form.cleaned_data["file"].read())
        try:
            actions.put_photo(subject=subject, content=content, alt=form.cleaned_data["alt"], by=request.user)
        except RuleBroken as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, "Saved.")
            return redirect(back)
    said = {"form": form, "subject": subject, "back": back, "name": name, "is_team": isinstance(subject, Team)}
    said["picture"] = _within(subject.photo) if subject.photo else ""
    return render(request, "accounts/photo.html", said)


def _within(photo: StoredFile) -> str:
    """The photograph within the page: at its public address there is none while residents may not see it."""
    return f"data:{photo.media_type};base64,{b64encode(bytes(photo.content)).decode()}"
