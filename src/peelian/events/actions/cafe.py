"""A World Café: its questions and tables, notes, themes, what we learned, and giving it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import SYSTEM, record
from peelian.core import clock, limits
from peelian.core.references import new_ref
from peelian.events import errors
from peelian.events.actions import telling
from peelian.events.models import CafeInsight, CafeNote, CafeRound, CafeTable, CafeTheme, Event, Telling
from peelian.events.queries import coming

KEY = 20  # letters of 27: 95 bits
NOTES_AN_HOUR = 200  # of one table


@transaction.atomic
def set_up_cafe(*, event: Event, questions: Sequence[str], hosts: Sequence[str], by: Staff) -> None:
    """These QUESTIONS in turn, and a table for each of HOSTS. What is left out goes; not where something was noted
    already. Raises NotACafe, HasNotes."""
    if event.kind != Event.Kind.CAFE:
        raise errors.NotACafe
    Event.objects.select_for_update().get(pk=event.pk)
    gone = CafeNote.objects.filter(round__event=event, round__number__gt=len(questions))
    gone |= CafeNote.objects.filter(round__event=event, table__number__gt=len(hosts))
    if gone.exists():
        raise errors.HasNotes
    for number, question in enumerate(questions, 1):
        CafeRound.objects.update_or_create(event=event, number=number, defaults={"question": question})
    for number, host in enumerate(hosts, 1):
        CafeTable.objects.update_or_create(
            event=event, number=number, defaults={"host": host}, create_defaults={"host": host, "key": new_ref(KEY)}
        )  # fmt: skip
    event.rounds.filter(number__gt=len(questions)).delete()
    event.tables.filter(number__gt=len(hosts)).delete()
    record("cafe.set_up", "event", event.ref, by=by, rounds=len(questions), tables=len(hosts))


@transaction.atomic
def note_at_table(*, table: CafeTable, number: int, said: str) -> CafeNote:
    """A host keeps a note of their table, by their link. Raises NoSuchRow, TooMany."""
    limits.limit(f"cafe-{table.pk}", most=NOTES_AN_HOUR, window=timedelta(hours=1))
    made = CafeNote.objects.create(round=_round(table.event, number), table=table, said=said, at=clock.now())
    record("cafe.noted", "event", table.event.ref, by=SYSTEM, note=made.pk, table=table.number)
    return made


@transaction.atomic
def note_typed(*, event: Event, table: CafeTable, number: int, said: str, by: Staff) -> CafeNote:
    """Typed from paper afterwards. Raises NoSuchRow."""
    made = CafeNote.objects.create(round=_round(event, number), table=table, said=said, by=by, at=clock.now())
    record("cafe.noted", "event", event.ref, by=by, note=made.pk, table=table.number)
    return made


def _round(event: Event, number: int) -> CafeRound:
    found = event.rounds.filter(number=number).first()
    if found is None:
        raise errors.NoSuchRow
    return found


@transaction.atomic
def take_back_note(*, table: CafeTable, pk: int) -> None:
    """A host takes a note of their own table away, within the hour. Raises NoSuchRow."""
    lately = CafeNote.objects.filter(pk=pk, table=table, by=None, at__gt=clock.now() - timedelta(hours=1))
    if not lately.delete()[0]:
        raise errors.NoSuchRow
    record("cafe.note_removed", "event", table.event.ref, by=SYSTEM, note=pk)


@transaction.atomic
def tag_notes(*, event: Event, note_ids: Iterable[int], theme: str, by: Staff) -> int:
    """Put the ticked notes under a theme, which is made where it is new; returns how many."""
    found, _ = CafeTheme.objects.get_or_create(event=event, title=theme.strip())
    ids = list(CafeNote.objects.filter(round__event=event, pk__in=list(note_ids)).values_list("pk", flat=True))
    found.notes.add(*ids)
    record("cafe.tagged", "event", event.ref, by=by, theme=found.pk, notes=len(ids))
    return len(ids)


@transaction.atomic
def untag_notes(*, event: Event, note_ids: Iterable[int], by: Staff) -> int:
    """Take every theme from the ticked notes; a theme that nothing is under any more goes, unless we learned from
    it."""
    rows = CafeNote.objects.filter(round__event=event, pk__in=list(note_ids))
    for row in rows:
        row.themes.clear()
    learned = event.insights.exclude(theme=None).values("theme")
    event.themes.filter(notes=None).exclude(pk__in=learned).delete()
    record("cafe.untagged", "event", event.ref, by=by, notes=len(rows))
    return len(rows)


@transaction.atomic
def remove_note(*, event: Event, pk: int, by: Staff) -> None:
    """Such as one that names somebody. Raises NoSuchRow."""
    if not CafeNote.objects.filter(round__event=event, pk=pk).delete()[0]:
        raise errors.NoSuchRow
    record("cafe.note_removed", "event", event.ref, by=by, note=pk)


@transaction.atomic
def add_insight(*, event: Event, learned: str, theme: CafeTheme | None, by: Staff) -> CafeInsight:
    made = CafeInsight.objects.create(event=event, learned=learned, theme=theme)
    record("cafe.learned", "event", event.ref, by=by, insight=made.pk)
    return made


@transaction.atomic
def remove_insight(*, event: Event, pk: int, by: Staff) -> None:
    if not event.insights.filter(pk=pk).delete()[0]:
        raise errors.NoSuchRow
    record("cafe.insight_removed", "event", event.ref, by=by, insight=pk)


@transaction.atomic
def publish_back(*, event: Event, story: str, published: bool, by: Staff) -> None:
    """What was said and learned stands on the event's page, with what happens next; or no longer. Raises
    NothingLearned, NotForResidents."""
    if published and not event.insights.exists():
        raise errors.NothingLearned
    if published and not event.public:
        raise errors.NotForResidents
    stamp = (event.cafe_published_at or clock.now()) if published else None
    Event.objects.filter(pk=event.pk).update(cafe_next=story.strip(), cafe_published_at=stamp)
    event.refresh_from_db()
    record("cafe.published" if published else "cafe.withdrawn", "event", event.ref, by=by)


@transaction.atomic
def send_back(*, event: Event, by: Staff) -> int:
    """Tell those who asked to hear what came of it, once each. Raises NotPublished. Returns how many."""
    found = Event.objects.select_for_update().get(pk=event.pk)
    if found.cafe_published_at is None:
        raise errors.BackNotPublished
    if found.cafe_sent_at is not None:
        return 0
    told = telling.tell(found, Telling.What.BACK, coming.to_tell_back(found), _named(found))
    Event.objects.filter(pk=event.pk).update(cafe_sent_at=clock.now())
    record("cafe.sent_back", "event", event.ref, by=by, people=told)
    return told


def _named(event: Event) -> list[telling.Whom]:
    """Those who came and gave an address, in the language they read where we know it."""
    rows = event.attendees.filter(wants_back=True, address__suppression="").select_related("address")
    addresses = [row.address for row in rows if row.address is not None]
    read = coming.languages_read(addresses)
    return [telling.Whom(address, language=read.get(address.pk, "")) for address in addresses]
