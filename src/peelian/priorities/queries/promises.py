"""Reads of promises: for staff in their areas, and for everybody what is public."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Case, Count, F, IntegerField, Prefetch, Q, QuerySet, Value, When

from peelian.accounts.models import Staff
from peelian.core import clock
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.priorities.errors import NoSuchPromise
from peelian.priorities.models import Issue, Priority, Promise, PromiseChange, PromisePaper
from peelian.priorities.queries.areas import in_scope
from peelian.priorities.queries.issues import family

SOON = timedelta(days=7)
LATELY = timedelta(days=183)
_State = Promise.State
SHOWN = {
    "open": "Open",
    "overdue": "Overdue",
    "drafts": "Not public yet",
    "ended": "Ended",
    "all": "All",
}


def _shown(show: str) -> Q:
    return {
        "open": Q(state=_State.OPEN),
        "overdue": Q(state=_State.OPEN, due_on__lt=clock.today()),
        "drafts": Q(state=_State.DRAFT),
        "ended": Q(state__in=Promise.ENDED),
    }.get(show, Q())


def promises_for(
    staff: Staff, *, show: str = "open", area: Area | None = None, mine: bool = False
) -> QuerySet[Promise]:
    """The promises of the person's areas; MINE: of those they own."""
    found = in_scope(Promise.objects.filter(_shown(show)), staff)
    if area is not None:
        found = found.filter(area__in=places.with_descendants([area.pk]))
    return (found.filter(owner=staff) if mine else found).select_related("area", "owner")


def promise_for(staff: Staff, ref: str) -> Promise:
    """One promise; NoSuchPromise when it is out of scope."""
    rows = in_scope(Promise.objects.filter(ref=ref), staff)
    found = rows.select_related("area", "owner", "team__organisation", "priority__sector").first()
    if found is None:
        raise NoSuchPromise("There is no such promise, or it lies outside your areas.")
    return found


def changes_of(promise: Promise, *, public: bool = False) -> QuerySet[PromiseChange]:
    """What was said about it, the first first; PUBLIC: without what waits to be published."""
    found = promise.changes.select_related("told", "written_by", "picture", "paper__file")
    found = found.defer("picture__content", "paper__file__content")
    return found.filter(published_at__isnull=False) if public else found


def waiting_change(promise: Promise) -> PromiseChange | None:
    """What waits to be published."""
    found = promise.changes.filter(published_at=None).select_related("written_by", "paper__file")
    return found.defer("paper__file__content").first()


def promises_due(staff: Staff) -> QuerySet[Promise]:
    """Open promises of the person's own that are overdue or due within a week, the first due first."""
    own = Promise.objects.filter(owner=staff, state=_State.OPEN, due_on__lte=clock.today() + SOON)
    return own.select_related("area").order_by("due_on", "pk")


def changes_to_publish(staff: Staff) -> QuerySet[PromiseChange]:
    """What others wrote about promises of the person's areas and nobody has published, the longest first."""
    waiting = PromiseChange.objects.filter(published_at=None, promise__in=in_scope(Promise.objects.all(), staff))
    return waiting.exclude(written_by=staff).select_related("promise__area").order_by("written_at")


def promises_of_issue(issue: Issue) -> QuerySet[Promise]:
    return Promise.objects.filter(issues__in=family([issue.pk])).select_related("area").distinct().order_by("-pk")


def promises_of_priority(priority: Priority) -> QuerySet[Promise]:
    return Promise.objects.filter(priority=priority).select_related("area").order_by("-pk")


# For residents --------------------------------------------------------------------------------------------------------


def _public(area: Area | None) -> QuerySet[Promise]:
    found = Promise.objects.exclude(state=_State.DRAFT)
    if area is not None:
        found = found.filter(area__in=places.with_descendants([area.pk]))
    return found.select_related("area", "team")


def public_promises(area: Area | None = None) -> QuerySet[Promise]:
    """What is public of an area and all below it, or of the force, newest first. `overdue` says for how many days an
    open promise is; `said`, `channel`, `area`, `will_do`, `due_on`, `did` and `state` may be shown, owner and issues
    never."""
    return _public(area).order_by("-published_at", "-pk")


def public_promises_first_overdue(area: Area | None = None) -> QuerySet[Promise]:
    """The same for a page of residents: those that wait first, the longest overdue at the top; then what ended."""
    is_open = When(state=_State.OPEN, then=Value(0))
    rows = _public(area).annotate(group=Case(is_open, default=Value(1), output_field=IntegerField()))
    return rows.order_by("group", F("ended_on").desc(nulls_last=True), "due_on", "pk")


def kept_lately(area: Area | None = None) -> QuerySet[Promise]:
    """ "You said, we did": what was kept, wholly or in part, in the last half year, newest first."""
    since = clock.today() - LATELY
    return (
        _public(area).filter(state__in=[_State.KEPT, _State.PARTLY], ended_on__gte=since).order_by("-ended_on", "-pk")
    )


def public_promise(ref: str) -> Promise:
    """One with what was said about it (`told_changes`); NoSuchPromise where it is not public."""
    said = changes_shown()
    found = _public(None).filter(ref=ref).prefetch_related(Prefetch("changes", said, "told_changes")).first()
    if found is None:
        raise NoSuchPromise
    return found


def is_still(promise: Promise) -> bool:
    """Whether nothing that residents read of it has changed since its page was made."""
    return _public(None).filter(pk=promise.pk, changed_at=promise.changed_at).exists()


def changes_shown() -> QuerySet[PromiseChange]:
    rows = PromiseChange.objects.filter(published_at__isnull=False).select_related("picture", "paper__file")
    return rows.defer("picture__content", "paper__file__content").order_by("published_at", "pk")


def promise_changes_since(moment: datetime) -> QuerySet[PromiseChange]:
    """What was published since a moment, the first first: for whoever passes it on."""
    found = PromiseChange.objects.filter(published_at__gt=moment).select_related("promise__area")
    return found.order_by("published_at", "pk")


def picture(key: str) -> PromiseChange:
    """A published picture with its bytes; NoSuchPromise otherwise."""
    found = PromiseChange.objects.filter(key=key, picture__isnull=False, published_at__isnull=False)
    one = found.select_related("picture").first() if key else None
    if one is None:
        raise NoSuchPromise
    return one


def public_paper(key: str) -> PromisePaper:
    """A paper that residents may get, with its bytes; NoSuchPromise otherwise."""
    there = PromisePaper.objects.filter(key=key, public=True, state=PromisePaper.State.SHOWN)
    one = there.filter(change__published_at__isnull=False).select_related("file").first()
    if one is None:
        raise NoSuchPromise
    return one


def paper_of(promise: Promise, change_id: int) -> PromisePaper:
    """A paper of a promise for staff, public or not, with its bytes; NoSuchPromise where it is not there."""
    there = PromisePaper.objects.filter(change__promise=promise, pk=change_id, state=PromisePaper.State.SHOWN)
    one = there.select_related("file", "change").first()
    if one is None:
        raise NoSuchPromise("There is no such file, or it waits for the virus scanner.")
    return one


def counts(area: Area | None = None) -> dict[str, int]:
    """How many public promises are open, how many of those overdue, and how many were kept, wholly or in part."""
    rows = _public(area).order_by()
    ended = Q(state__in=[_State.KEPT, _State.PARTLY])
    late = Q(state=_State.OPEN, due_on__lt=clock.today())
    return rows.aggregate(
        open=Count("pk", filter=Q(state=_State.OPEN)),
        overdue=Count("pk", filter=late),
        kept=Count("pk", filter=ended),
        could_not=Count("pk", filter=Q(state=_State.COULD_NOT)),
    )
