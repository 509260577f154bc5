"""What reach keeps about people one by one: where they stand. Everything else here is numbers."""

from datetime import datetime

from django.db import connection

from peelian.core.personal_data import PUBLIC_TASK, Declaration, Person, Rows, register
from peelian.insight.models import Standing
from peelian.insight.reach import counting
from peelian.places import queries as places


def rows(person: Person) -> Rows:
    found = Standing.objects.filter(member=person.member_id).first()
    if found is None:
        return []
    area = places.current_areas().filter(pk=found.small_area_id or 0).first()
    return [
        {
            "small area": area.name if area else "",
            "last reached": found.received_on,
            "last rated or wrote": found.replied_on,
            "last answered a survey": found.answered_on,
        }
    ]


def forget_old_days(now: datetime) -> int:
    """Forget days before the window that stages are counted over: they are of no use."""
    oldest = (now - counting.WINDOW).date()
    forgotten = 0
    for column in ("received_on", "replied_on", "answered_on"):
        forgotten += Standing.objects.filter(**{f"{column}__lt": oldest}).update(**{column: None})
    return forgotten


def remove(person: Person) -> int:
    """Before their answers go: their leaving is counted by them, and then they are in numbers only."""
    with connection.cursor() as cursor:
        counting.count_leaving(cursor, person.member_id)
    return Standing.objects.filter(member=person.member_id).delete()[0]


register.add(
    "insight.Standing",
    Declaration(
        purpose="Counting whom we reach: the small area of a home, and the last day we reached a person or they us",
        lawful_basis=PUBLIC_TASK,
        retention="As long as the member; a day for 90 days",
        export="In the answer to a subject access request",
        erase="Deleted with the member; numbers stay and name nobody",
        expire=forget_old_days,
        called="When we last reached you and you us",
        rows=rows,
        remove=remove,
    ),
)
