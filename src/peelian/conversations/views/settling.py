"""What teams and supervisors set up: saved answers, hours, duty contacts, trigger words; and the figures."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts import queries as accounts
from peelian.accounts.door import StaffRequest, needs
from peelian.contacts.queries import masked
from peelian.conversations import figures, promise, queries, settling, sorting, waits
from peelian.conversations.errors import ForTheWholeForce
from peelian.conversations.forms import DeskForm, DutyForm, SavedForm, TriggerForm
from peelian.conversations.models import SavedAnswer
from peelian.core.errors import RuleBroken
from peelian.members.categories import LANGUAGES

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@needs("conversations.figures")
def kept(request: StaffRequest) -> HttpResponse:
    context = {"teams": figures.by_team(request.user), "wards": figures.by_ward(request.user), "days": figures.DAYS}
    return render(request, "conversations/figures.html", context)


# Saved answers --------------------------------------------------------------------------------------------------------


@require_safe
@needs("conversations.answer")
def saved(request: StaffRequest) -> HttpResponse:
    rows = queries.saved_answers(request.user).order_by("team__name", "title", "pk")
    return render(request, "conversations/saved.html", {"rows": rows})


@require_http_methods(GET_OR_POST)
@needs("conversations.answer")
def saved_new(request: StaffRequest) -> HttpResponse:
    return _save(request, None)


@require_http_methods(GET_OR_POST)
@needs("conversations.answer")
def saved_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _save(request, queries.saved_answer(request.user, pk))


def _save(request: StaffRequest, found: SavedAnswer | None) -> HttpResponse:
    stands = {"team": found.team_id, "title": found.title, "text": found.text} if found else None
    form = SavedForm(request.user, request.POST if request.method == "POST" else None, initial=stands)
    if form.is_valid():
        try:
            sorting.save_answer(saved=found, by=request.user, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error("text", str(problem))
        else:
            messages.success(request, "Saved. It can be put in the box of every conversation of this team.")
            return redirect("conversations_staff:saved")
    return render(request, "conversations/saved_form.html", {"form": form, "saved": found})


@require_POST
@needs("conversations.answer")
def saved_remove(request: StaffRequest, pk: int) -> HttpResponse:
    sorting.remove_answer(saved=queries.saved_answer(request.user, pk), by=request.user)
    messages.success(request, "Removed. Answers that were sent stay as they are.")
    return redirect("conversations_staff:saved")


# Hours, promises, duty contacts ---------------------------------------------------------------------------------------


@require_safe
@needs("conversations.manage")
def desks(request: StaffRequest) -> HttpResponse:
    teams = accounts.teams_in_scope(request.user).select_related("desk").order_by("name")
    rows = [
        {"team": team, "hours": promise.hours_in_words(desk), "target": promise.target_in_words(desk)}
        for team, desk in ((team, waits.desk_of(team)) for team in teams)
    ]
    context = {"rows": rows, "contacts": _contacts(request, None), "form": DutyForm(), "whole": _whole(request)}
    return render(request, "conversations/desks.html", context)


def _whole(request: StaffRequest) -> bool:
    """The contacts of the whole force are for people of the whole force to set."""
    return accounts.scope_area_ids(request.user) is None


def _contacts(request: StaffRequest, slug: str | None) -> list[dict[str, object]]:
    found = queries.duty_contacts(accounts.team_for(request.user, slug) if slug else None)
    return [{"pk": one.pk, "name": one.name, "address": masked(one.address)} for one in found]


@require_http_methods(GET_OR_POST)
@needs("conversations.manage")
def desk(request: StaffRequest, slug: str) -> HttpResponse:
    team = accounts.team_for(request.user, slug)
    stands = waits.desk_of(team)
    days = [value for value, _ in DeskForm.base_fields["weekdays"].choices if stands.weekdays & int(value)]  # type: ignore[attr-defined]
    initial = {name: getattr(stands, name) for name in ("days", "opens", "closes", "bank_holidays", "minutes")}
    form = DeskForm(request.POST if request.method == "POST" else None, initial={**initial, "weekdays": days})
    if form.is_valid():
        given = dict(form.cleaned_data)
        given["weekdays"] = sum(int(bit) for bit in given["weekdays"])
        settling.set_desk(team=team, by=request.user, **given)
        messages.success(request, "Saved. What waits already keeps the time it was promised.")
        return redirect("conversations_staff:desk", slug=slug)
    context = {"team": team, "form": form, "duty_form": DutyForm(), "contacts": _contacts(request, slug)}
    return render(request, "conversations/desk.html", context)


@require_POST
@needs("conversations.manage")
def duty_add(request: StaffRequest) -> HttpResponse:
    """Add a contact for every team that has nobody; people of the whole force alone."""
    if not _whole(request):
        raise ForTheWholeForce
    return _add_contact(request, None)


@require_POST
@needs("conversations.manage")
def duty_add_team(request: StaffRequest, slug: str) -> HttpResponse:
    return _add_contact(request, slug)


def _add_contact(request: StaffRequest, slug: str | None) -> HttpResponse:
    team = accounts.team_for(request.user, slug) if slug else None
    form = DutyForm(request.POST)
    if form.is_valid():
        settling.add_contact(team=team, by=request.user, **form.cleaned_data)
        messages.success(request, "Added. They are told when something is raised outside the team's hours.")
    else:
        for problem in form.errors.values():
            messages.error(request, str(problem[0]))
    return redirect("conversations_staff:desk", slug=slug) if slug else redirect("conversations_staff:desks")


@require_POST
@needs("conversations.manage")
def duty_remove(request: StaffRequest, pk: int) -> HttpResponse:
    contact = queries.duty_contact(request.user, pk)
    slug = contact.team.slug if contact.team else None
    settling.remove_contact(contact=contact, by=request.user)
    messages.success(request, f"{contact.name} is not told any more.")
    return redirect("conversations_staff:desk", slug=slug) if slug else redirect("conversations_staff:desks")


# Words that raise a message -------------------------------------------------------------------------------------------


@require_http_methods(GET_OR_POST)
@needs("conversations.manage")
def words(request: StaffRequest) -> HttpResponse:
    form = TriggerForm(request.POST if request.method == "POST" else None, initial={"out_of_hours": True})
    if form.is_valid():
        try:
            settling.add_trigger(by=request.user, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error("words", str(problem))
        else:
            messages.success(request, "Added. It counts from the next message on.")
            return redirect("conversations_staff:words")
    return render(request, "conversations/words.html", {"form": form, "lists": _word_lists()})


def _word_lists() -> list[tuple[str, list[object]]]:
    lists: dict[str, list[object]] = {}
    for one in queries.triggers():
        lists.setdefault(LANGUAGES.get(one.language, one.language), []).append(one)
    return list(lists.items())


@require_POST
@needs("conversations.manage")
def word_remove(request: StaffRequest, pk: int) -> HttpResponse:
    trigger = queries.trigger(pk)
    settling.remove_trigger(trigger=trigger, by=request.user)
    messages.success(request, f"“{trigger.words}” raises nothing any more. Add it again if that was a slip.")
    return redirect("conversations_staff:words")
