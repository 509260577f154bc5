"""Commentary and response: who is asked, who writes, who signs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.insight.measures import actions, pictures, queries
from peelian.insight.measures.forms import AskForm, WriteForm
from peelian.insight.measures.views import which


@require_safe
@needs("insight.read")
def listed(request: StaffRequest) -> HttpResponse:
    context = {"may_manage": request.user.may("insight.manage"), **queries.waiting(request.user)}
    return render(request, "insight/measures/writing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("insight.manage")
def ask(request: StaffRequest, code: str) -> HttpResponse:
    definition = queries.definition(code)
    _, area, _ = which(request)
    points = queries.observations(definition.measure, area)
    first = {"period": points[-1].period.name if points else ""}
    form = AskForm(definition, area, request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid():
        actions.ask_for(measure=definition.measure, area=area, by=request.user, **form.cleaned_data)
        messages.success(request, f"{form.cleaned_data['author']} is asked to write it.")
        return redirect("insight_staff:commentaries")
    return render(request, "insight/measures/ask.html", {"form": form, "definition": definition, "area": area})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("insight.read")
def one(request: StaffRequest, pk: int) -> HttpResponse:
    row = queries.commentary_for(request.user, pk)
    form = WriteForm(request.POST if request.method == "POST" else None, initial={"text": row.text})
    if form.is_valid():
        actions.write(commentary=row, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, "Kept. Somebody else signs it now.")
        return redirect("insight_staff:commentary", pk)
    mine = row.author_id == request.user.pk
    context = {
        "row": row,
        "form": form,
        "definition": queries.definition(row.measure.code),
        "may_write": mine and not row.signed_by_id,
        "may_read": True,
        "may_sign": request.user.may("insight.manage") and not mine and row.written and not row.signed_by_id,
    }
    return render(request, "insight/measures/commentary.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("today.read")
def asked(request: StaffRequest, pk: int) -> HttpResponse:
    """What somebody was asked for, with the figures that it is about; whatever their role, and nobody else's."""
    row = queries.asked_of(request.user, pk)
    form = WriteForm(request.POST if request.method == "POST" else None, initial={"text": row.text})
    if form.is_valid():
        actions.write(commentary=row, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, "Kept. Somebody else signs it now.")
        return redirect("insight_staff:commentary_asked", pk)
    definition = queries.definition(row.measure.code)
    context = {
        "row": row,
        "form": form,
        "definition": definition,
        "may_write": not row.signed_by_id,
        "chart": pictures.control_chart(definition, queries.observations(row.measure, row.area)),
        "may_read": request.user.may("insight.read"),
        "asked": True,
    }
    return render(request, "insight/measures/commentary.html", context)


@require_POST
@needs("insight.manage")
def sign(request: StaffRequest, pk: int) -> HttpResponse:
    row = queries.commentary_for(request.user, pk)
    actions.sign(commentary=row, by=request.user)
    messages.success(request, "Signed. It goes into the papers of that period.")
    return redirect("insight_staff:commentary", pk)
