"""Pages reached from a link in a message.

Mail is forwarded, so whoever holds the link may be somebody else: nothing here shows a name, an address or what was
done before. A GET changes nothing, because mail programs open links by themselves to look for dangers. The forms need
no cookie: the token in the address is the secret that only the message holds, so another website cannot make a browser
send them.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from peelian.alerts import actions, turning_down
from peelian.alerts.actions.responding import LONGEST_COMMENT, LOW
from peelian.alerts.digest.reading import by_place, why_not
from peelian.alerts.errors import LinkExpired
from peelian.alerts.forms.public import LessForm, ReplyForm, WhyForm
from peelian.alerts.links import Link
from peelian.alerts.models import Alert
from peelian.conversations import actions as conversations
from peelian.conversations.models import Message, Thread
from peelian.core import skeletons
from peelian.core.errors import Gone, NotFound, RuleBroken
from peelian.delivery.errors import BadToken

View = Callable[..., HttpResponse]
THANKS = "alerts/public/thanks.html"
PIECE = 64 * 1024  # bytes
MOST_READ = 20_000_000


def reached_from_message(view: View) -> View:
    """Read the token; what goes wrong becomes a plain page with one sentence. Nothing is kept, indexed or passed on."""

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @cache_control(private=True, no_store=True)
    @wraps(view)
    def guarded(request: HttpRequest, token: str, **given: Any) -> HttpResponse:
        try:
            response = view(request, Link(token), **given)
        except BadToken as problem:
            response = _plain(request, _("That link does not work"), str(problem), 404)
        except NotFound:
            response = _plain(request, _("There is nothing here"), _("What this link was for is no longer here."), 404)
        except Gone as problem:
            response = _plain(request, _("This has been taken down"), str(problem), 410)
        except LinkExpired as problem:
            response = _plain(request, _("That link is too old"), str(problem), 410)
        except RuleBroken as problem:
            response = _plain(request, _("That cannot be done now"), str(problem), 409)
        except RequestDataTooBig:
            _read_to_the_end(request)
            sentence = _(
                "What you sent is far too long for us. Nothing was kept. Go back, shorten it and send it again."
            )
            response = _plain(request, _("That is too long"), sentence, 413)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return guarded


def _plain(request: HttpRequest, heading: str, sentence: str, status: int) -> HttpResponse:
    said = {"heading": heading, "sentence": sentence}
    return render(request, "alerts/public/bad_link.html", said, status=status)


def _read_to_the_end(request: HttpRequest) -> None:
    """Take in what still comes (up to a limit) and forget it: a server that hangs up midway shows no page at all."""
    for _piece in range(MOST_READ // PIECE):
        if not request.read(PIECE):
            return


@reached_from_message
def overview(request: HttpRequest, link: Link) -> HttpResponse:
    link.check_age()
    if link.digest is not None:
        return _digest(request, link, link.digest)
    context = {
        "token": link.token,
        "about": link.about,
        "can_rate": link.alert is not None,
        "can_turn_down": link.alert is not None,
        "page_url": link.page_url,
    }
    return render(request, "alerts/public/from_message.html", context)


def _digest(request: HttpRequest, link: Link, alerts: list[Alert]) -> HttpResponse:
    """The list of alerts that a digest was of: what of it still stands, and nothing of whose it is."""
    left = [alert for alert in alerts if why_not(alert) is None]
    public = by_place(alert for alert in left if not alert.restricted)
    context = {"token": link.token, "places": public, "others": [alert for alert in left if alert.restricted]}
    return render(request, "alerts/public/digest.html", context)


@reached_from_message
def rate(request: HttpRequest, link: Link, value: int) -> HttpResponse:
    if not 1 <= value <= 6:
        raise NotFound
    if request.method == "POST":
        actions.rate(token=link.token, value=value)
        return skeletons.respond(request, THANKS, _thanks, value, own={"token": link.token})
    link.check_age()
    link.check_rated()
    own = {"token": link.token, "about": link.about}
    return skeletons.respond(request, "alerts/public/rate.html", _value, value, own=own)


def _value(value: int) -> dict[str, Any]:
    return {"value": str(value)}


def _thanks(value: int) -> dict[str, Any]:
    low = value <= LOW
    return {**_value(value), "form": WhyForm(low=low), "low": low, "longest": LONGEST_COMMENT}


@reached_from_message
def why(request: HttpRequest, link: Link, value: int) -> HttpResponse:
    """The one question after a rating. VALUE is the one just given; the page never asks what stands in the database,
    as the link may be somebody else's by now."""
    if not 1 <= value <= 6:
        raise NotFound
    link.check_age()
    link.check_rated()
    if request.method != "POST":
        return redirect("alerts:rate", link.token, value)
    form = WhyForm(request.POST, low=value <= LOW)
    if not form.is_valid():
        return render(request, THANKS, {**_thanks(value), "form": form, "token": link.token})
    said = form.cleaned_data
    if said.get("why") or said["comment"]:
        actions.explain(token=link.token, why=said.get("why", ""), comment=said["comment"])
    return skeletons.respond(request, "alerts/public/explained.html", dict, own={"token": link.token})


@reached_from_message
def reply(request: HttpRequest, link: Link) -> HttpResponse:
    link.check_age()
    context: dict[str, Any] = {"token": link.token, "team": link.team.name, "about": link.about}
    form = ReplyForm(request.POST) if request.method == "POST" else ReplyForm()
    if form.is_bound and form.is_valid():
        try:
            thread = _take_in(link, form.cleaned_data["text"])
        except RuleBroken as problem:
            form.add_error("text", str(problem))
        else:
            return render(request, "alerts/public/replied.html", context | {"thread": thread})
    return render(request, "alerts/public/reply.html", context | {"form": form, "longest": conversations.LONGEST})


def _take_in(link: Link, text: str) -> Thread:
    if link.thread is None:
        return actions.reply(token=link.token, text=text)
    return conversations.write_again(thread_id=link.thread.pk, text=text, how=Message.How.LINK, by=link)


@reached_from_message
def less(request: HttpRequest, link: Link) -> HttpResponse:
    """Choose, then say yes: the choice comes by GET and changes nothing, the yes by POST. Where there is one choice
    alone, the page asks at once."""
    posted = request.method == "POST"
    offered = turning_down.ways(link)
    pressed = posted or not {"choice", "go"}.isdisjoint(request.GET)  # the page may be opened with ?lang=ur as well
    form = LessForm(offered, (request.POST if posted else request.GET) if pressed else None)
    context: dict[str, Any] = {"token": link.token, "form": form, "to_anybody": link.is_to_anybody}
    if len(offered) == 1 and not posted:
        return render(request, "alerts/public/less_confirm.html", context | {"way": offered[0]})
    if not form.is_valid():
        return render(request, "alerts/public/less.html", context)
    context["way"] = form.way
    if not posted:
        return render(request, "alerts/public/less_confirm.html", context)
    form.way.do()
    return render(request, "alerts/public/less_done.html", context)


@reached_from_message
def one_click(request: HttpRequest, link: Link) -> HttpResponse:
    """RFC 8058: a mail program posts here without a person looking, so the POST alone is enough, however often."""
    offers_less = link.thread is None and not link.is_to_anybody
    context = {"token": link.token, "organisation": link.sender, "offers_less": offers_less}
    context["to_anybody"] = link.is_to_anybody
    if request.method != "POST":
        return render(request, "alerts/public/stop.html", context)
    turning_down.stop_organisation(link=link)
    return render(request, "alerts/public/stopped.html", context)
