"""The copy of somebody's data: everything that any app declares about them, for programs and for people."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from peelian.audit.actions import Actor, record
from peelian.core import clock
from peelian.core.personal_data import Section, gather
from peelian.members import queries
from peelian.members.models import Member


@dataclass(frozen=True)
class Copy:
    """As it was at one moment."""

    made_at: datetime
    sections: list[Section]

    def json(self) -> str:
        found: dict[str, Any] = {
            one.called: {"why we have it": one.purpose, "how long we keep it": one.kept, "rows": list(one.rows)}
            for one in self.sections
        }
        whole = {"made at": self.made_at, "data": found}
        return json.dumps(whole, ensure_ascii=False, indent=2, default=str)


@transaction.atomic
def copy_data(*, member: Member, by: Actor) -> Copy:
    """Everything we have about the member now."""
    copy = Copy(clock.now(), gather(queries.person(member)))
    record("member.data_copied", "member", member.pk, by=by, rows=sum(len(one.rows) for one in copy.sections))
    return copy
