"""What a machine or one person translated, for others who read those languages: the list of what waits, and one beside
its original."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.alerts import actions, translated
from peelian.alerts.errors import NotReady, OwnWords, TranslationChanged
from peelian.alerts.forms.staff_translation import RejectForm, ReviewForm
from peelian.alerts.models import Translation
from peelian.core import keyset
from peelian.core.languages import direction, own_name

BOTH = ["GET", "HEAD", "POST"]


@require_safe
@needs("translations.review")
def waiting(request: StaffRequest) -> HttpResponse:
    page = keyset.page(translated.to_review(request.user), "made_at", request.GET.get("page", ""))
    context = {
        "rows": [_row(one) for one in page.rows],
        "previous_url": f"?page={page.previous}" if page.previous else "",
        "next_url": f"?page={page.next}" if page.next else "",
    }
    return render(request, "alerts/staff/translations.html", context)


def _row(one: Translation) -> dict[str, object]:
    return {"one": one, "alert": one.alert, "language": translated.language_name(one.language)}


@require_http_methods(BOTH)
@needs("translations.review")
def review(request: StaffRequest, ref: str, language: str) -> HttpResponse:
    one = translated.translation_for(request.user, ref, language)
    form = ReviewForm(one, request.POST if request.method == "POST" else None)
    refused = ""
    if form.is_bound and form.is_valid():
        try:
            made_at = form.cleaned_data["made_at"]
            actions.review(translation=one, words=form.words(), made_at=made_at, by=request.user)
            messages.success(request, f"The translation into {translated.language_name(language)} is approved.")
            return redirect("alerts_staff:translations")
        except (NotReady, OwnWords, TranslationChanged) as problem:
            refused = str(problem)
    return _page(request, one, form, RejectForm(one), refused)


@require_POST
@needs("translations.review")
def reject(request: StaffRequest, ref: str, language: str) -> HttpResponse:
    one = translated.translation_for(request.user, ref, language)
    form = RejectForm(one, request.POST)
    refused = ""
    if form.is_valid():
        try:
            made_at = form.cleaned_data["made_at"]
            actions.reject(translation=one, why=form.cleaned_data["why"], made_at=made_at, by=request.user)
            messages.success(request, f"The translation into {translated.language_name(language)} is rejected.")
            return redirect("alerts_staff:translations")
        except (NotReady, OwnWords, TranslationChanged) as problem:
            refused = str(problem)
    return _page(request, one, ReviewForm(one), form, refused)


def _page(
    request: StaffRequest, one: Translation, form: ReviewForm, reject_form: RejectForm, refused: str
) -> HttpResponse:
    context = {
        "one": one,
        "alert": one.alert,
        "form": form,
        "reject_form": reject_form,
        "refused": refused,
        "language": translated.language_name(one.language),
        "own_name": own_name(one.language),
        "dir": direction(one.language),
        "is_mine": one.written_by_id == request.user.pk,
        "has_words": one.made_at is not None and one.state != Translation.State.FAILED,
        "out_of_date": one.fingerprint != translated.fingerprint(one.alert),
    }
    return render(request, "alerts/staff/translation.html", context, status=409 if refused else 200)
