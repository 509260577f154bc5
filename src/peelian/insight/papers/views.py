"""Board papers: asked for, looked at, checked, signed, taken away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core import files
from peelian.core.errors import NotFound
from peelian.insight.models import BoardPaper
from peelian.insight.papers import actions, queries
from peelian.insight.papers.forms import AcceptForm, PaperForm

SHOWN = 50


@require_safe
@needs("insight.read")
def listed(request: StaffRequest) -> HttpResponse:
    rows = queries.papers_of(request.user).prefetch_related("areas")[:SHOWN]
    context = {"papers": rows, "may_make": request.user.may("insight.manage")}
    return render(request, "insight/papers/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("insight.manage")
def new(request: StaffRequest) -> HttpResponse:
    form = PaperForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        return redirect(actions.ask_for_paper(by=request.user, **form.cleaned_data))
    return render(request, "insight/papers/new.html", {"form": form})


@require_safe
@needs("insight.read")
def paper(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.paper_for(request.user, pk)
    findings = list(found.findings.select_related("accepted_by"))
    own = found.made_by_id == request.user.pk or queries.wrote_in(request.user, found)
    context = {
        "paper": found,
        "data": found.data,
        "findings": findings,
        "open": sum(1 for one in findings if one.accepted_at is None),
        "form": AcceptForm(),
        "own": own,
        "may_manage": request.user.may("insight.manage"),
    }
    return render(request, "insight/papers/paper.html", context)


@require_safe
@needs("insight.read")
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """How far the job is: a part of the page, asked for every two seconds while it runs."""
    found = queries.paper_for(request.user, pk)
    answer = render(request, "insight/papers/progress.html", {"paper": found})
    if found.state != BoardPaper.State.MAKING:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@needs("insight.manage")
def accept(request: StaffRequest, pk: int, finding: int) -> HttpResponse:
    found = queries.paper_for(request.user, pk)
    row = get_object_or_404(found.findings, pk=finding)
    form = AcceptForm(request.POST)
    if form.is_valid():
        actions.accept(finding=row, by=request.user, **form.cleaned_data)
        messages.success(request, "It stands, with your reason beside it.")
    else:
        messages.error(request, "Say why it stands; the reason is kept beside it.")
    return redirect("insight_staff:paper", pk)


@require_POST
@needs("insight.manage")
def sign(request: StaffRequest, pk: int) -> HttpResponse:
    actions.sign(paper=queries.paper_for(request.user, pk), by=request.user)
    messages.success(request, "Signed. It stays as it is.")
    return redirect("insight_staff:paper", pk)


@require_safe
@needs("insight.read")
def file(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    """The paper to keep, as it was made."""
    found = queries.paper_for(request.user, pk)
    kept = {"paper.pdf": found.pdf, "paper.html": found.html}.get(name)
    if kept is None:
        raise NotFound
    return files.download(kept, f"{slugify(str(found))}{'-public' * found.public}.{name.rpartition('.')[2]}")
