"""For staff: what was kept aside, the whole of an email or text, and the files that came with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.audit.actions import record
from peelian.conversations import queries as conversations
from peelian.conversations.inbound import aside, attachments, queries, sniff
from peelian.conversations.inbound.forms import AttachForm, DiscardForm, ListForm
from peelian.conversations.models import Inbound
from peelian.core import files, keyset
from peelian.core.errors import RuleBroken


@require_safe
@needs("conversations.aside")
def aside_list(request: StaffRequest) -> HttpResponse:
    show = request.GET.get("show", "aside")
    show = show if show in queries.LISTS else "aside"
    page = keyset.page(queries.listed(request.user, show), "received_at", request.GET.get("page", ""))
    base = f"?show={show}"
    context = {
        "rows": page.rows,
        "filter": ListForm({"show": show}),
        "show": show,
        "unchecked": queries.unchecked_files(),
        "previous_url": f"{base}&page={page.previous}" if page.previous else "",
        "next_url": f"{base}&page={page.next}" if page.next else "",
    }
    return render(request, "conversations/inbound/list.html", context)


@require_safe
@needs("conversations.aside")
def aside_one(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.one_aside(request.user, pk)
    if request.method == "GET":
        record("inbound.opened", "inbound", found.pk, by=request.user)
    return _page(request, found)


@require_POST
@needs("conversations.aside")
def attach(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.one_aside(request.user, pk)
    form = AttachForm(request.user, found, request.POST)
    if form.is_valid() and form.found is not None:
        try:
            aside.attach(inbound=found, thread=form.found, by=request.user)
        except RuleBroken as problem:
            form.add_error("thread", str(problem))
        else:
            messages.success(request, "It is in the conversation now, and the resident is waiting for an answer.")
            return redirect(form.found)
    return _page(request, found, attach_form=form)


@require_POST
@needs("conversations.aside")
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.one_aside(request.user, pk)
    form = DiscardForm(request.POST)
    if form.is_valid():
        try:
            aside.discard(inbound=found, reason=form.cleaned_data["reason"], by=request.user)
        except RuleBroken as problem:
            form.add_error("reason", str(problem))
        else:
            messages.success(request, "Discarded. It is deleted in 30 days.")
            return redirect("conversations_staff:aside")
    return _page(request, found, discard_form=form)


@require_POST
@needs("conversations.aside")
def check_files(request: StaffRequest) -> HttpResponse:
    """Have checked again what a virus scanner that was away has left."""
    attachments.check_again()
    messages.success(request, "The files are being checked again.")
    return redirect("conversations_staff:aside")


@require_safe
@needs("conversations.read")
def whole(request: StaffRequest, pk: int, message: int) -> HttpResponse:
    """The whole email that a message of a conversation came in."""
    thread = conversations.thread_for(request.user, pk)
    found = queries.of_thread(thread, message)
    if request.method == "GET":
        record("inbound.opened", "inbound", found.pk, by=request.user, thread=thread.pk)
    return render(
        request,
        "conversations/inbound/whole.html",
        {"thread": thread, "whole": queries.whole_in_thread(found), "one": found},
    )


@require_safe
@needs("conversations.read")
def file(request: StaffRequest, pk: int, file: int) -> HttpResponse:
    """A file that came with a message, to be saved."""
    thread = conversations.thread_for(request.user, pk)
    row = queries.file_of(thread, file)
    assert row.file is not None
    record("file.downloaded", "thread", thread.pk, by=request.user, file=row.pk)
    return files.download(row.file, sniff.file_name(row.name, row.file.media_type))


def _page(request: StaffRequest, found: Inbound, **forms: Any) -> HttpResponse:
    open_still = found.state in (Inbound.State.ASIDE, Inbound.State.REPORT)
    context = {
        "one": found,
        "whole": queries.whole(found),
        "open": open_still,
        "attach_form": forms.get("attach_form") or AttachForm(request.user, found),
        "discard_form": forms.get("discard_form") or DiscardForm(),
        "form": forms.get("attach_form") or forms.get("discard_form"),
    }
    return render(request, "conversations/inbound/one.html", context)
