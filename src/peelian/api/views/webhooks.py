"""Webhooks, for administrators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.views.staff import ask_then_do
from peelian.api import actions, queries
from peelian.api.forms import WebhookForm
from peelian.api.models import Webhook
from peelian.api.webhooks import sending
from peelian.core import keyset


@require_safe
@needs("api.manage")
def listed(request: StaffRequest) -> HttpResponse:
    page = keyset.page(queries.webhooks_for(request.user), "made_at", request.GET.get("page", ""))
    context = {
        "rows": [(one, _labels(one)) for one in page.rows],
        "previous_url": f"?page={page.previous}" if page.previous else "",
        "next_url": f"?page={page.next}" if page.next else "",
    }
    return render(request, "api/webhooks.html", context)


def _labels(webhook: Webhook) -> list[str]:
    return [str(Webhook.Kind(kind).label) for kind in webhook.kinds if kind in Webhook.Kind.values]


@ask_then_do
@needs("api.manage")
def new(request: StaffRequest) -> HttpResponse:
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        webhook, secret = actions.make_webhook(by=request.user, **form.cleaned_data)
        return render(request, "api/webhook_made.html", {"webhook": webhook, "secret": secret})
    return render(request, "api/webhook_new.html", {"form": form})


@require_safe
@needs("api.manage")
def one(request: StaffRequest, pk: int) -> HttpResponse:
    webhook = queries.webhook_for(request.user, pk)
    context = {"webhook": webhook, "may": _labels(webhook), "tellings": queries.tellings_of(webhook)}
    return render(request, "api/webhook.html", context)


@require_POST
@needs("api.manage")
def test(request: StaffRequest, pk: int) -> HttpResponse:
    webhook = queries.webhook_for(request.user, pk)
    actions.send_test(webhook=webhook, by=request.user)
    messages.success(request, "A test is on its way. Look at this page again in a moment.")
    return redirect("api_staff:webhook", pk)


@require_POST
@needs("api.manage")
def end(request: StaffRequest, pk: int) -> HttpResponse:
    webhook = queries.webhook_for(request.user, pk)
    sending.end(webhook=webhook, why="By an administrator.", by=request.user)
    messages.success(request, f"“{webhook.name}” is told nothing more.")
    return redirect("api_staff:webhook", pk)


@require_POST
@needs("api.manage")
def begin(request: StaffRequest, pk: int) -> HttpResponse:
    webhook = queries.webhook_for(request.user, pk)
    actions.begin_again(webhook=webhook, by=request.user)
    messages.success(request, f"“{webhook.name}” is told again, from now on.")
    return redirect("api_staff:webhook", pk)


@require_POST
@needs("api.manage")
def again(request: StaffRequest, pk: int, telling: int) -> HttpResponse:
    webhook = queries.webhook_for(request.user, pk)
    sending.again(telling=queries.telling_of(webhook, telling), by=request.user)
    messages.success(request, "It is told once more, under the same id.")
    return redirect("api_staff:webhook", pk)
