"""Inviting people to a survey: choose an audience, see how many that is, read over what goes, send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.queries import scope_area_ids
from peelian.alerts import audience as audiences
from peelian.alerts import policy
from peelian.alerts import queries as alerts
from peelian.alerts.errors import AudienceProblem
from peelian.alerts.forms.staff_audience import AudienceForm
from peelian.alerts.models import Alert
from peelian.core import wording
from peelian.core.errors import RuleBroken
from peelian.core.messages import TOKEN
from peelian.members.models import CHANNELS
from peelian.places import queries as places
from peelian.surveys import actions, inviting, queries, reminding, sampling
from peelian.surveys.forms_sampling import SampleForm
from peelian.surveys.models import Mailing, Survey
from peelian.surveys.renderer import InvitationRenderer

GET_OR_POST = ["GET", "HEAD", "POST"]
PICKERS = {
    "areas": ("Areas", "Everybody with a place in any of them. Ticking a larger area takes in all below it."),
    "without": ("Leave out areas", "Nobody with a place in them is invited, whatever is chosen elsewhere."),
    "within": ("Only people in these areas", "For groups and languages: keeps those who also have a place here."),
}


class ChannelForm(forms.Form):
    mark_optional = False
    by = forms.MultipleChoiceField(
        label="How it goes", widget=forms.CheckboxSelectMultiple,
        choices=[("email", "Email"), ("text", "Text, to those who chose texts")],
        error_messages={"required": "Choose at least one way"},
    )  # fmt: skip

    @property
    def bits(self) -> int:
        return sum(CHANNELS[name] for name in self.cleaned_data["by"])


@require_http_methods(GET_OR_POST)
@needs("surveys.write")
def invite(request: StaffRequest, ref: str) -> HttpResponse:
    """Whom to invite. Saving counts; nothing is sent."""
    survey = queries.survey_for(request.user, ref)
    mailing = queries.unsent(survey) or Mailing(survey=survey, by=request.user)
    data = request.POST if request.method == "POST" else None
    form = _audience_form(request, survey, mailing, data)
    ways = ChannelForm(data, initial={"by": [name for name, bit in CHANNELS.items() if mailing.channels & bit]})
    sample = SampleForm(sampling.plan_of(mailing.settings), data)
    if mailing.waits or mailing.is_being_made:
        return redirect("surveys_staff:invite_check", ref, mailing.pk)
    if data is not None and form.is_valid() & ways.is_valid() & sample.is_valid():
        made = actions.choose_audience(
            survey=survey, by=request.user, audience=form.stored, channels=ways.bits, sample=sample.plan
        )
        if "check" in request.POST:
            return redirect("surveys_staff:invite_check", ref, made.pk)
        return redirect("surveys_staff:invite", ref)
    context = _page(request, survey, mailing, form, ways) | {"sample": sample}
    return render(request, "surveys/staff/invite.html", context)


def _audience_form(request: StaffRequest, survey: Survey, mailing: Mailing, data: Any) -> AudienceForm:
    """The same editor as an alert's, about an alert that is never kept."""
    stands_for = inviting.as_alert(mailing)
    earlier = alerts.alerts_for(request.user).filter(state__in=Alert.OUT, practice=False).order_by("-sent_at")
    return AudienceForm(stands_for, list(earlier[:30]), scope_area_ids(request.user), data)


def _page(
    request: StaffRequest, survey: Survey, mailing: Mailing, form: AudienceForm, ways: ChannelForm
) -> dict[str, Any]:
    pickers = [
        {
            "name": name, "title": title, "hint": hint, "field": form[name], "tree": form.picker(name),
            "others": form.others(name), "number": len(form[name].value() or []), "first": name == "areas",
        }
        for name, (title, hint) in PICKERS.items()
    ]  # fmt: skip
    context = {"survey": survey, "audience": form, "pickers": pickers, "ways": ways, "mailing": mailing}
    context["work"] = _work(mailing)
    return context | _counted(request, mailing) | {"outline_kind": _outline_kind()}


def _outline_kind() -> str:
    """The smallest administrative kind there is: its borders help to find one's way while drawing."""
    there = set(places.current_areas().order_by().values_list("kind", flat=True).distinct())
    return next((kind for kind in ("ward", "sector", "policing-area", "force") if kind in there), "")


def _counted(request: StaffRequest, mailing: Mailing) -> dict[str, Any]:
    """The count; `counting` where a job makes it first."""
    found: dict[str, Any] = {"count": None, "counting": False, "problems": []}
    if mailing.pk is None or not audiences.clauses_of(mailing.audience):
        return found
    try:
        found["count"] = actions.count_audience(mailing=mailing, by=request.user)
    except AudienceProblem as wrong:
        return found | {"problems": [one.sentence for one in wrong.problems]}
    return found | {"counting": found["count"] is None}


def _work(mailing: Mailing) -> dict[str, str]:
    """What the job does that somebody waits for, in words."""
    if mailing.is_being_made:
        said = f"{wording.people(mailing.people or 0).capitalize()} when it was counted. Then it goes by itself."
        return {"label": "Looking up whom it reaches now", "said": said}
    many, plan = f"There may be more than {wording.people(inviting.AT_ONCE)}", sampling.plan_of(mailing.settings)
    if plan:
        return {"label": "Drawing the sample", "said": f"{wording.people(plan.size).capitalize()} by lot. {many}."}
    return {"label": "Counting", "said": f"{many}, so it takes some seconds."}


@require_http_methods(GET_OR_POST)
@needs("surveys.read")
def check(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """In one sentence what will happen to whom; the message as it goes; the button, for the author and for the second
    person alike."""
    mailing = queries.mailing_for(request.user, ref, pk)
    refused = ""
    if mailing.kind != Mailing.Kind.INVITATION or mailing.send_id is not None:
        return redirect("surveys_staff:detail", ref)
    if not (request.user.may("surveys.write") or actions.may_decide(mailing, request.user)):
        return redirect("surveys_staff:detail", ref)
    if request.method == "POST":
        try:
            said = _pressed(request, mailing)
        except AudienceProblem as wrong:
            refused = " ".join(one.sentence for one in wrong.problems)
        except RuleBroken as problem:
            refused = str(problem)
            mailing.refresh_from_db()
        else:
            messages.success(request, said)
            mailing.refresh_from_db()
            if mailing.is_being_made:
                return redirect("surveys_staff:invite_check", ref, pk)
            return redirect("surveys_staff:detail", ref)
    refused = refused or mailing.settings.get("refused", "")
    return render(request, "surveys/staff/invite_check.html", _check_page(request, mailing) | {"refused": refused})


@require_safe
@needs("surveys.read")
def progress(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """A part of both pages while a job counts or sends, asked for every two seconds. Where one chooses (`?choosing`)
    the numbers take its place, so that nothing that was ticked since is lost; the other page is opened anew."""
    mailing = queries.mailing_for(request.user, ref, pk)
    choosing, count = "choosing" in request.GET, inviting.kept(mailing)
    context = {"survey": mailing.survey, "mailing": mailing, "choosing": choosing, "work": _work(mailing)}
    if mailing.is_being_counted or mailing.is_being_made:
        return render(request, "surveys/staff/_invite_progress.html", context)
    if choosing and count:
        return render(request, "surveys/staff/_invite_count.html", context | {"count": count, "late": True})
    return HttpResponse(headers={"HX-Refresh": "true"})


def _pressed(request: StaffRequest, mailing: Mailing) -> str:
    """Do what the button says; returns what to tell of it."""
    by = request.user
    what = request.POST.get("do", "send")
    if what == "ask":
        actions.ask_for_approval(mailing=mailing, by=by)
        return "Asked for approval. The invitations go when somebody has approved them."
    if what == "back":
        actions.send_back_invitation(mailing=mailing, by=by)
        return "Sent back. Nobody was invited."
    if what == "take":
        actions.take_back_invitation(mailing=mailing, by=by)
        return "Taken back. Nobody was invited."
    act = actions.approve_invitation if what == "approve" else actions.send_invitations
    send = act(mailing=mailing, by=by)
    if send is None:
        return "The invitations go as soon as it is known whom they reach now."
    return f"The invitations are on their way to {wording.plural_count(send.recipients, 'address,addresses')}."


def _check_page(request: StaffRequest, mailing: Mailing) -> dict[str, Any]:
    found = {"count": None, "counting": True, "problems": []} if mailing.is_being_made else _counted(request, mailing)
    count = found["count"]
    stop = inviting.stops(mailing, people=count.people) if count else found["problems"]
    decides, asks = actions.may_decide(mailing, request.user), mailing.asked_by or request.user
    alert = inviting.as_alert(mailing)
    shown = InvitationRenderer()
    email = shown.email(mailing.pk)
    return found | {
        "survey": mailing.survey,
        "mailing": mailing,
        "plan": sampling.plan_of(mailing.settings),
        "work": _work(mailing),
        "stop": stop or ([] if count or found["counting"] else ["Choose an audience first."]),
        "reasons": inviting.reasons(mailing, by=asks, people=count.people) if count else [],
        "told": policy.reasons_told(alert, of=asks, people=count.people) if count and decides else [],
        "decides": decides,
        "may_write": request.user.may("surveys.write"),
        "days_apart": reminding.APART.days,
        "in_words": audiences.sentences(mailing.audience),
        "email": email,
        "body": email.text.replace(TOKEN, "…"),
        "text": shown.text(mailing.pk).replace(TOKEN, "…"),
    }
