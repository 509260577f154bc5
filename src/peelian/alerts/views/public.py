"""What everybody may read: the list of alerts, an alert's page, its share link. No page here reads a session or sets a
cookie, and each may be kept for a minute, so that what is withdrawn is gone within it."""

import json
from functools import partial
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from peelian.alerts import actions, enclosed, phrases, queries, reading, translated
from peelian.alerts.forms.public import AlertSearch
from peelian.alerts.models import Alert, Translation
from peelian.core import keyset
from peelian.core.for_everybody import for_everybody
from peelian.core.languages import ENGLISH, direction, in_address, own_name
from peelian.core.painting import only_while, painted
from peelian.places.models import Area


@for_everybody
def alert_list(request: HttpRequest) -> HttpResponse:
    form = AlertSearch(request.GET)
    q, topic = form.wanted()
    page = keyset.page(queries.public_alerts(q=q, topic=topic), "sent_at", request.GET.get("page", ""))
    narrowed = bool(q or topic)
    kept = {"q": q, "topic": topic.slug if topic else ""} if narrowed else {}
    kept |= {"lang": code} if (code := in_address().code) else {}
    context = {
        "section": "alerts",
        "filter": form,
        "alerts": page.rows,
        "narrowed": narrowed,
        "clear_url": request.path if narrowed else "",
        "previous_url": f"?{urlencode(kept | {'page': page.previous})}" if page.previous else "",
        "next_url": f"?{urlencode(kept | {'page': page.next})}" if page.next else "",
    }
    return render(request, "alerts/public/list.html", context)


@require_safe
@painted
def alert_page(request: HttpRequest, ref: str) -> HttpResponse:
    alert = queries.public_alert(ref)
    areas = [one.area for one in alert.areas.select_related("area").order_by("area__name")]
    family = queries.public_relatives(alert)
    later = [one for one in family.later if alert.sent_at is None or (one.sent_at and one.sent_at > alert.sent_at)]
    address = settings.PEELIAN_BASE_URL + alert.get_absolute_url()
    share_url = settings.PEELIAN_BASE_URL + reverse("alerts:share", args=[alert.ref])
    languages = translated.shown(alert) if not alert.has_ended else []
    language = request.GET.get("lang", "")
    said = translated.said_in(alert, language) if any(one.language == language for one in languages) else None
    if said is not None:
        address += f"?lang={said.language}"
    shown = said or translated.original(alert)
    files = [] if alert.has_ended else enclosed.enclosed(alert)
    context = {
        "section": "alerts",
        "alert": alert,
        "said": shown,
        "about": reading.beginning(next((text for text in shown.texts.values() if text), "")),
        "picture": next((one for one in files if one.is_picture), None),
        "is_translated": said is not None,
        "note": said.phrases[said.note] if said else "",
        "note_in_english": phrases.PHRASES[said.note] if said else "",
        "english": phrases.PHRASES,
        "offers_page_language": any(phrases.in_catalogue(one.language) for one in languages),
        "languages": _languages(alert, languages, said.language if said else ENGLISH),
        "ended": alert.has_ended,
        "recalled": alert.state == Alert.State.RECALLED,
        "urgent": alert.priority == Alert.Priority.URGENT,
        "first": family.first,
        "updates": [one for one in later if one.relation == Alert.Relation.UPDATE],
        "corrections": [one for one in later if one.relation == Alert.Relation.CORRECTION],
        "areas": areas,
        "outlines": _outlines(areas),
        "address": address,
        "enclosed": files,
        "share_url": share_url,
        "share_links": _share_links(alert.title, share_url),
    }
    response = render(request, "alerts/public/page.html", context)
    if alert.has_ended or context["recalled"]:
        response["X-Robots-Tag"] = "noindex"
    only_while(response, partial(queries.is_still, alert), copies=True)
    return response


@require_safe
@never_cache
def share(request: HttpRequest, code: str) -> HttpResponse:
    """The short link that people pass on. A visit is counted, whoever it is; programs that only look (HEAD) are not."""
    alert = queries.public_alert(code)
    if request.method == "GET":
        actions.report_visit(alert=alert)
    return redirect(alert)


def _languages(alert: Alert, languages: list[Translation], current: str) -> list[dict[str, object]]:
    """Links to the page in each language, by their own names; none where there is only English."""
    if not languages:
        return []
    found = [(ENGLISH, alert.get_absolute_url())]
    found += [(one.language, f"{alert.get_absolute_url()}?lang={one.language}") for one in languages]
    return [
        {"code": code, "name": own_name(code), "dir": direction(code), "url": url, "current": code == current}
        for code, url in found
    ]


def _outlines(areas: list[Area]) -> str:
    """The borders of the named areas. What a sender drew is never shown: it could point at a house."""
    features = [
        {"type": "Feature", "properties": {"name": area.name}, "geometry": area.outline}
        for area in areas
        if area.outline
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}) if features else ""


def _share_links(title: str, url: str) -> list[dict[str, str]]:
    """Plain links: nothing is fetched from these places until somebody follows one."""
    words = quote(f"{title} {url}", safe="")
    title, url = quote(title, safe=""), quote(url, safe="")
    return [
        {"name": "WhatsApp", "url": f"https://wa.me/?text={words}"},
        {"name": "Facebook", "url": f"https://www.facebook.com/sharer/sharer.php?u={url}"},
        {"name": "X", "url": f"https://x.com/intent/post?text={title}&url={url}"},
        {"name": _("Email"), "url": f"mailto:?subject={title}&body={words}"},
    ]
