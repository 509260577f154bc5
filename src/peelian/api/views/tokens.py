"""Tokens, for administrators."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.views.staff import ask_then_do
from peelian.api import actions, queries
from peelian.api.forms import TokenForm
from peelian.api.scopes import SCOPES
from peelian.core import clock, keyset

USUAL_LIFE = timedelta(days=180)


@require_safe
@needs("api.manage")
def listed(request: StaffRequest) -> HttpResponse:
    page = keyset.page(queries.tokens_for(request.user), "made_at", request.GET.get("page", ""))
    rows = [(one, [SCOPES[scope].label for scope in one.scopes if scope in SCOPES]) for one in page.rows]
    context = {
        "rows": rows,
        "previous_url": f"?page={page.previous}" if page.previous else "",
        "next_url": f"?page={page.next}" if page.next else "",
        "today": clock.today(),
    }
    return render(request, "api/tokens.html", context)


@ask_then_do
@needs("api.manage")
def new(request: StaffRequest) -> HttpResponse:
    form = TokenForm(request.user, request.POST or None, initial={"expires_on": clock.today() + USUAL_LIFE})
    if request.method == "POST" and form.is_valid():
        token, secret = actions.make_token(by=request.user, **form.cleaned_data)
        # Shown in the answer itself, not on a page to come back to: it is kept nowhere
        return render(request, "api/token_made.html", {"token": token, "secret": secret})
    return render(request, "api/token_new.html", {"form": form})


@require_POST
@needs("api.manage")
def revoke(request: StaffRequest, pk: int) -> HttpResponse:
    token = queries.token_for(request.user, pk)
    actions.revoke_token(token=token, by=request.user)
    messages.success(request, f"“{token.name}” no longer works.")
    return redirect("api_staff:tokens")
