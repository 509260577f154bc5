"""The alert as residents will have it: email, text, voice, public page. Framed pages run no script and load nothing."""

from __future__ import annotations

import re

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.alerts import phrases, queries, translated
from peelian.alerts.enclosed import enclosed
from peelian.alerts.models import Alert
from peelian.alerts.renderer import AlertRenderer
from peelian.core import languages
from peelian.core.languages import ENGLISH
from peelian.core.messages import TOKEN
from peelian.members.categories import LANGUAGES

FRAMED = {"frame-ancestors": [SELF], "script-src": ["'none'"], "sandbox": []}
RENDERER = AlertRenderer()
# Would not run in a frame, only be refused with a line in the browser's console
SCRIPTS = re.compile(r"<script\b.*?</script>|<link rel=.modulepreload.[^>]*>", re.DOTALL)
WAYS = {"email": "Email", "text": "Text", "voice": "Phone call", "page": "Public page"}


@require_safe
@needs("alerts.read")
def preview(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    way = request.GET.get("as", "email")
    way = way if way in WAYS else "email"
    spoken = translated.languages_of(alert)
    language = request.GET.get("lang", "")
    language = language if language in spoken else ""
    context = {
        "alert": alert,
        "ways": WAYS,
        "way": way,
        "languages": [(code, translated.language_name(code)) for code in spoken],
        "language": language,
        "written_in": language or ENGLISH,
        "email_subject": RENDERER.email(alert.pk, language).subject if way == "email" else "",
        "text": RENDERER.text(alert.pk, language).replace(TOKEN, "…"),
        "script": RENDERER.voice(alert.pk, language) if way == "voice" else "",
        "may_write": request.user.may("alerts.write"),
        "is_draft": alert.state == Alert.State.DRAFT,
    }
    return render(request, "alerts/staff/preview.html", context)


@require_safe
@needs("alerts.read")
@xframe_options_sameorigin
@csp_replace({**FRAMED, "style-src": ["'unsafe-inline'"]})  # type: ignore[arg-type]  # it knows no view with arguments
def email(request: StaffRequest, ref: str) -> HttpResponse:
    """The HTML part of the email, whose styles are inline as mail programs need them; with ?lang= as somebody gets it
    who asked for that language."""
    alert = queries.alert_for(request.user, ref)
    language = request.GET.get("lang", "")
    html = RENDERER.email(alert.pk, language if language in LANGUAGES else "").html.replace(TOKEN, "preview")
    return HttpResponse(mark_safe(html))  # noqa: S308 (the renderer's own page)


@require_safe
@needs("alerts.read")
@xframe_options_sameorigin
@csp_replace(FRAMED)  # type: ignore[arg-type]  # as above
def public_page(request: StaffRequest, ref: str) -> HttpResponse:
    """The public page as it will stand, in a frame without script; with ?lang= with the words in that language."""
    alert = queries.alert_for(request.user, ref)
    urgent = alert.priority == Alert.Priority.URGENT
    said = translated.said_in(alert, request.GET.get("lang", ""))
    context = {"section": "alerts", "alert": alert, "urgent": urgent, "first": alert.first}
    context |= {"said": said or translated.original(alert), "is_translated": said is not None}
    if said is not None:
        context |= {
            "note": said.phrases[said.note],
            "note_in_english": phrases.PHRASES[said.note],
            "english": phrases.PHRASES,
        }
    context["enclosed"] = enclosed(alert)
    with languages.reading(said.language if said else ENGLISH):
        html = render_to_string("alerts/public/page.html", context, request)
    return HttpResponse(SCRIPTS.sub("", html))
