"""What this app declares in the register of personal data (core.personal_data)."""

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from peelian.conversations import letters
from peelian.conversations.ledger import Handover, Raised, Wait
from peelian.conversations.models import Attachment, Inbound, Message, MessageTranslation, Thread
from peelian.core.personal_data import EMPLOYER, PUBLIC_TASK, Declaration, Person, Rows, register
from peelian.members import queries as members

BYTES_KEPT = timedelta(days=30)  # of emails and texts as they came
ASIDE_KEPT = timedelta(days=90)  # of what never became a message
KEPT = timedelta(days=2 * 365)  # after the last word in it


def forget_old_threads(now: datetime) -> int:
    """Delete conversations in which nothing was said for two years, their messages with them."""
    old = Thread.objects.filter(last_at__lt=now - KEPT)
    return old.exclude(member__legal_hold=True).delete()[1].get("conversations.Thread", 0)


def threads_of(person: Person) -> QuerySet[Thread]:
    """A member's own, and those that came from an address that nobody else uses."""
    return Thread.objects.filter(Q(member_id=person.member_id) | Q(member=None, address__in=person.alone_ids))


def thread_rows(person: Person) -> Rows:
    found = threads_of(person).order_by("pk").select_related("team")
    return [
        {
            "conversation": thread.pk,
            "subject": thread.subject,
            "about": thread.about,
            "team": thread.team.name,
            "state": thread.get_state_display(),
            "closed because": thread.closed_reason,
            "opened_at": thread.opened_at,
            "last_at": thread.last_at,
        }
        for thread in found
    ]


def wait_rows(person: Person) -> Rows:
    found = Wait.objects.filter(thread__in=threads_of(person)).order_by("pk")
    return list(found.values("began_at", "due_at", "ended_at", "outcome", conversation=F("thread_id")))


def raised_rows(person: Person) -> Rows:
    found = Raised.objects.filter(thread__in=threads_of(person)).order_by("pk")
    return [{"conversation": one.thread_id, "at": one.at, "because": one.get_why_display()} for one in found]


def handover_rows(person: Person) -> Rows:
    found = Handover.objects.filter(thread__in=threads_of(person)).order_by("pk")
    return list(found.values("at", conversation=F("thread_id"), went_to=F("to_team__name")))


def translation_rows(person: Person) -> Rows:
    found = MessageTranslation.objects.filter(message__thread__in=threads_of(person)).order_by("pk")
    return [
        {"conversation": one.message.thread_id, "message": one.message_id, "language": one.target, "text": one.text}
        for one in found.select_related("message")
    ]


def message_rows(person: Person) -> Rows:
    found = Message.objects.filter(thread__in=threads_of(person)).select_related("thread__team")
    return [
        {
            "conversation": message.thread_id,
            "at": message.at,
            "from": message.thread.team.name if message.is_ours else "you",
            "text": message.text,
        }
        for message in found.order_by("thread_id", "at", "pk")
    ]


def inbound_of(person: Person) -> QuerySet[Inbound]:
    """What came in from a member, in a conversation of theirs or in none."""
    theirs = Q(message__thread__in=threads_of(person)) | Q(message=None, address__in=person.alone_ids)
    return Inbound.objects.filter(theirs).defer("raw").order_by("pk")


def inbound_rows(person: Person) -> Rows:
    return [
        {
            "at": one.received_at,
            "by": one.get_way_display(),
            "what became of it": one.get_state_display(),
            "text": one.text,
        }
        for one in inbound_of(person)
    ]


def attachment_rows(person: Person) -> Rows:
    found = Attachment.objects.filter(inbound__in=inbound_of(person)).select_related("inbound")
    return [
        {"at": one.inbound.received_at, "name": one.name, "size": one.size, "state": one.get_state_display()}
        for one in found.defer("inbound__raw").order_by("pk")
    ]


def remove_inbound(person: Person) -> int:
    """What is in no conversation of theirs; the rest goes with the conversation."""
    lone = Inbound.objects.filter(message=None, address__in=person.alone_ids)
    return lone.delete()[1].get("conversations.Inbound", 0)


def forget_old_inbound(now: datetime) -> int:
    """Delete the bytes of emails and texts after 30 days, and after 90 days what is in no conversation; what was
    discarded, 30 days after that."""
    hold = Inbound.objects.exclude(address__in=members.addresses_on_hold()).exclude(
        message__thread__member__legal_hold=True
    )
    settled = Inbound.State.DISCARDED
    gone = hold.filter(message=None, received_at__lt=now - ASIDE_KEPT)
    gone = gone | hold.filter(state=settled, settled_at__lt=now - BYTES_KEPT)
    deleted = gone.delete()[1].get("conversations.Inbound", 0)
    old = hold.filter(received_at__lt=now - BYTES_KEPT, raw__isnull=False).exclude(state=Inbound.State.ASIDE)
    return deleted + Inbound.objects.filter(pk__in=old.values("pk")).update(raw=None)


register.add(
    "conversations.Thread",
    Declaration(
        purpose="To answer residents who write to their neighbourhood team",
        lawful_basis=PUBLIC_TASK,
        retention="Two years after the last message in it",
        export="What the resident is writing about, with all its messages",
        erase="Deleted with its messages",
        expire=forget_old_threads,
        called="Your conversations with our teams",
        rows=thread_rows,
        remove=lambda person: threads_of(person).delete()[0],
    ),
)
register.add(
    "conversations.Message",
    Declaration(
        purpose="What the resident and the team wrote to each other",
        lawful_basis=PUBLIC_TASK,
        retention="As the conversation it stands in",
        export="Its words and when they were written; staff by role and team",
        erase="Deleted with its conversation",
        called="What was said in them",
        rows=message_rows,
    ),
)
register.add(
    "conversations.MessageTranslation",
    Declaration(
        purpose="Understanding a resident who writes in another language, and being understood",
        lawful_basis=PUBLIC_TASK,
        retention="As the message",
        export="In the answer to a subject access request",
        erase="Deleted with its message",
        called="What a machine made of them in another language",
        rows=translation_rows,
    ),
)
register.add(
    "conversations.Inbound",
    Declaration(
        purpose="The whole of an email or text, for staff who need more of it than the message shows",
        lawful_basis=PUBLIC_TASK,
        retention="Its bytes 30 days, its words as the message; 90 days where it is in no conversation",
        export="When it came, how, and all its words",
        erase="Deleted with its conversation; what is in none, by the address",
        expire=forget_old_inbound,
        called="Emails and texts to us, in full",
        rows=inbound_rows,
        remove=remove_inbound,
    ),
)
register.add(
    "conversations.Attachment",
    Declaration(
        purpose="Pictures and papers that a resident sent with an email",
        lawful_basis=PUBLIC_TASK,
        retention="As the conversation it stands in",
        export="Its name and size; the file itself is asked for from the team",
        erase="Deleted with its conversation",
        called="Files you sent us",
        rows=attachment_rows,
    ),
)

for label, purpose, export, called, rows in (
    (
        "Wait",
        "How long residents wait, by team and ward",
        "When it was asked and answered",
        "How long you waited for us",
        wait_rows,
    ),
    (
        "Raised",
        "Bringing what should not wait to a supervisor",
        "That and when it was raised",
        "What we showed to a supervisor",
        raised_rows,
    ),
    (
        "Handover",
        "Which team a conversation went to, and why",
        "Which team it went to, and when",
        "Conversations that went to another team",
        handover_rows,
    ),
    (
        "PassedOn",
        "That and when a conversation was passed on as intelligence",
        "Not exported: no words are kept here",
        "",
        None,
    ),
):
    register.add(
        f"conversations.{label}",
        Declaration(
            purpose=purpose,
            lawful_basis=PUBLIC_TASK,
            retention="As the conversation",
            export=export,
            erase="Deleted with its conversation",
            called=called,
            rows=rows,
        ),
    )
register.add(
    "conversations.Letter",
    Declaration(
        purpose="A message to a team whose writer has yet to confirm their email address",
        lawful_basis=PUBLIC_TASK,
        retention="Until confirmed, a week at most",
        export="Not exported: it is not known whose it is",
        erase="Deleted",
        expire=letters.forget,
    ),
)
register.add(
    "conversations.DutyContact",
    Declaration(
        purpose="Telling somebody on duty that a message should be looked at now",
        lawful_basis=EMPLOYER,
        retention="While it is a duty contact",
        export="Not exported: an address of the force",
        erase="Deleted by an administrator",
    ),
)
for label, purpose in (
    ("SavedAnswer", "Words that a team often answers with; no resident is in them"),
    ("Tag", "Words under which a team finds its conversations"),
):
    register.add(
        f"conversations.{label}",
        Declaration(
            purpose=purpose,
            lawful_basis=PUBLIC_TASK,
            retention="While the team has it",
            export="Not exported: it is about nobody",
            erase="Deleted with the team",
        ),
    )
