"""What happens to pages. Each is one transaction with its row in the audit trail; the words are in the versions."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from peelian.accounts.models import Staff
from peelian.alerts.markdown import one_line, to_text
from peelian.audit.actions import record
from peelian.core import clock, files, painting
from peelian.core.languages import is_english
from peelian.website import errors
from peelian.website.models import Page, Picture, Version

PICTURE_LONGEST = 1_280  # points: twice the width of a page's column
FURTHEST_REVIEW = timedelta(days=2 * 366)


@dataclass(frozen=True)
class Words:
    """What a version says."""

    title: str
    summary: str
    body: str
    who: str = ""
    words: str = ""

    def clean(self) -> dict[str, str]:
        lines = {name: one_line(getattr(self, name)) for name in ("title", "summary", "who", "words")}
        return lines | {"body": self.body.replace("\r\n", "\n").replace("\x00", "").strip()}


@transaction.atomic
def make_page(
    *, kind: str, slug: str, language: str, words: Words, review_on: date, by: Staff, section: str = "",
    sensitive: bool = False,
) -> Page:  # fmt: skip
    """A draft with its first version. Raises AddressTaken and AlreadyReviewed."""
    _must_edit(by)
    check_review(review_on)
    given = {"section": section if kind == Page.Kind.ADVICE else "", "sensitive": sensitive, "review_on": review_on}
    page, is_new = Page.objects.get_or_create(kind=kind, slug=slug, language=language, defaults=given)
    if not is_new:
        raise errors.AddressTaken
    _version(page, words.clean(), None, by)
    record("page.made", "page", page.pk, by=by, page_kind=kind, slug=slug)
    return page


@transaction.atomic
def save(
    *, page: Page, seen: int, words: Words, review_on: date, by: Staff, section: str = "", sensitive: bool = False
) -> Version:
    """A new version, for editors to look at; what everybody reads stays. SEEN is the number of the version that the
    writer began from. Raises SavedMeanwhile and AlreadyReviewed. Saving the same again makes no version."""
    _must_edit(by)
    newest = _locked(page)
    if newest.number != seen:
        raise errors.SavedMeanwhile
    if review_on != page.review_on:
        check_review(review_on)
    page.section, page.sensitive, page.review_on = section, sensitive, review_on
    page.save(update_fields=["section", "sensitive", "review_on"])
    said = words.clean()
    if all(getattr(newest, name) == value for name, value in said.items()):
        return newest
    made = _version(page, said, newest.picture, by)
    record("page.saved", "page", page.pk, by=by, version=made.number)
    return made


@transaction.atomic
def restore(*, page: Page, number: int, by: Staff) -> Version:
    """An earlier version once more, as a new one that is not published yet. Raises NoSuchPage."""
    _must_edit(by)
    _locked(page)
    earlier = page.versions.filter(number=number).first()
    if earlier is None:
        raise errors.NoSuchPage
    said = {name: getattr(earlier, name) for name in ("title", "summary", "who", "words", "body")}
    made = _version(page, said, earlier.picture, by, note=f"As it was in version {number}")
    record("page.restored", "page", page.pk, by=by, version=made.number, earlier=number)
    return made


@transaction.atomic
def publish(*, page: Page, by: Staff) -> None:
    """Everybody reads the newest version. Raises NothingToPublish."""
    _must_edit(by)
    newest = _locked(page)
    if page.live_id == newest.pk:
        raise errors.NothingToPublish
    now = clock.now()
    config = "english" if is_english(page.language) else "simple"
    Page.objects.filter(pk=page.pk).update(
        live=newest,
        published_at=Coalesce("published_at", Value(now)),
        changed_at=now,
        search=_vector(newest, config),
    )
    page.refresh_from_db()
    record("page.published", "page", page.pk, by=by, version=newest.number)
    transaction.on_commit(painting.forget_all)


@transaction.atomic
def take_down(*, page: Page, by: Staff) -> None:
    """Nobody but editors reads it any more, within the minute. Raises NotPublished."""
    _must_edit(by)
    if not Page.objects.filter(pk=page.pk, live__isnull=False).update(live=None, search=None):
        raise errors.NotPublished
    page.refresh_from_db()
    record("page.taken_down", "page", page.pk, by=by)
    transaction.on_commit(painting.forget_all)


@transaction.atomic
def note_review(*, page: Page, next_on: date, by: Staff) -> None:
    """Somebody read it over and it is right; NEXT_ON is when it is to be read over again. Raises AlreadyReviewed."""
    _must_edit(by)
    check_review(next_on)
    Page.objects.filter(pk=page.pk).update(review_on=next_on)
    page.refresh_from_db()
    record("page.reviewed", "page", page.pk, by=by, until=next_on.isoformat())


@transaction.atomic
def put_picture(*, page: Page, content: bytes, alt: str, by: Staff) -> Version:
    """A new version with this picture. ALT says in words what it shows. Raises NoWords, and core.files' NotAPicture,
    TooLarge and Empty."""
    _must_edit(by)
    alt = one_line(alt)[:250]
    if not alt:
        raise errors.NoWords
    made = files.keep_picture(content, PICTURE_LONGEST)
    newest = _locked(page)
    picture = Picture.objects.create(
        page=page, file=made.file, key=secrets.token_urlsafe(16), alt=alt, width=made.width, height=made.height
    )
    return _pictured(page, newest, picture, by)


@transaction.atomic
def remove_picture(*, page: Page, by: Staff) -> Version:
    """A new version without one."""
    _must_edit(by)
    newest = _locked(page)
    return newest if newest.picture is None else _pictured(page, newest, None, by)


def _pictured(page: Page, newest: Version, picture: Picture | None, by: Staff) -> Version:
    said = {name: getattr(newest, name) for name in ("title", "summary", "who", "words", "body")}
    made = _version(page, said, picture, by, note="Another picture" if picture else "Without its picture")
    record("page.pictured", "page", page.pk, by=by, version=made.number)
    return made


def _version(page: Page, said: dict[str, Any], picture: Picture | None, by: Staff, note: str = "") -> Version:
    last = page.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return Version.objects.create(page=page, number=last + 1, picture=picture, by=by, at=clock.now(), note=note, **said)


def _locked(page: Page) -> Version:
    """The newest version of a page that nobody else changes until the transaction ends."""
    Page.objects.select_for_update().get(pk=page.pk)
    return page.versions.select_related("picture").order_by("-number")[0]


def _vector(said: Version, config: str) -> Any:
    return (
        SearchVector(Value(f"{said.title} {said.words}"), weight="A", config=config)
        + SearchVector(Value(f"{said.summary} {said.who}"), weight="B", config=config)
        + SearchVector(Value(to_text(said.body)), weight="C", config=config)
    )


def check_review(day: date) -> None:
    """Raises AlreadyReviewed."""
    if not clock.today() < day <= clock.today() + FURTHEST_REVIEW:
        raise errors.AlreadyReviewed


def _must_edit(by: Staff) -> None:
    if not by.may("website.edit"):
        raise errors.NotAllowed
