"""Issues: what people raised with us, from wherever they said it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core import clock
from peelian.core.errors import NotFound, RuleBroken
from peelian.core.raising import IssueSource, Raised
from peelian.places.models import Area
from peelian.priorities import actions, queries
from peelian.priorities.actions.issues import Heard
from peelian.priorities.forms.issues import (
    NEW,
    HeardForm,
    IssueFilter,
    IssueForm,
    MergeForm,
    SameForm,
    SearchForm,
    WhyForm,
)
from peelian.priorities.models import Issue
from peelian.priorities.views.shared import GET_OR_POST, given, listed, posted


@require_safe
@needs("priorities.read")
def issue_list(request: StaffRequest) -> HttpResponse:
    form = IssueFilter(request.user, request.GET)
    kept = given(form)
    wanted = form.cleaned_data
    rows = queries.issues_for(
        request.user,
        show=wanted.get("show") or "open",
        q=wanted.get("q") or "",
        area=wanted.get("area"),
        source=wanted.get("source") or "",
    )
    context = {"filter": form, "may_write": request.user.may("priorities.write")}
    return render(request, "priorities/staff/issues.html", context | listed(request, rows, "made_at", kept))


class Making:
    """One attempt at making an issue: what it is made of, the form, and the issues that it may be the same as."""

    def __init__(self, request: StaffRequest) -> None:
        self.request, self.staff = request, request.user
        self.source, self.raised, self.pk = self._of()
        self.form = self._form()
        self.similar: list[Issue] = []
        self.same: SameForm | None = None

    def _of(self) -> tuple[IssueSource | None, Raised | None, int]:
        code, pk = self.request.GET.get("source", ""), self.request.GET.get("id", "")
        if not code and not pk:
            return None, None, 0
        if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
            raise NotFound
        return *queries.raised(self.staff, code, int(pk)), int(pk)

    def _form(self) -> IssueForm:
        if self.raised is None:
            return HeardForm(self.staff, posted(self.request), initial={"day": clock.today()})
        areas = queries.areas_of(self.staff)
        begins = areas.filter(pk=self.raised.area_id or 0).first()
        begun = {"words": " ".join(self.raised.said.split())[:500], "area": begins.code if begins else ""}
        return IssueForm(self.staff, posted(self.request), member_ids=tuple(self.raised.member_ids), initial=begun)

    def look(self) -> None:
        """Find what it may be the same as: by the words as written, or as they were heard."""
        if self.form.is_bound:
            words, area = self.form.cleaned_data.get("words", ""), self.form.cleaned_data.get("area")
        else:
            words = str(self.form.initial.get("words", ""))
            area = queries.areas_of(self.staff).filter(code=self.form.initial.get("area", "")).first()
        if words and isinstance(area, Area):
            self.similar = queries.similar(self.staff, words, area)
        if self.similar:
            was_asked = self.form.is_bound and "same_as" in self.request.POST
            self.same = SameForm(self.similar, self.request.POST if was_asked or self._asked_before() else None)

    def _asked_before(self) -> bool:
        return self.request.method == "POST" and bool(self.request.POST.get("asked"))

    @property
    def is_decided(self) -> bool:
        """Whether the form can be kept, and whoever fills it has said whether it is one of those there are."""
        valid = self.form.is_bound and self.form.is_valid()
        self.look()
        return valid and (self.same is None or (self.same.is_bound and self.same.is_valid()))

    def heard(self) -> Heard:
        if self.source is not None and self.raised is not None:
            return Heard.of(self.source, self.pk, self.raised)
        said = self.form.cleaned_data
        return Heard(said["how"], said["day"], people=said["people"])

    def keep(self) -> Issue:
        """Raises what the actions raise."""
        chosen = self.same.cleaned_data["same_as"] if self.same else NEW
        if chosen != NEW:
            issue = next(one for one in self.similar if one.ref == chosen)
            actions.add_report(issue=issue, heard=self.heard(), by=self.staff)
            messages.success(self.request, "Added to the issue there was. Whoever raised it is told with the others.")
            return issue
        words, area = self.form.cleaned_data["words"], self.form.cleaned_data["area"]
        issue = actions.make_issue(words=words, area=area, heard=self.heard(), by=self.staff)
        messages.success(self.request, "Written down as an issue.")
        return issue


@require_http_methods(GET_OR_POST)
@needs("priorities.write")
def issue_new(request: StaffRequest) -> HttpResponse:
    """Make an issue of something that was raised (`source` and `id`), or of what somebody told us."""
    making = Making(request)
    if making.is_decided:
        try:
            return redirect(making.keep())
        except RuleBroken as problem:
            making.form.add_error("words", str(problem))
    context: dict[str, Any] = {
        "form": making.form,
        "same": making.same,
        "source": making.source,
        "back": making.source.url(making.pk) if making.source else "",
        "nothing_said": making.raised is not None and not making.raised.said,
        "told": len(making.raised.member_ids) + len(making.raised.address_ids) if making.raised else 0,
        "already": queries.issues_of_source(making.source.code, making.pk) if making.source else [],
    }
    return render(request, "priorities/staff/issue_new.html", context)


@require_safe
@needs("priorities.read")
def issue(request: StaffRequest, ref: str) -> HttpResponse:
    found = queries.issue_for(request.user, ref)
    may_write = request.user.may("priorities.write")
    context = {
        "issue": found,
        "reports": queries.heard_in(request.user, found),
        "wants": queries.wants_to_know([found.pk]),
        "merge": queries.last_merge(found) if may_write else None,
        "merges": queries.merges_into(found) if may_write else [],
        "priorities": queries.priorities_of(found),
        "promises": queries.promises_of_issue(found),
        "may_write": may_write,
        "is_open": found.state == "open",
    }
    return render(request, "priorities/staff/issue.html", context)


@require_http_methods(GET_OR_POST)
@needs("priorities.write")
def issue_edit(request: StaffRequest, ref: str) -> HttpResponse:
    found = queries.issue_for(request.user, ref)
    begun = {"words": found.words, "area": found.area.code}
    form = IssueForm(request.user, posted(request), initial=begun)
    if form.is_valid():
        try:
            words, area = form.cleaned_data["words"], form.cleaned_data["area"]
            return redirect(actions.change_issue(issue=found, words=words, area=area, by=request.user))
        except RuleBroken as problem:
            form.add_error("words", str(problem))
    return render(request, "priorities/staff/issue_edit.html", {"form": form, "issue": found})


@require_http_methods(GET_OR_POST)
@needs("priorities.write")
def issue_merge(request: StaffRequest, ref: str) -> HttpResponse:
    found = queries.issue_for(request.user, ref)
    q = request.GET.get("q", "")[:100]
    form = MergeForm(request.user, found, q, posted(request))
    if form.is_valid():
        into: Issue = form.cleaned_data["into"]
        actions.merge_issue(issue=found, into=into, by=request.user)
        messages.success(request, "Merged. You can undo it until this time tomorrow.")
        return redirect(into)
    context = {"form": form, "issue": found, "search": SearchForm(initial={"q": q}), "q": q}
    return render(request, "priorities/staff/issue_merge.html", context)


@require_POST
@needs("priorities.write")
def merge_undo(request: StaffRequest, ref: str) -> HttpResponse:
    found = queries.issue_for(request.user, ref)
    merge = queries.last_merge(found)
    if merge is None:
        raise NotFound
    apart = actions.undo_merge(merge=merge, by=request.user)
    messages.success(request, "Undone. Both issues stand by themselves again.")
    return redirect(apart)


@require_http_methods(GET_OR_POST)
@needs("priorities.write")
def issue_close(request: StaffRequest, ref: str) -> HttpResponse:
    found = queries.issue_for(request.user, ref)
    form = WhyForm(posted(request))
    if form.is_valid():
        actions.close_issue(issue=found, why=form.cleaned_data["why"], by=request.user)
        messages.success(request, "Closed.")
        return redirect(found)
    return render(request, "priorities/staff/issue_close.html", {"form": form, "issue": found})


@require_POST
@needs("priorities.write")
def issue_reopen(request: StaffRequest, ref: str) -> HttpResponse:
    found = queries.issue_for(request.user, ref)
    actions.reopen_issue(issue=found, by=request.user)
    messages.success(request, "It is open again.")
    return redirect(found)
