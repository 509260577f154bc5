"""A resident without an account writes to the team of a neighbourhood. Nothing is sent but a link to confirm, and the
team sees nothing before."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts.models import Team
from peelian.accounts.queries import nearest_team
from peelian.conversations import letters, promise, waits
from peelian.conversations.forms_public import LetterForm
from peelian.core import limits
from peelian.core.errors import RuleBroken
from peelian.members import sessions
from peelian.places import queries as places
from peelian.places.models import Area

GET_OR_POST = ["GET", "HEAD", "POST"]
FROM_A_NETWORK, FOR_AN_ADDRESS = 10, 3


@never_cache
@require_http_methods(GET_OR_POST)
def write(request: HttpRequest, code: str) -> HttpResponse:
    area = places.area(code)
    if area.kind not in Area.ADMINISTRATIVE:  # hotspots and drawn areas are the force's business
        raise places.NoSuchArea
    team = nearest_team(area)
    if team is None:
        return redirect("website:area", code=code)
    form = LetterForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        if given["website"]:
            return redirect("conversations:sent")  # a program: it learns nothing
        limits.limit(f"letter-network-{sessions.network(request)}", most=FROM_A_NETWORK, window=timedelta(hours=1))
        times = limits.count(f"letter-address-{sessions.key_of(given['email'])}", window=timedelta(days=1))
        try:
            if times <= FOR_AN_ADDRESS:  # more often nothing more is sent, and the page says the same
                letters.write(
                    team=team, area=area, email=given["email"], text=given["text"], language=given["language"]
                )
        except RuleBroken as problem:
            form.add_error("text", str(problem))
        else:
            return redirect("conversations:sent")
    context = {"section": "areas", "area": area, "form": form, **about(team)}
    return render(request, "conversations/public/write.html", context)


def about(team: Team) -> dict[str, object]:
    """What a page says of a team before somebody writes to it."""
    desk = waits.desk_of(team)
    return {"team": team, "hours": promise.hours_in_words(desk), "target": promise.target_in_words(desk)}


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "conversations/public/sent.html", {"section": "areas", "days": letters.KEPT.days})


@never_cache
@require_http_methods(GET_OR_POST)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in the email. Mail programs open links by themselves, so only the button confirms; the
    page shows nothing of what was written, since mail is forwarded."""
    if request.method == "POST":
        thread = letters.confirm(token=token)
        context = {"section": "areas", "thread": thread, **about(thread.team)}
        response = render(request, "conversations/public/confirmed.html", context)
    else:
        letter = letters.check(token)
        response = render(request, "conversations/public/confirm.html", {"section": "areas", "team": letter.team})
    response["X-Robots-Tag"] = "noindex"
    return response
