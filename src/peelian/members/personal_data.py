"""What is kept about residents, and what the nightly job takes away."""

from datetime import datetime, timedelta

from django.db import connection

from peelian.core.personal_data import EXPLICIT, LEGAL_DUTY, PUBLIC_TASK, Declaration, register
from peelian.members import queries
from peelian.members.actions.contacting import WAITS
from peelian.members.models import EVERY_TOPIC, Code, LegalHold, Member, NewContact, RightsRequest
from peelian.members.placing import refresh

ERASED_AFTER = queries.CLOSED_FOR
NEVER_CONFIRMED = timedelta(days=30)
RECORDS_KEPT = timedelta(days=2 * 365)  # of requests and holds, after they ended
_GOES = (
    "place", "topicchannel", "groupmembership", "equalityanswers", "consent", "replacedemail", "pace", "channelhours",
    "holiday", "pasthome", "formeraddress", "newcontact",
)  # fmt: skip


def erase_who_left(now: datetime) -> int:
    """Empty everything that identifies people who left 30 days ago; ward, joined and left stay as a tombstone,
    with the number of the list they came from, so that importing it again does not bring them back."""
    gone = Member.objects.filter(left_at__lt=now - ERASED_AFTER, legal_hold=False).exclude(
        email=None, mobile=None, landline=None, first_name="", last_name="", postcode="", longitude=None
    )
    ids = list(gone.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        for table in _GOES:
            cursor.execute(f"DELETE FROM members_{table} WHERE member_id = ANY(%s)", [ids])
    Member.objects.filter(pk__in=ids).update(
        first_name="", last_name="", email=None, mobile=None, landline=None, street_address="", postcode="",
        longitude=None, latitude=None, cell=None, language="en", interests=EVERY_TOPIC, channels=0, organisations=0,
        promotion=False, young=False, source="", confirmed_at=None, confirm_asked_at=None, chosen_at=None,
        restricted_at=None,
    )  # fmt: skip
    return len(ids)


def erase_never_confirmed(now: datetime) -> int:
    """Delete registrations on the web that nobody confirmed within 30 days."""
    late = Member.objects.filter(
        confirmed_at=None, left_at=None, source="web", joined_on__lt=(now - NEVER_CONFIRMED).date(), legal_hold=False
    )
    ids = list(late.values_list("pk", flat=True))
    Member.objects.filter(pk__in=ids).update(left_at=now - 2 * ERASED_AFTER)
    refresh(ids)  # takes their audience rows away, which say where they live
    return len(ids)


def forget_unused_addresses(now: datetime) -> int:
    """Replace addresses that no resident uses by a number; the ledger keeps its key. Those that somebody stopped are
    kept, so that they stay stopped; those that only came back are not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_address a SET value = 'erased-' || a.id, verified_at = NULL"
            " WHERE a.suppression IN ('', 'bounced') AND a.value NOT LIKE 'erased-%%'"
            " AND NOT EXISTS (SELECT 1 FROM members_member m WHERE m.email_id = a.id)"
            " AND NOT EXISTS (SELECT 1 FROM members_member m WHERE m.mobile_id = a.id)"
            " AND NOT EXISTS (SELECT 1 FROM members_member m WHERE m.landline_id = a.id)"
            " AND NOT EXISTS (SELECT 1 FROM members_code c WHERE c.address_id = a.id)"
            " AND NOT EXISTS (SELECT 1 FROM members_newcontact n WHERE n.address_id = a.id)"
        )
        return int(cursor.rowcount)


def delete_old_codes(now: datetime) -> int:
    """Delete sign-in codes a day after they end."""
    return Code.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()[0]


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
        "Emptied but for ward, joined, left and the number in the list they came from; never under a legal hold",
        lambda now: erase_never_confirmed(now) + erase_who_left(now),
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
    ),
)
for label, purpose in {
    "members.Place": "Further places a person wants to hear about",
    "members.TopicChannel": "How a person wants to hear about a type of alert",
    "members.AudienceRow": "The same facts in the form that finding an audience reads",
    "members.Pace": "How often and when a person wants to hear",
    "members.ChannelHours": "At what hours a person may be texted or called",
    "members.GroupMembership": "Which groups a person is in",
    "members.Holiday": "When a person wants no messages for a while",
    "members.PastHome": "In which area a person lived when, for reports about that time",
    "members.FormerAddress": "Finding what was sent to an address that a person had before",
    "members.Consent": "What a person agreed to, when, and the wording they saw",
}.items():
    register.add(label, Declaration(purpose, PUBLIC_TASK, "As long as the member", ON_THE_PAGE, WITH_MEMBER))
register.add(
    "members.EqualityAnswers",
    Declaration(
        "Seeing whom we reach and whom we miss",
        EXPLICIT,
        "As long as the member, or until they take it back",
        "In the answer to a subject access request; no page shows it, the person's own page deletes it",
        WITH_MEMBER,
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
        "Which residents a team may address together", PUBLIC_TASK, "While the group is kept", ON_THE_PAGE, WITH_MEMBER
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
