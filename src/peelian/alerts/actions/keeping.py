"""What communications keep for everybody who writes: the list of jargon, templates and snippets."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.alerts.actions.trail import must
from peelian.alerts.models import Jargon, SavedText
from peelian.audit.actions import record


@transaction.atomic
def keep_jargon(*, words: str, instead: str, by: Staff, entry: Jargon | None = None) -> Jargon:
    """Add words to the list, or change ENTRY. Raises NotAllowed."""
    must(by, "alerts.keep")
    entry = entry or Jargon()
    entry.words, entry.instead = words, instead
    verb = "alerts.jargon_changed" if entry.pk else "alerts.jargon_added"
    entry.save()
    record(verb, "jargon", str(entry.pk), by=by)
    return entry


@transaction.atomic
def remove_jargon(*, entry: Jargon, by: Staff) -> None:
    """Take words off the list; nobody is warned of them any more. Raises NotAllowed."""
    must(by, "alerts.keep")
    record("alerts.jargon_removed", "jargon", str(entry.pk), by=by)
    entry.delete()


@transaction.atomic
def keep_text(*, by: Staff, entry: SavedText | None = None, **fields: Any) -> SavedText:
    """Add a template or snippet, or change ENTRY. What was begun with it stays as it is. Raises NotAllowed."""
    must(by, "alerts.keep")
    entry = entry or SavedText()
    for name, value in fields.items():
        setattr(entry, name, value)
    verb = "alerts.text_changed" if entry.pk else "alerts.text_added"
    entry.save()
    record(verb, entry.kind, str(entry.pk), by=by)
    return entry


@transaction.atomic
def remove_text(*, entry: SavedText, by: Staff) -> None:
    """Nobody begins with it any more; what was begun with it stays. Raises NotAllowed."""
    must(by, "alerts.keep")
    record("alerts.text_removed", entry.kind, str(entry.pk), by=by)
    entry.delete()
