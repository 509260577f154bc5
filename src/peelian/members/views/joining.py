"""Joining: four short pages, what is filled in kept in the session until the end, and the page on which codes are
typed. No script is needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.db import connection
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from peelian.core import clock, limits, skeletons
from peelian.core.languages import is_english
from peelian.core.wording import listed
from peelian.members import actions, categories, queries, queries_joining, sessions, tokens
from peelian.members.actions.codes import MOST_TRIES
from peelian.members.errors import CodeRefused, NoMoreTries
from peelian.members.forms import CodeForm
from peelian.members.forms_joining import TEENAGER, UNDER_13, AboutForm, CareForm, WhereForm
from peelian.members.forms_offer import OfferForm
from peelian.members.forms_reach import ReachForm
from peelian.members.models import Campaign, Wording
from peelian.members.queries_joining import Offer
from peelian.members.views.number import SENT_AGAIN
from peelian.members.views.posted import posted
from peelian.places import outlines
from peelian.places import queries as places

AN_HOUR = timedelta(hours=1)
FROM_A_NETWORK, TRIES_FROM_A_NETWORK = 30, 60
GET_OR_POST = ["GET", "HEAD", "POST"]
_FILES = ("start", "choices", "contact", "questions")
KEPT_AFTERWARDS = 15 * 60  # seconds in which what was filled in can be put right without filling it in again
WHERE, CARE, REACH, ABOUT = PAGES = ("where", "care", "reach", "about")
ADDRESSES = dict(zip(PAGES, ("register", "register_choices", "register_contact", "register_questions"), strict=True))
AGAIN = {
    "email": _("Send the email again"),
    "mobile": _("Text me the figures again"),
    "landline": _("Call my landline again"),
}
NUMBERS = {"mobile": _("Your mobile number"), "landline": _("Your landline")}


def source_of(request: HttpRequest) -> tuple[str, Campaign | None]:
    """How somebody came here: Member.source, and the campaign whose short link or QR code brought them."""
    return "web", sessions.campaign(request)


# What is kept between the pages ---------------------------------------------------------------------------------------


def _kept(request: HttpRequest) -> dict[str, Any]:
    """What was filled in so far: `wording`, and for each page done its values as they were posted."""
    kept = request.session.get(sessions.JOINING) or {}
    if clock.now().timestamp() - kept.get("done", clock.now().timestamp()) > KEPT_AFTERWARDS:
        request.session.pop(sessions.JOINING, None)
        return {}
    return dict(kept)


def _keep(request: HttpRequest, page: str, form: Form) -> None:
    values = {name: form.data.getlist(name) for name in form.fields if name in form.data}  # type: ignore[attr-defined]
    request.session[sessions.JOINING] = {**_kept(request), page: values}


def _values(kept: dict[str, Any], page: str) -> QueryDict | None:
    if page not in kept:
        return None
    values = QueryDict(mutable=True)
    for name, several in kept[page].items():
        values.setlist(name, several)
    return values


def _filled(request: HttpRequest, page: str) -> QueryDict | None:
    """What a page's form holds: what is posted now, else what was posted before."""
    return posted(request) if request.method == "POST" else _values(_kept(request), page)


def _is_young(kept: dict[str, Any]) -> bool:
    return bool(kept.get(WHERE, {}).get("age") == [TEENAGER])


def _too_early(request: HttpRequest, page: str) -> HttpResponse | None:
    """To the first page that was not filled in, where that is before PAGE."""
    kept = _kept(request)
    missing = next((each for each in PAGES[: PAGES.index(page)] if each not in kept), None)
    return redirect(f"members:{ADDRESSES[missing]}") if missing else None


SENT = "members/join/sent.html"
TEMPLATES = {name: f"members/join/{file}.html" for name, file in zip(PAGES, _FILES, strict=True)}


def _page(
    request: HttpRequest, page: str, form: OfferForm, *, language: str = "", own: Mapping[str, str] | None = None
) -> HttpResponse:
    """A page with its form. What nobody has filled in yet is the same for everybody."""
    young = _is_young(_kept(request))
    if not form.is_bound:
        return skeletons.respond(request, TEMPLATES[page], _empty, page, form.offer, young, language, own=own)
    return render(request, TEMPLATES[page], {**_around(page, form.offer, young), "form": form, **(own or {})})


def _empty(page: str, offer: Offer, young: bool, language: str) -> dict[str, Any]:
    """What a page says to whoever comes to it first; LANGUAGE is the one their browser asks for."""
    return {**_around(page, offer, young), "form": _form(page, offer, None, young, language)}


def _around(page: str, offer: Offer, young: bool) -> dict[str, Any]:
    steps = len(PAGES[:3] if young else PAGES)
    step = PAGES.index(page) + 1
    return {"section": "join", "young": young, "step": step, "steps": steps, "wording": offer.privacy}


def _form(page: str, offer: Offer, values: QueryDict | None, young: bool, language: str = "") -> Any:
    if page == REACH:
        return ReachForm(offer, values, young=young, initial={"language": language})
    return {WHERE: WhereForm, CARE: CareForm, ABOUT: AboutForm}[page](offer, values)


# The pages ------------------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(GET_OR_POST)
def start(request: HttpRequest) -> HttpResponse:
    """Where they live, with the privacy notice. Of somebody under 13 nothing is kept."""
    offer = queries_joining.offer()
    form = WhereForm(offer, _filled(request, WHERE))
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["age"] == UNDER_13:
            request.session.pop(sessions.JOINING, None)
            return render(request, "members/join/too_young.html", {"section": "join"})
        _keep(request, WHERE, form)
        request.session[sessions.JOINING]["wording"] = offer.privacy.pk
        return redirect("members:register_choices")
    return _page(request, WHERE, form)


@never_cache
@require_http_methods(GET_OR_POST)
def choices(request: HttpRequest) -> HttpResponse:
    if early := _too_early(request, CARE):
        return early
    form = CareForm(queries_joining.offer(), _filled(request, CARE))
    if request.method == "POST" and form.is_valid():
        _keep(request, CARE, form)
        return redirect("members:register_contact")
    return _page(request, CARE, form)


@never_cache
@require_http_methods(GET_OR_POST)
def contact(request: HttpRequest) -> HttpResponse:
    """How and when messages come, and from whom."""
    if early := _too_early(request, REACH):
        return early
    young = _is_young(_kept(request))
    language = _spoken(request)
    form = _form(REACH, queries_joining.offer(), _filled(request, REACH), young, language)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:
            return _done(request, form, actions.Registered())  # a program: it learns nothing
        _keep(request, REACH, form)
        return _register(request, form, REACH) if young else redirect("members:register_questions")
    return _page(request, REACH, form, language=language)


def _spoken(request: HttpRequest) -> str:
    """The language that they read our page in, where that is not English; otherwise what their browser asks for."""
    page = get_language() or "en"
    if not is_english(page):
        return page
    first = request.headers.get("Accept-Language", "").split(",")[0].partition(";")[0]
    found = categories.language(first) or categories.language(first.partition("-")[0])
    return "en" if found in (None, "en-GB") else str(found)


@never_cache
@require_http_methods(GET_OR_POST)
def questions(request: HttpRequest) -> HttpResponse:
    """Names and equality questions: of adults alone, each free to leave."""
    kept = _kept(request)
    if early := _too_early(request, ABOUT):
        return early
    if _is_young(kept):
        return redirect("members:register")
    form = AboutForm(queries_joining.offer(), _filled(request, ABOUT))
    if request.method == "POST" and form.is_valid():
        _keep(request, ABOUT, form)
        return _register(request, form, ABOUT)
    reach = kept[REACH]
    points = [reach[name][0] for name in ("email", "mobile", "landline") if reach.get(name, [""])[0].strip()]
    return _page(request, ABOUT, form, own={"points": listed(points)})


def _register(request: HttpRequest, last: OfferForm, page: str) -> HttpResponse:
    """Read again what was kept of each page but the LAST, which has just been read, and register them. Where something
    is no longer as it was, like a postcode taken away meanwhile, back to that page."""
    limits.limit(f"register-network-{sessions.network(request)}", most=FROM_A_NETWORK, window=AN_HOUR)
    kept = _kept(request)
    young = _is_young(kept)
    offer = last.offer
    forms = {each: _form(each, offer, _values(kept, each) or QueryDict(), young) for each in PAGES} | {page: last}
    for each, form in forms.items():
        if not form.is_valid():
            return redirect(f"members:{ADDRESSES[each]}")
    where, care, reach, about = forms.values()
    source, campaign = source_of(request)
    given = actions.Given(
        points=reach.points(),
        wording=_read(kept["wording"], offer),
        offer=offer,
        where=where.where(),
        street_address=where.cleaned_data["street_address"],
        first_name=about.cleaned_data["first_name"],
        last_name=about.cleaned_data["last_name"],
        interests=care.bits(),
        young=young,
        source=source,
        campaign=campaign,
        answers=about.answers(),
        helper=None if young else reach.helper(),
        **reach.chosen(),
    )
    again = (request.session.get(sessions.JOINED) or {}).get("member")
    return _done(request, reach, actions.register(given=given, again=again))


def _read(wording: int, offer: Offer) -> Wording:
    """The privacy notice that they were shown, which need not be the newest by now."""
    return offer.privacy if wording == offer.privacy.pk else Wording.objects.get(pk=wording)


def _done(request: HttpRequest, reach: ReachForm, registered: actions.Registered) -> HttpResponse:
    request.session[sessions.JOINED] = {
        "member": registered.member_id,
        "codes": dict(registered.codes),
        "points": reach.points(),
        "tries": {},
        "confirmed": [],
        "helper": bool(reach.cleaned_data.get("helper_contact")),
    }
    if sessions.JOINING in request.session:
        request.session[sessions.JOINING] = {**_kept(request), "done": int(clock.now().timestamp())}
    return redirect("members:register_sent")


# Confirming -----------------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(GET_OR_POST)
def sent(request: HttpRequest) -> HttpResponse:
    """What to do now: press the button in an email, type the figures that came to a number. The page is the same for an
    address that we know; then no figures are right."""
    joined = request.session.get(sessions.JOINED)
    if joined is None:  # half an hour later: what was sent is asked for again, or typed, on the page for codes
        return redirect("members:number" if request.method == "POST" else "members:register")
    wrong: CodeForm | None = None
    if request.method == "POST" and request.POST.get("again") in joined["points"]:
        return _send_again(request, joined, request.POST["again"])
    if request.method == "POST" and request.POST.get("point") in joined["points"]:
        point = request.POST["point"]
        form = CodeForm(request.POST, auto_id=f"id_{point}_%s")
        if form.is_valid() and _typed(request, joined, point, form):
            return redirect("members:register_sent")
        wrong = form
    asked = _asked(joined, request.POST.get("point", ""), wrong)
    if not (asked["codes"] or asked["confirmed"]):
        return skeletons.respond(request, SENT, _look, asked["helper"], own={"email": asked["email"]})
    return render(request, SENT, {"section": "join", **asked})


def _send_again(request: HttpRequest, joined: dict[str, Any], point: str) -> HttpResponse:
    """Nothing came: once more, where that may be. The tries that were made stay counted."""
    limits.limit(f"again-network-{sessions.network(request)}", most=FROM_A_NETWORK, window=AN_HOUR)
    code = actions.ask_again(contact=joined["points"][point], member_id=joined["member"])
    if code:
        joined["codes"][point] = code
    request.session[sessions.JOINED] = joined  # kept from now on as long as before
    messages.success(request, SENT_AGAIN)
    return redirect("members:register_sent")


def _look(helper: bool) -> dict[str, Any]:
    """Most people: an email went out, and there is nothing to type."""
    again = [("email", AGAIN["email"])]
    return {"section": "join", "heading": _("Now look in your email"), "helper": helper, "again": again}


def _asked(joined: dict[str, Any], tried: str, wrong: CodeForm | None) -> dict[str, Any]:
    points, confirmed = joined["points"], joined["confirmed"]
    codes = [
        {
            "point": name,
            "title": title,
            "words": _said(name, points[name]),
            "form": wrong if wrong and name == tried else CodeForm(auto_id=f"id_{name}_%s"),
        }
        for name, title in NUMBERS.items()
        if name in points and name not in confirmed
    ]
    heading: Any = _("Confirm that these are yours")
    if confirmed and not codes:
        heading = _("You have joined")
    elif codes and not ("email" in points or len(codes) > 1):
        heading = _("Type the code we sent you") if "mobile" in points else _("Type the code from our call")
    elif not codes:
        heading = _("Now look in your email")
    return {
        "heading": heading,
        "email": points.get("email", ""),
        "again": [(name, AGAIN[name]) for name in points if name not in confirmed],
        "codes": codes,
        "confirmed": [_as_written(points[name]) for name in confirmed],
        "helper": joined["helper"],
    }


def _as_written(number: str) -> str:
    """A British number as people here write it."""
    return f"0{number[3:7]} {number[7:]}" if number.startswith("+44") and len(number) == 13 else number


def _said(point: str, number: str) -> str:
    number = _as_written(number)
    if point == "mobile":
        return _("We have texted six figures to %(number)s. They work once, today.") % {"number": number}
    said = _("We call %(number)s between 9am and 8pm, and a voice says six figures. They work once, for a day.")
    return said % {"number": number}


def _typed(request: HttpRequest, joined: dict[str, Any], point: str, form: CodeForm) -> bool:
    """Try the figures. Tries are counted here too, so that a code that was never sent behaves like one that was."""
    limits.limit(f"try-network-{sessions.network(request)}", most=TRIES_FROM_A_NETWORK, window=AN_HOUR)
    tries = joined["tries"].get(point, 0) + 1
    joined["tries"][point] = tries
    request.session[sessions.JOINED] = joined
    try:
        if tries > MOST_TRIES:
            raise NoMoreTries
        if not joined["codes"].get(point):
            raise CodeRefused
        actions.confirm_point(code_id=joined["codes"][point], figures=form.cleaned_data["code"])
    except NoMoreTries:
        form.add_error(
            "code", _("That code has been tried too often or is too old. Ask for another below, or join by another way")
        )
    except CodeRefused:
        form.add_error("code", _("That code is not right. Check the six figures"))
    else:
        joined["confirmed"].append(point)
        request.session.pop(sessions.JOINING, None)
        return True
    return False


@never_cache
@require_http_methods(GET_OR_POST)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in the email. Mail programs open links by themselves, so only the button confirms. The
    page shows nothing of the person, since mail is forwarded, but parts of other contact points that came with the
    address: whoever typed somebody else's does not share their account unseen."""
    if request.method == "POST":
        before = not actions.confirm(token=token)
        response = skeletons.respond(request, "members/join/confirmed.html", _confirming, before)
    else:
        member_id, address_id = tokens.read(token)
        own = {"others": listed(queries.other_points(member_id, address_id))}
        response = skeletons.respond(request, "members/join/confirm.html", _confirming, own=own)
    response["X-Robots-Tag"] = "noindex"
    return response


def _confirming(before: bool = False) -> dict[str, Any]:
    return {"section": "join", "before": before}


# The map --------------------------------------------------------------------------------------------------------------


@require_safe
@cache_control(public=True, max_age=3600)
def borders(request: HttpRequest) -> HttpResponse:
    """The neighbourhoods' borders, for the map on which a pin is put."""
    body = _borders(places.version(), str(connection.settings_dict["NAME"]))
    return HttpResponse(body, content_type="application/geo+json")


@lru_cache(maxsize=4)
def _borders(version: tuple[int, ...], database: str) -> bytes:
    return outlines.feature_collection(places.neighbourhoods())
