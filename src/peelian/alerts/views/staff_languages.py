"""A draft in other languages: which are asked for, and the page on which a person writes one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from peelian.accounts.door import StaffRequest, needs
from peelian.alerts import actions, queries, translated
from peelian.alerts.errors import NoSuchTranslation, NotADraft, NotReady, OriginalChanged, TranslationChanged
from peelian.alerts.forms.staff_translation import LanguageForm, WriteForm
from peelian.alerts.models import Alert, Translation
from peelian.core import translators
from peelian.core.languages import direction, needs_translation, own_name
from peelian.members.categories import LANGUAGES

BOTH = ["GET", "HEAD", "POST"]


@require_http_methods(BOTH)
@needs("alerts.write")
def languages(request: StaffRequest, ref: str) -> HttpResponse:
    alert = _draft(request, ref)
    form = LanguageForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return redirect("alerts_staff:language", ref, form.cleaned_data["language"])
    context = {
        "alert": alert,
        "form": form,
        "plans": translated.plans(alert, translated.wanted(alert)),
        "has_translator": translators.configured() is not None,
    }
    return render(request, "alerts/staff/languages.html", context)


@require_http_methods(BOTH)
@needs("alerts.write")
def language(request: StaffRequest, ref: str, language: str) -> HttpResponse:
    alert = _draft(request, ref)
    one = _translation(alert, language)
    if request.method != "POST":
        return _page(request, one, WriteForm(one), "")
    form, refused = WriteForm(one, request.POST), ""
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.write_translation(
                alert=alert, language=language, words=form.words(), of=given["of"], made_at=given["made_at"],
                by=request.user,
            )  # fmt: skip
            messages.success(request, f"Saved. It goes in {translated.language_name(language)} too.")
            return redirect("alerts_staff:languages", ref)
        except NotReady as problem:
            refused = str(problem)
        except (OriginalChanged, TranslationChanged) as problem:
            refused = str(problem)
            form = WriteForm(one, _beside_what_is_there_now(request, one))
    return _page(request, one, form, refused)


def _beside_what_is_there_now(request: StaffRequest, one: Translation) -> QueryDict:
    """What was written, to be pressed again once the words that are there now have been read."""
    data = request.POST.copy()
    data["of"] = translated.fingerprint(one.alert)
    data["made_at"] = one.made_at.isoformat() if one.made_at else ""
    return data


@require_POST
@needs("alerts.write")
def remove(request: StaffRequest, ref: str, language: str) -> HttpResponse:
    alert = _draft(request, ref)
    actions.remove_translation(alert=alert, language=language, by=request.user)
    messages.success(request, f"The words in {translated.language_name(language)} are gone.")
    return redirect("alerts_staff:languages", ref)


def _draft(request: StaffRequest, ref: str) -> Alert:
    alert = queries.alert_for(request.user, ref)
    if alert.state != Alert.State.DRAFT:
        raise NotADraft
    return alert


def _translation(alert: Alert, language: str) -> Translation:
    """The one there is, or a new one, which is not saved."""
    if language not in LANGUAGES or not needs_translation(language):
        raise NoSuchTranslation
    found = alert.translations.filter(language=language).first() or Translation(language=language)
    found.alert = alert
    return found


def _page(request: StaffRequest, one: Translation, form: WriteForm, refused: str) -> HttpResponse:
    context = {
        "one": one,
        "alert": one.alert,
        "form": form,
        "refused": refused,
        "language": translated.language_name(one.language),
        "own_name": own_name(one.language),
        "dir": direction(one.language),
        "out_of_date": bool(one.made_at) and one.fingerprint != translated.fingerprint(one.alert),
        "confirmed": one.state == Translation.State.REVIEWED,
    }
    return render(request, "alerts/staff/language.html", context, status=409 if refused else 200)
