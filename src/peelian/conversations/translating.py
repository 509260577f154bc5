"""What residents and teams write to each other, in the language of both. Only a translator that an administrator has
approved for personal data is given any of it, and only where there is a reason to think that it is needed."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_noop as _

from peelian.accounts.models import Staff
from peelian.audit.actions import SYSTEM, record
from peelian.conversations.models import Message, MessageTranslation, Thread
from peelian.core import clock, jobs, translators
from peelian.core.languages import is_english, needs_translation
from peelian.core.translators import Translator, TranslatorProblem, marked

ENGLISH = "en"
WAITS = timedelta(seconds=60)  # for no longer does an answer wait for its translation
STUCK = timedelta(minutes=2)  # then the job that should have sent it is taken for lost
NOTE = _("A machine translated this. The original in English is below.")
LONGEST_NOTE, LONGEST_WHY = 300, 300
State = MessageTranslation.State


def of_resident(message: Message) -> None:
    """A resident has written: where it seems not to be English, have it translated. In the caller's transaction."""
    if translators.for_personal_data() is None:
        return
    if _in_another_script(message.text) or needs_translation(language_asked_for(message.thread)):
        _ask(message)


@transaction.atomic
def ask_again(*, message: Message, by: Staff) -> None:
    """Have a resident's message translated into English, because somebody of the team wants to read it."""
    record("conversation.translation_asked", "thread", message.thread_id, by=by, message=message.pk)
    _ask(message)


def _ask(message: Message) -> None:
    MessageTranslation.objects.update_or_create(
        message=message, defaults={"state": State.WAITING, "target": ENGLISH, "asked_at": clock.now(), "why": ""}
    )
    jobs.enqueue("conversations.translate", once_as=f"conversations.translate:{message.pk}", message_id=message.pk)


def put_on_its_way(message: Message) -> None:
    """Send what the team wrote: at once, or in a moment with its translation where the resident reads another language.
    In the caller's transaction."""
    language = _language_to_answer_in(message.thread)
    if translators.for_personal_data() is None or not needs_translation(language):
        send(message)
        return
    MessageTranslation.objects.create(message=message, source=ENGLISH, target=language, asked_at=clock.now())
    jobs.enqueue("conversations.translate", priority=20, message_id=message.pk)


def translate(*, message_id: int) -> bool:
    """Translate a message that waits for it, and send it if it is ours. Returns whether it is done: what may work in a
    while is worth another try, but an answer waits for a minute at most."""
    one = MessageTranslation.objects.select_related("message__thread").filter(message=message_id).first()
    translator = translators.for_personal_data()
    if one is None or one.state != State.WAITING:
        return True
    try:
        if translator is None:
            raise TranslatorProblem("No translator is approved for what residents write.")
        _fill(one, translator)
    except TranslatorProblem as problem:
        if problem.again and clock.now() - one.asked_at < WAITS:
            return False
        one.state, one.why = State.FAILED, str(problem)[:LONGEST_WHY]
    _settle(one)
    return True


def _fill(one: MessageTranslation, translator: Translator) -> None:
    ours = one.message.is_ours
    said = marked.translate_plain(translator, one.message.text, to=one.target, source=ENGLISH if ours else "")
    one.text, one.translator = "\n".join(said.texts), translator.name
    one.state = State.MACHINE
    if ours:
        one.note = marked.translate_line(translator, [NOTE], to=one.target).texts[0][:LONGEST_NOTE]
    else:
        one.source = said.source[:8]
        one.state = State.SAME if is_english(said.source) else State.MACHINE


@transaction.atomic
def _settle(one: MessageTranslation) -> None:
    """Keep the outcome, once, and let our own message go with it."""
    changed = MessageTranslation.objects.filter(pk=one.pk, state=State.WAITING).update(
        state=one.state, text=one.text, note=one.note, source=one.source, translator=one.translator, why=one.why
    )
    if not changed:
        return
    verb = "conversation.not_translated" if one.state == State.FAILED else "conversation.translated"
    message = one.message
    record(verb, "thread", message.thread_id, by=SYSTEM, message=message.pk, translator=one.translator, to=one.target)
    if message.is_ours:
        send(message)


def send_what_is_stuck() -> int:
    """Let go without a translation what has waited far too long for one. Returns how many."""
    rows = MessageTranslation.objects.filter(state=State.WAITING, asked_at__lt=clock.now() - STUCK)
    stuck = list(rows.select_related("message__thread"))
    for one in stuck:
        one.state, one.why = State.FAILED, "It took too long."
        _settle(one)
    return len(stuck)


def send(message: Message) -> None:
    """Put our words on their way as they are, in front of every alert that waits."""
    thread = message.thread
    if thread.address_id is not None:
        jobs.enqueue(
            "delivery.transactional",
            queue=jobs.TRANSACTIONAL,
            renderer="conversations.answer",
            object_id=message.pk,
            address_id=thread.address_id,
            member_id=thread.member_id,
        )


def language_asked_for(thread: Thread) -> str:
    """By the resident, of a thread (BCP 47); empty where we do not know."""
    return thread.language or (thread.member.language if thread.member is not None else "")


def _language_to_answer_in(thread: Thread) -> str:
    """What the resident last wrote in, where a machine has told; else what they asked for."""
    rows = MessageTranslation.objects.filter(message__thread=thread, state__in=[State.MACHINE, State.SAME])
    last = rows.exclude(message__how__in=Message.OURS).order_by("-message__at").first()
    if last is not None and last.state == State.MACHINE:
        return last.source
    return language_asked_for(thread)


def _in_another_script(text: str) -> bool:
    """Whether most of its letters are none that English is written with."""
    letters = [sign for sign in text if sign.isalpha()]
    return 2 * sum(sign > "\u024f" for sign in letters) > len(letters)
