"""What frames declare in the register of personal data (core.personal_data)."""

from django.db.models import F, QuerySet

from peelian.core.personal_data import EMPLOYER, PUBLIC_TASK, Declaration, Person, Rows, register
from peelian.surveys.frames import keeping
from peelian.surveys.frames.models import FramePerson

HELD = "SELECT address_id FROM surveys_frameperson"


def people(person: Person) -> QuerySet[FramePerson]:
    """What is kept by an address that nobody else uses."""
    return FramePerson.objects.filter(address__in=person.alone_ids).order_by("pk")


def rows(person: Person) -> Rows:
    named = {"crime": F("cell__crime"), "month": F("cell__month"), "area": F("cell__area__name")}
    return list(people(person).values(survey_title=F("survey__title"), **named))


register.add(
    "surveys.FramePerson",
    Declaration(
        "Asking people who were the victim of a crime how we dealt with it, once",
        PUBLIC_TASK,
        "Until 14 days after the last reminder, the day after the survey closed, or 90 days, whichever comes first",
        "In the answer to a subject access request, where nobody else uses the address",
        "Deleted",
        keeping.delete_due,
        "Lists of whom we ask how we dealt with a crime",
        rows,
        lambda person: people(person).delete()[0],
        holds=HELD,
    ),
)
register.add(
    "surveys.Surveyed",
    Declaration(
        "Asking nobody twice as a victim within a year: a keyed sum of the address, which gives none back",
        PUBLIC_TASK,
        "Twelve months",
        "Not exported: a sum that belongs to nobody we still know",
        "Forgotten after twelve months",
        keeping.forget_asked,
    ),
)
register.add(
    "surveys.Frame",
    Declaration(
        "Who brought in a list of people for a survey",
        EMPLOYER,
        "As long as the survey",
        "By an administrator",
        "Kept: numbers",
    ),
)
