"""What communications keep for everybody who writes: the list of jargon."""

from __future__ import annotations

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.alerts.actions.trail import must
from peelian.alerts.models import Jargon
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
