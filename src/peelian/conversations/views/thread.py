"""One conversation, for staff."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.contacts import revealing
from peelian.contacts.queries import masked
from peelian.conversations import actions, moving, promise, queries, sorting
from peelian.conversations.forms import (
    AnswerForm,
    AssignForm,
    CloseForm,
    HandOverForm,
    PassOnForm,
    RevealForm,
    SavedChoice,
    TagsForm,
)
from peelian.conversations.models import Thread
from peelian.core import clock, translators, wording
from peelian.core.errors import RuleBroken
from peelian.members.categories import LANGUAGES


@require_safe
@needs("conversations.read")
def thread(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.thread_for(request.user, pk)
    if request.method == "GET":
        actions.mark_seen(thread=found, by=request.user)
    return page(request, found)


@require_POST
@needs("conversations.answer")
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.thread_for(request.user, pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.answer(thread=found, text=given["text"], read_up_to=given["read_up_to"], by=request.user)
        except RuleBroken as problem:
            form.add_error("text", str(problem))
        else:
            messages.success(request, "Your answer is on its way to the resident.")
            return redirect(found)
    return page(request, found, answer_form=form)


@require_POST
@needs("conversations.answer")
def close(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.thread_for(request.user, pk)
    form = CloseForm(request.POST)
    if form.is_valid():
        try:
            actions.close(thread=found, reason=form.cleaned_data["reason"], by=request.user)
        except RuleBroken as problem:
            form.add_error("reason", str(problem))
        else:
            messages.success(request, "Closed. The resident gets your reason by email.")
            return redirect("conversations_staff:inbox")
    return page(request, found, close_form=form)


@require_POST
@needs("conversations.answer")
def assign(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.thread_for(request.user, pk)
    form = AssignForm(found, request.POST)
    if not form.is_valid():
        return page(request, found, assign_form=form)
    actions.assign(thread=found, to=form.cleaned_data["to"], by=request.user)
    messages.success(request, "Saved who sees to it.")
    return redirect(found)


@require_POST
@needs("conversations.answer")
def insert(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a saved answer in the box, under what stands there; a person makes it fit and sends it."""
    found = queries.thread_for(request.user, pk)
    choice = SavedChoice(found, request.POST)
    saved = choice.cleaned_data["saved"] if choice.is_valid() else None
    written = request.POST.get("text", "").strip()
    words = "\n\n".join(part for part in (written, saved.text if saved else "") if part)
    form = AnswerForm(initial={"text": words, "read_up_to": queries.last_message_id(found)})
    return page(request, found, unsent_form=form, choice=choice)


@require_POST
@needs("conversations.answer")
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.thread_for(request.user, pk)
    actions.reopen(thread=found, by=request.user)
    messages.success(request, "Open again. The resident has your reason all the same: write if they should know.")
    return redirect(found)


@require_POST
@needs("conversations.answer")
def tags(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.thread_for(request.user, pk)
    form = TagsForm(found, request.POST)
    if not form.is_valid():
        return page(request, found, tags_form=form)
    sorting.tag(thread=found, tags=form.cleaned_data["tags"], new=form.cleaned_data["new"], by=request.user)
    messages.success(request, "Saved the tags.")
    return redirect(found)


@require_POST
@needs("conversations.answer")
def sensitive(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.thread_for(request.user, pk)
    now = request.POST.get("sensitive") == "yes"
    sorting.set_sensitive(thread=found, sensitive=now, by=request.user)
    said = "From now on messages only say that there is an answer." if now else "Messages bring the answer again."
    messages.success(request, said)
    return redirect(found)


@require_POST
@needs("contacts.reveal")
def contact(request: StaffRequest, pk: int) -> HttpResponse:
    """Show how to reach the resident, once, on this page."""
    found = queries.thread_for(request.user, pk)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return page(request, found, reveal_form=form)
    shown = revealing.reveal(
        address_ids=queries.addresses_of(found),
        reason=form.cleaned_data["why"],
        kind="thread",
        object_id=found.pk,
        by=request.user,
    )
    response = page(request, found, shown=shown)
    response["Cache-Control"] = "no-store"
    return response


def page(request: StaffRequest, thread: Thread, **forms: Any) -> HttpResponse:
    """The whole conversation. After a refused answer the form keeps the words, and now knows the newest message."""
    newest = queries.last_message_id(thread)
    written = forms.get("answer_form")
    if written is not None:  # bound data is copied: what was read is now what stands on this page
        written.data = written.data.copy()
        written.data["read_up_to"] = newest
    names = ("close_form", "assign_form", "tags_form", "hand_over_form", "pass_on_form", "reveal_form")
    wrong = written or next((forms[name] for name in names if name in forms), None)
    may_answer, is_closed = request.user.may("conversations.answer"), thread.state == Thread.State.CLOSED
    said = queries.said_about(request.user, thread)
    context = {
        "thread": thread,
        "said": said,
        "says_by_link": any(one.unverified for one in said),
        "due": promise.due_in_words(thread.due_at, clock.now()) if thread.due_at else None,
        "facts": _facts(thread),
        "is_closed": is_closed,
        "may_answer": may_answer,
        "may_look": request.user.may("conversations.supervise"),
        "may_reveal": request.user.may("contacts.reveal") and thread.address_id is not None,
        "may_translate": translators.for_personal_data() is not None,
        "raised": queries.raised_of(thread),
        "handovers": queries.handovers(thread),
        "passed_on": moving.on_its_way(thread),
        "longest": actions.LONGEST,
        "answer_form": written or forms.get("unsent_form") or AnswerForm(initial={"read_up_to": newest}),
        "choice": forms.get("choice") or SavedChoice(thread),
        "reveal_form": forms.get("reveal_form") or RevealForm(),
        "shown": forms.get("shown"),
        "close_form": forms.get("close_form") or CloseForm(),
        "assign_form": forms.get("assign_form") or AssignForm(thread),
        "tags_form": forms.get("tags_form") or TagsForm(thread),
        "hand_over_form": forms.get("hand_over_form") or HandOverForm(thread),
        "pass_on_form": forms.get("pass_on_form") or PassOnForm(thread, request.user),
        "form": wrong,
    }
    return render(request, "conversations/thread.html", context)


def _facts(thread: Thread) -> list[dict[str, str]]:
    facts = []
    if thread.waiting_since:
        facts.append({"key": "Waiting for us", "value": f"since {wording.uk_datetime(thread.waiting_since)}"})
    if thread.area:
        facts.append({"key": "Neighbourhood", "value": thread.area.name})
    if thread.language and not thread.language.startswith("en"):
        facts.append({"key": "Language", "value": LANGUAGES.get(thread.language, thread.language)})
    if thread.member and thread.member.young:
        facts.append({"key": "Age", "value": "Under 18"})
    facts += [
        {"key": "Team", "value": thread.team.name},
        {"key": "Begun", "value": wording.uk_datetime(thread.opened_at)},
        {"key": "Answers go to", "value": masked(thread.address) if thread.address else "no address any more"},
    ]
    kind, _, ref = thread.about.partition(":")
    if kind == "alert" and ref:
        about = {"key": "About", "value": thread.subject}
        about |= {"url": reverse("alerts_staff:detail", args=[ref]), "action": "See the alert"}
        facts.insert(0, about)
    return facts
