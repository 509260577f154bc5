"""The register of personal data: every model that holds or points to a person says why, on what basis, for how
long, and
what happens to it when the person asks. docs/reference/personal-data.md is made from it (a test compares)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from peelian.core.registries import Registry


@dataclass(frozen=True)
class Declaration:
    """What the force can answer about one model.

    `expire` deletes (or empties) what is past its retention at a given moment and returns how many rows that were;
    it runs every night and skips people under a legal hold. None where retention follows another model's.
    """

    purpose: str
    lawful_basis: str
    retention: str
    export: str
    erase: str
    expire: Callable[[datetime], int] | None = None


# Keyed by model label, "members.Member"; filled by each app's personal_data module from ready()
register: Registry[Declaration] = Registry("personal_data")

PUBLIC_TASK = "Public task (UK GDPR Article 6(1)(e)): policing by engagement with neighbourhoods"
LEGAL_DUTY = "Legal obligation (UK GDPR Article 6(1)(c)): data protection law and the courts"
EXPLICIT = "Explicit consent (Article 9(2)(a)); read in aggregate only"
EMPLOYER = "Public task: running the force's own staff accounts"
