from datetime import datetime, timedelta

from django.db.models import F

from peelian.alerts import holdout
from peelian.alerts.models import Dose, HeldOut, Rating
from peelian.core.personal_data import EMPLOYER, PUBLIC_TASK, Declaration, Person, Rows, register
from peelian.members.queries import addresses_on_hold

RATINGS_KEPT = timedelta(days=2 * 365)


def delete_old_ratings(now: datetime) -> int:
    """Delete single ratings after two years; not those of people under a legal hold."""
    return Rating.objects.filter(at__lt=now - RATINGS_KEPT).exclude(address__in=addresses_on_hold()).delete()[0]


def delete_held_out(now: datetime) -> int:
    """Whom nobody has asked within two weeks is asked no more; without them the rows are of no use."""
    return HeldOut.objects.filter(alert__sent_at__lt=now - holdout.KEPT).delete()[0]


def held_out_rows(person: Person) -> Rows:
    found = HeldOut.objects.filter(member=person.member_id).order_by("pk")
    return list(found.values(title=F("alert__title"), reference=F("alert__ref")))


def rating_rows(person: Person) -> Rows:
    """Ratings by the person's addresses; a household that shares one rates together."""
    found = Rating.objects.filter(address__in=person.address_ids).order_by("at")
    return list(
        found.values(
            "at",
            title=F("alert__title"),
            reference=F("alert__ref"),
            rating_of_6=F("value"),
            because=F("why"),
            words=F("comment"),
        )
    )


register.add(
    "alerts.Rating",
    Declaration(
        "Learning which messages help, and why one did not",
        PUBLIC_TASK,
        "Two years",
        "In the answer to a subject access request",
        "Deleted",
        delete_old_ratings,
        "What you thought of alerts",
        rating_rows,
        lambda person: Rating.objects.filter(address__in=person.alone_ids).delete()[0],
    ),
)
register.add(
    "alerts.Dose",
    Declaration(
        "Not frightening people with too many messages about crime",
        PUBLIC_TASK,
        "30 days",
        "In the answer to a subject access request",
        "Deleted with the member",
        called="How many alerts about crime you had in 30 days",
        rows=lambda person: list(Dose.objects.filter(member=person.member_id).values("alerts")),
        remove=lambda person: Dose.objects.filter(member=person.member_id).delete()[0],
    ),
)
register.add(
    "alerts.HeldOut",
    Declaration(
        "Learning whether alerts worry people, by comparing with some from whom one was withheld",
        PUBLIC_TASK,
        "Until they have been asked, a day or so; two weeks at most",
        "In the answer to a subject access request",
        "Deleted with the member",
        delete_held_out,
        "Alerts that were not sent to you, by lot",
        held_out_rows,
        lambda person: HeldOut.objects.filter(member=person.member_id).delete()[0],
    ),
)
register.add(
    "alerts.Enclosure",
    Declaration(
        "Pictures and papers that go with an alert",
        PUBLIC_TASK,
        "As long as the alert; a paper’s link ends sooner",
        "Not exported: everybody who got the alert may open them",
        "Kept: a public record",
    ),
)
for label, purpose in {
    "alerts.Alert": "Who wrote and who approved an alert",
    "alerts.Translation": "Who wrote a translation of an alert, and who read one over",
    "alerts.Decision": "Who decided what about an alert, and why",
}.items():
    register.add(
        label, Declaration(purpose, EMPLOYER, "As long as the alert", "By an administrator", "Kept: a public record")
    )
register.add(
    "alerts.HoldoutDecision",
    Declaration(
        "Who entered or ended an ethics body’s decision",
        EMPLOYER,
        "As long as the alerts it concerned",
        "By an administrator",
        "Kept: a public record",
    ),
)
