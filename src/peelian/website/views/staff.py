"""The website's pages, for editors: list, writing, picture, preview, publishing, history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core import clock, files
from peelian.core.errors import RuleBroken
from peelian.core.keyset import ROWS
from peelian.website import actions, errors, reading
from peelian.website.forms_staff import NewPageForm, PageFilter, PictureForm, ReviewForm, WordsForm
from peelian.website.models import Page, Version
from peelian.website.views.pages import shown

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@needs("website.figures")
def index(request: StaffRequest) -> HttpResponse:
    """Editors begin with the pages, others with how often they are looked at."""
    return redirect("website_staff:pages" if request.user.may("website.edit") else "website_staff:figures")


@require_safe
@needs("website.edit")
def pages(request: StaffRequest) -> HttpResponse:
    form = PageFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    show = reading.Show(wanted.get("kind", ""), wanted.get("state", ""))
    page = Paginator(reading.pages(show), ROWS).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    urls = {}
    for name, there, number in (
        ("previous_url", page.has_previous(), page.number - 1), ("next_url", page.has_next(), page.number + 1)
    ):  # fmt: skip
        asked["page"] = str(number)
        urls[name] = f"?{asked.urlencode()}" if there else ""
    narrowed = show != reading.Show()
    context = {
        "rows": page.object_list, "form": form, "found": page.paginator.count, "overdue": reading.overdue(),
        "narrowed": narrowed, "clear_url": request.path if narrowed else "", "kinds": Page.Kind.choices, **urls,
    }  # fmt: skip
    return render(request, "website/staff/pages.html", context)


@BOTH
@needs("website.edit")
def new(request: StaffRequest, kind: str) -> HttpResponse:
    if kind not in Page.Kind.values:
        raise errors.NoSuchPage
    suggested = {"review_on": reading.suggested_review(clock.today())}
    form = NewPageForm(kind, request.POST or None, initial=suggested)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.make_page(
                kind=kind, slug=given["slug"], language=given["language"], words=form.said(), by=request.user,
                **form.kept(),
            )  # fmt: skip
        except errors.AddressTaken as refused:
            form.add_error("slug", str(refused))
        except errors.AlreadyReviewed as refused:
            form.add_error("review_on", str(refused))
        else:
            messages.success(request, "Saved. Only editors see it until it is published.")
            return redirect("website_staff:page", made.pk)
    label = dict(Page.Kind.choices)[Page.Kind(kind)]
    return render(request, "website/staff/new.html", {"form": form, "kind": kind, "label": label})


@BOTH
@needs("website.edit")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    page = reading.to_edit(pk)
    newest = reading.newest(page)
    now = {name: getattr(newest, name) for name in ("title", "summary", "who", "words", "body")}
    now |= {"section": page.section, "sensitive": page.sensitive, "review_on": page.review_on, "seen": newest.number}
    form = WordsForm(page.kind, request.POST or None, initial=now)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.save(
                page=page, seen=form.cleaned_data["seen"] or 0, words=form.said(), by=request.user, **form.kept()
            )
        except errors.SavedMeanwhile:
            theirs = newest
            again = request.POST.copy()
            again["seen"] = str(newest.number)
            form.data = again
        except errors.AlreadyReviewed as refused:
            form.add_error("review_on", str(refused))
        else:
            messages.success(request, "Saved. Look at it, then publish it.")
            return redirect("website_staff:page", page.pk)
    context = {"form": form, "theirs": theirs, **_about(page, newest)}
    return render(request, "website/staff/edit.html", context)


def _about(page: Page, newest: Version) -> dict[str, Any]:
    """What stands beside every page about a page."""
    return {
        "page": page, "newest": newest, "waits": page.live_id != newest.pk,
        "overdue": page.live_id is not None and page.review_on <= clock.today(),
    }  # fmt: skip


@require_safe
@needs("website.edit")
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """The newest version as everybody would read it."""
    page = reading.to_edit(pk)
    return _previewed(request, page, reading.newest(page))


@require_safe
@needs("website.edit")
def version(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """An earlier version, as everybody would have read it."""
    page = reading.to_edit(pk)
    return _previewed(request, page, reading.version(page, number))


def _previewed(request: StaffRequest, page: Page, said: Version) -> HttpResponse:
    with translation.override(page.language):
        return render(request, "website/staff/preview.html", shown(page, said) | {"preview": True})


@require_safe
@needs("website.edit")
def history(request: StaffRequest, pk: int) -> HttpResponse:
    page = reading.to_edit(pk)
    rows = reading.history(page)
    return render(request, "website/staff/history.html", {"rows": rows, **_about(page, rows[0])})


@BOTH
@needs("website.edit")
def restore(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    page = reading.to_edit(pk)
    earlier = reading.version(page, number)
    if request.method == "POST":
        actions.restore(page=page, number=number, by=request.user)
        messages.success(request, f"Version {number} stands again as a new one. Look at it, then publish it.")
        return redirect("website_staff:page", page.pk)
    sentence = f"Go back to version {number}, “{earlier.title}”?"
    said = {"sentence": sentence, "button": f"Go back to version {number}", "page": page, "back": "history"}
    return render(request, "website/staff/confirm.html", said)


@BOTH
@needs("website.edit")
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    page = reading.to_edit(pk)
    newest = reading.newest(page)
    if request.method == "POST":
        actions.publish(page=page, by=request.user)
        messages.success(request, "Published. Everybody reads it within a minute.")
        return redirect("website_staff:page", page.pk)
    sentence = f"Publish “{newest.title}” for everybody?"
    points = [f"It stands at {page.get_absolute_url()}."]
    if page.live is not None:
        points.append("It takes the place of what stands there now, which stays in the history.")
    said = {"sentence": sentence, "button": "Publish", "points": points, "page": page, "back": "page"}
    return render(request, "website/staff/confirm.html", said)


@BOTH
@needs("website.edit")
def take_down(request: StaffRequest, pk: int) -> HttpResponse:
    page = reading.to_edit(pk)
    if request.method == "POST":
        actions.take_down(page=page, by=request.user)
        messages.success(request, "Taken down. It is gone for everybody within a minute, and kept here.")
        return redirect("website_staff:page", page.pk)
    sentence = f"Take “{reading.newest(page).title}” down?"
    said = {"sentence": sentence, "button": "Take it down", "kind": "warning", "page": page, "back": "page"}
    return render(request, "website/staff/confirm.html", said)


@BOTH
@needs("website.edit")
def review(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody read it over and it is right as it stands."""
    page = reading.to_edit(pk)
    form = ReviewForm(request.POST or None, initial={"next_on": reading.suggested_review(clock.today())})
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_review(page=page, next_on=form.cleaned_data["next_on"], by=request.user)
        except errors.AlreadyReviewed as refused:
            form.add_error("next_on", str(refused))
        else:
            messages.success(request, "Noted.")
            return redirect("website_staff:pages")
    sentence = f"Have you read “{reading.newest(page).title}” over, and is it right?"
    said = {"sentence": sentence, "button": "It is right", "page": page, "back": "page", "form": form}
    return render(request, "website/staff/confirm.html", said)


@BOTH
@needs("website.edit")
def picture(request: StaffRequest, pk: int) -> HttpResponse:
    page = reading.to_edit(pk)
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_picture(page=page, by=request.user)
        messages.success(request, "Removed. Publish the page for everybody to see it so.")
        return redirect("website_staff:page", page.pk)
    form = PictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = bytes(form.cleaned_data["file"].read())
        try:
            actions.put_picture(page=page, content=content, alt=form.cleaned_data["alt"], by=request.user)
        except RuleBroken as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, "Saved. Publish the page for everybody to see it.")
            return redirect("website_staff:page", page.pk)
    return render(request, "website/staff/picture.html", {"form": form, **_about(page, reading.newest(page))})


@require_safe
@needs("website.edit")
def picture_file(request: StaffRequest, pk: int, key: str) -> HttpResponse:
    """A picture of any version, published or not."""
    return files.show(reading.picture_to_edit(reading.to_edit(pk), key))
