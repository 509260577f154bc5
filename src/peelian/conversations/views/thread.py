"""One conversation, for staff."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.contacts.queries import masked
from peelian.conversations import actions, queries
from peelian.conversations.forms import AnswerForm, AssignForm, CloseForm
from peelian.conversations.models import Thread
from peelian.core import translators, wording
from peelian.core.errors import RuleBroken


@require_safe
@needs("conversations.read")
def thread(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.thread_for(request.user, pk)
    if request.method == "GET":
        actions.mark_seen(thread=found, by=request.user)
    return _page(request, found)


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
    return _page(request, found, answer_form=form)


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
    return _page(request, found, close_form=form)


@require_POST
@needs("conversations.answer")
def assign(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.thread_for(request.user, pk)
    form = AssignForm(found, request.POST)
    if not form.is_valid():
        return _page(request, found, assign_form=form)
    actions.assign(thread=found, to=form.cleaned_data["to"], by=request.user)
    messages.success(request, "Saved who sees to it.")
    return redirect(found)


def _page(request: StaffRequest, thread: Thread, **forms: Any) -> HttpResponse:
    """The whole conversation. After a refused answer the form keeps the words, and now knows the newest message."""
    newest = queries.last_message_id(thread)
    written = forms.get("answer_form")
    if written is not None:  # bound data is copied: what was read is now what stands on this page
        written.data = written.data.copy()
        written.data["read_up_to"] = newest
    context = {
        "thread": thread,
        "said": queries.said_in(thread),
        "facts": _facts(thread),
        "may_translate": translators.for_personal_data() is not None,
        "is_closed": thread.state == Thread.State.CLOSED,
        "may_answer": request.user.may("conversations.answer"),
        "longest": actions.LONGEST,
        "answer_form": written or AnswerForm(initial={"read_up_to": newest}),
        "close_form": forms.get("close_form") or CloseForm(),
        "assign_form": forms.get("assign_form") or AssignForm(thread),
        "form": written or forms.get("close_form") or forms.get("assign_form"),
    }
    return render(request, "conversations/thread.html", context)


def _facts(thread: Thread) -> list[dict[str, str]]:
    facts = []
    if thread.waiting_since:
        facts.append({"key": "Waiting for us", "value": f"since {wording.uk_datetime(thread.waiting_since)}"})
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
