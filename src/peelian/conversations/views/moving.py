"""Conversations that go elsewhere: to another team, or as intelligence out of here."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.conversations import moving, queries
from peelian.conversations.forms import HandOverForm, PassOnForm, ReceiveForm
from peelian.conversations.views.thread import page
from peelian.core.errors import RuleBroken


@require_POST
@needs("conversations.answer")
def hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.thread_for(request.user, pk)
    form = HandOverForm(found, request.POST)
    if form.is_valid():
        to = form.cleaned_data["to_team"]
        try:
            moving.hand_over(thread=found, to=to, note=form.cleaned_data["note"], by=request.user)
        except RuleBroken as problem:
            form.add_error("note", str(problem))
        else:
            messages.success(request, f"It is with the {to.name} now, and the resident has been told.")
            return redirect("conversations_staff:inbox")
    return page(request, found, hand_over_form=form)


@require_POST
@needs("conversations.answer")
def pass_on(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.thread_for(request.user, pk)
    form = PassOnForm(found, request.user, request.POST)
    if form.is_valid():
        try:
            moving.pass_on(thread=found, receiver=form.cleaned_data["receiver"], by=request.user)
        except RuleBroken as problem:
            form.add_error("receiver", str(problem))
        else:
            messages.success(request, "Marked. Its words are deleted here once the receiver says that they have it.")
            return redirect(found)
    return page(request, found, pass_on_form=form)


@require_POST
@needs("conversations.answer")
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.thread_for(request.user, pk)
    moving.take_back(thread=found, by=request.user)
    messages.success(request, "Taken back. Nothing was deleted.")
    return redirect(found)


@require_safe
@needs("intelligence.receive")
def to_receive(request: StaffRequest) -> HttpResponse:
    rows = list(queries.to_receive(request.user)[:100])
    return render(request, "conversations/to_receive.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("intelligence.receive")
def receive(request: StaffRequest, pk: int) -> HttpResponse:
    """All of it, to be taken over elsewhere; then it is deleted here."""
    found = queries.thread_for(request.user, pk)
    form = ReceiveForm(request.POST if request.method == "POST" else None)
    row = moving.on_its_way(found)
    if form.is_valid():
        moving.receive(thread=found, reference=form.cleaned_data["reference"], by=request.user)
        messages.success(request, "Received. Its words are deleted here.")
        return redirect("conversations_staff:to_receive")
    context = {
        "thread": found,
        "said": queries.said_in(found),
        "form": form,
        "passed_on": row,
        "own": row is not None and row.asked_by_id == request.user.pk,
    }
    return render(request, "conversations/receive.html", context)
