"""What is kept about residents, and what the nightly job takes away."""

from datetime import datetime, timedelta

from django.db import connection

from peelian.core.personal_data import EMPLOYER, EXPLICIT, LEGAL_DUTY, PUBLIC_TASK, Declaration, Person, Rows, register
from peelian.members import erasing, export, queries
from peelian.members.actions.contacting import WAITS
from peelian.members.models import Code, DoorstepSignUp, EqualityAnswers, LegalHold, Member, NewContact, RightsRequest

ERASED_AFTER = queries.CLOSED_FOR
NEVER_CONFIRMED = timedelta(days=30)
RECORDS_KEPT = timedelta(days=2 * 365)  # of requests and holds, after they ended
CONFIRMING = ("web", *DoorstepSignUp.Source.values)  # ways of joining that end with a confirmation


def erase_who_left(now: datetime) -> int:
    """Erase people who left 30 days ago, but for ward, joined and left; under a legal hold nothing goes. Who never
    confirmed was sent nothing and said nothing, so that all of those are emptied at once."""
    gone = Member.objects.filter(left_at__lt=now - ERASED_AFTER, legal_hold=False).exclude(
        email=None, mobile=None, landline=None, first_name="", last_name="", postcode="", longitude=None
    )
    erasing.empty(list(gone.filter(confirmed_at=None).values_list("pk", flat=True)))
    confirmed = list(gone.order_by("pk"))
    for member in confirmed:
        erasing.erase(member)
    return len(confirmed)


def erase_never_confirmed(now: datetime) -> int:
    """Delete registrations on the web and at the door that nobody confirmed within 30 days."""
    late = Member.objects.filter(
        confirmed_at=None,
        left_at=None,
        source__in=CONFIRMING,
        joined_on__lt=(now - NEVER_CONFIRMED).date(),
        legal_hold=False,
    )
    ids = list(late.values_list("pk", flat=True))
    Member.objects.filter(pk__in=ids).update(left_at=now - 2 * ERASED_AFTER)
    erasing.empty(ids)
    return len(ids)


def forget_unused_addresses(now: datetime) -> int:
    """Replace addresses that no resident uses by a number; the ledger keeps its key. Those that somebody stopped are
    kept, so that they stay stopped; those that only came back are not; nor those that an app above still needs."""
    held = "".join(f" AND a.id NOT IN ({one.holds})" for one in register.values() if one.holds)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_address a SET value = 'erased-' || a.id, verified_at = NULL"
            " WHERE a.suppression IN ('', 'bounced') AND a.value NOT LIKE 'erased-%%'"
            " AND NOT EXISTS (SELECT 1 FROM members_member m WHERE m.email_id = a.id)"
            " AND NOT EXISTS (SELECT 1 FROM members_member m WHERE m.mobile_id = a.id)"
            " AND NOT EXISTS (SELECT 1 FROM members_member m WHERE m.landline_id = a.id)"
            " AND NOT EXISTS (SELECT 1 FROM members_code c WHERE c.address_id = a.id)"
            " AND NOT EXISTS (SELECT 1 FROM members_newcontact n WHERE n.address_id = a.id)"
            " AND NOT EXISTS (SELECT 1 FROM members_helper h WHERE h.address_id = a.id AND h.ended_at IS NULL)" + held
        )
        return int(cursor.rowcount)


def delete_old_codes(now: datetime) -> int:
    """Delete sign-in codes a day after they end."""
    return Code.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()[0]


def equality_answers(person: Person) -> Rows:
    """The one place that hands them out: to the person themselves, or in the answer to a subject access request."""
    names = ("birth_year", "sex", "ethnic_group", "disability", "origin_code")
    return list(EqualityAnswers.objects.filter(member=person.member_id).values(*names))


def forget_unconfirmed_contacts(now: datetime) -> int:
    """Forget new addresses that nobody confirmed within a week."""
    return NewContact.objects.filter(asked_at__lt=now - WAITS).delete()[0]


def delete_old_requests(now: datetime) -> int:
    """Delete what was asked by right two years after it was settled."""
    return RightsRequest.objects.filter(closed_at__lt=now - RECORDS_KEPT).delete()[0]


def delete_old_holds(now: datetime) -> int:
    """Delete legal holds two years after they ended."""
    return LegalHold.objects.filter(ended_on__lt=(now - RECORDS_KEPT).date()).delete()[0]


ON_THE_PAGE = "Shown and changed on the person's own page; in the answer to a subject access request"
WITH_MEMBER = "With the member"

register.add(
    "members.Member",
    Declaration(
        "Sending people what they asked to hear, where they live, in a way they can use",
        PUBLIC_TASK,
        "While registered; emptied 30 days after leaving, or 30 days after joining when never confirmed",
        ON_THE_PAGE,
        "Emptied but for ward, joined and left; never under a legal hold",
        lambda now: erase_never_confirmed(now) + erase_who_left(now),
        "You",
        export.member,
    ),
)
register.add(
    "members.ErasedNumber",
    Declaration(
        "Keeping an import from bringing back somebody who was erased",
        LEGAL_DUTY,
        "As long as lists are imported",
        "Not exported: a sum that belongs to nobody we still know, from which no number can be read",
        "Stays: it says only that a list's number is not to be imported",
    ),
)
register.add(
    "contacts.Address",
    Declaration(
        "Where messages go, and which addresses must get none",
        PUBLIC_TASK,
        "While a member uses it, or while it is stopped",
        ON_THE_PAGE,
        "Replaced by a number when nobody uses it; a stopped address is kept so that it stays stopped",
        forget_unused_addresses,
        "Your addresses",
        export.addresses,
    ),
)
for label, purpose, called, rows in (
    ("Place", "Further places a person wants to hear about", "Places you want to hear about", export.places),
    ("TopicChannel", "How a person wants to hear about a type of alert", "Types with a way of their own",
     export.topic_channels),
    ("Pace", "How often and when a person wants to hear", "How often and when you want to hear", export.pace),
    ("ChannelHours", "At what hours a person may be texted or called", "Your hours", export.hours),
    ("GroupMembership", "Which groups a person is in", "Your groups", export.groups),
    ("GroupInvitation", "Which groups a person was asked to be in, and what they answered to which words",
     "Groups you were invited to", export.invitations),
    ("KeyIndividual", "Knowing who knows a community well, and when to speak to them next",
     "Your part in a key individual network", export.network),
    ("NetworkContact", "When we spoke to a key individual, and how", "When we spoke", export.network_contacts),
    ("Holiday", "When a person wants no messages for a while", "Your holiday", export.holiday),
    ("PastHome", "In which area a person lived when, for reports about that time", "Where you lived before",
     export.past_homes),
    ("FormerAddress", "Finding what was sent to an address that a person had before", "Addresses you had before",
     export.former),
    ("Helper", "Who gets a person's messages on their behalf, and that both agreed", "Who helps you", export.helpers),
    ("Consent", "What a person agreed to, when, and the wording they saw", "What you agreed to", export.consents),
):  # fmt: skip
    register.add(
        f"members.{label}",
        Declaration(purpose, PUBLIC_TASK, "As long as the member", ON_THE_PAGE, WITH_MEMBER, called=called, rows=rows),
    )
register.add(
    "members.AudienceRow",
    Declaration(
        "The same facts in the form that finding an audience reads",
        PUBLIC_TASK,
        "As long as the member",
        "Not exported: it repeats what the others say",
        WITH_MEMBER,
    ),
)
register.add(
    "members.EqualityAnswers",
    Declaration(
        "Seeing whom we reach and whom we miss",
        EXPLICIT,
        "As long as the member, or until they take it back",
        "In the answer to a subject access request; no page shows it, the person's own page deletes it",
        WITH_MEMBER,
        called="Your answers to the equality questions",
        rows=equality_answers,
    ),
)
register.add(
    "members.ReplacedEmail",
    Declaration(
        "Keeping an import from bringing back an email address that died and was replaced",
        PUBLIC_TASK,
        "As long as the member",
        "Not exported: a sum from which no address can be read",
        WITH_MEMBER,
    ),
)
register.add(
    "members.Code",
    Declaration(
        "Signing in with a code", PUBLIC_TASK, "One day", "Not exported: it is of no use", "Deleted", delete_old_codes
    ),
)
register.add(
    "members.Group",
    Declaration(
        "Which residents a team may address together",
        PUBLIC_TASK,
        "While the group is kept",
        "Not exported: which groups a person is in stands with them",
        WITH_MEMBER,
    ),
)
register.add(
    "members.NewContact",
    Declaration(
        "Asking whether a new address is a person's own before it is used",
        PUBLIC_TASK,
        "Until it is confirmed, a week at most",
        ON_THE_PAGE,
        WITH_MEMBER,
        forget_unconfirmed_contacts,
        "New addresses that wait for you to confirm them",
        export.new_contacts,
    ),
)
register.add(
    "members.RightsRequest",
    Declaration(
        "Doing what a person asks by right, in time, and showing that it was done",
        LEGAL_DUTY,
        "Two years after it was settled",
        "In the answer to a subject access request",
        "Kept until then: it shows that the person was erased",
        delete_old_requests,
        "What you asked for by right",
        export.requests,
    ),
)
register.add(
    "members.LegalHold",
    Declaration(
        "Keeping what a court or an inquiry needs",
        LEGAL_DUTY,
        "Two years after it ended",
        "Not exported: it may concern an inquiry; a person decides",
        "Never while it stands",
        delete_old_holds,
    ),
)
register.add(
    "members.SourceTally",
    Declaration(
        "Seeing how people come to join, in numbers by month, area, campaign and officer",
        EMPLOYER,
        "As long as the campaign",
        "By an administrator",
        "Kept: numbers; the officer becomes nobody when the account goes",
    ),
)
register.add(
    "members.Campaign",
    Declaration(
        "Seeing which posters, venues, events and officers bring residents",
        EMPLOYER,
        "As long as the numbers that rest on it",
        "By an administrator",
        "Kept: who made it, and whose card it is, become nobody when the account goes",
    ),
)
