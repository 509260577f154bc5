"""The page of a table's host at a World Café, behind the link of the table: notes, one question after the other."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from peelian.events import actions
from peelian.events.forms.cafe import TableForm
from peelian.events.models import CafeTable
from peelian.events.queries import cafe as queries


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, key: str) -> HttpResponse:
    table = queries.table(key)
    rounds = list(table.event.rounds.all())
    asked = request.GET.get("round", "")
    number = int(asked) if asked.isdecimal() and int(asked) in {one.number for one in rounds} else 1
    form = TableForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.note_at_table(table=table, number=number, said=form.cleaned_data["said"])
        messages.success(request, _("Kept. Write the next one."))
        return redirect(_url(table, number))
    context = {
        "table": table,
        "event": table.event,
        "rounds": rounds,
        "now": next((one for one in rounds if one.number == number), None),
        "rows": table.notes.filter(round__number=number, by=None).order_by("-pk"),
        "form": form,
    }
    response = render(request, "events/cafe/table.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _url(table: CafeTable, number: int) -> str:
    return f"{reverse('events:table', args=[table.key])}?round={number}"


@never_cache
@require_POST
def remove(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    table = queries.table(key)
    number = table.notes.filter(pk=pk).values_list("round__number", flat=True).first() or 1
    actions.take_back_note(table=table, pk=pk)
    messages.success(request, _("It is taken away."))
    return redirect(_url(table, number))
