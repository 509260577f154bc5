"""The messages that members cause themselves: by joining, by signing in, and by an address that died."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from peelian.contacts.models import Address
from peelian.core.context import force
from peelian.core.messages import EmailParts
from peelian.members import tokens
from peelian.members.actions.codes import GOOD_FOR, figures_of
from peelian.members.models import Code, GroupInvitation, Member, NewContact


class _Message:
    """An email of `template`, and the same in a sentence for a text or a call."""

    template = ""
    subject = ""
    sentence = ""

    def context(self, object_id: int) -> dict[str, Any]:
        raise NotImplementedError

    def email(self, object_id: int) -> EmailParts:
        shared = force(HttpRequest())  # what every page has; nothing of the request is read
        subject = self.subject.format(service=settings.PEELIAN_SERVICE_NAME)
        context = {**shared, "subject": subject, **self.context(object_id)}
        return EmailParts(
            subject=subject,
            text=render_to_string(f"members/email/{self.template}.txt", context),
            html=render_to_string(f"members/email/{self.template}.html", context),
            from_name=settings.PEELIAN_SERVICE_NAME,
        )

    def text(self, object_id: int) -> str:
        service, force = settings.PEELIAN_SERVICE_NAME, settings.PEELIAN_FORCE_NAME
        return self.sentence.format(service=service, force=force, **self.context(object_id))

    def voice(self, object_id: int) -> str:
        return self.text(object_id)


class ConfirmRenderer(_Message):
    """Asks a member (object id) whether messages may come to their address."""

    template, subject = "confirm", "Please confirm your email address for {service}"
    sentence = "{force}: confirm that you want messages from {service}: {url}"

    def context(self, object_id: int) -> dict[str, Any]:
        member = Member.objects.get(pk=object_id)
        waiting = member.new_contacts.filter(address__kind=Address.Kind.EMAIL).values_list("address_id", flat=True)
        token = tokens.make(member.pk, waiting.first() or member.email_id or 0)
        return {"url": _address("members:confirm", token), "days": tokens.GOOD_FOR.days}


class CodeRenderer(_Message):
    """Brings the six figures of a code (object id)."""

    template, subject = "code", "Your code for {service}"
    sentence = "{figures} is your code for {service}. It works for {minutes} minutes. We never ask for it on the phone."

    def context(self, object_id: int) -> dict[str, Any]:
        return {"figures": figures_of(Code.objects.get(pk=object_id)), "minutes": int(GOOD_FOR.total_seconds() // 60)}

    def voice(self, object_id: int) -> str:
        said = ". ".join(self.context(object_id)["figures"])
        return f"This is {settings.PEELIAN_FORCE_NAME}. Your code is: {said}. Once more: {said}."


class DoorCodeRenderer(CodeRenderer):
    """The six figures (of a code, object id) by which somebody signed up at their door says yes, by text or call."""

    sentence = (
        "{figures} is your code to join {service}. Tell the officer, or type it at {url} "
        "If you did not ask for it, do nothing: we send no more."
    )

    def context(self, object_id: int) -> dict[str, Any]:
        return {"figures": figures_of(Code.objects.get(pk=object_id)), "url": _address("members:number")}

    def voice(self, object_id: int) -> str:
        service = settings.PEELIAN_SERVICE_NAME
        return (
            f"{super().voice(object_id)} It is for joining {service}. Tell it to the officer who signed you up."
            " If you did not ask for it, do nothing: we do not call again."
        )


class JoinCodeRenderer(CodeRenderer):
    """The six figures (of a code, object id) by which somebody who joined confirms a number. Sent once: good for
    longer."""

    sentence = (
        "{figures} is your code to join {service}. Type it on our page today. "
        "If you did not ask for it, do nothing: we send no more."
    )

    def voice(self, object_id: int) -> str:
        service = settings.PEELIAN_SERVICE_NAME
        return f"{super().voice(object_id)} It is for joining {service}. If you did not ask for it, do nothing."


class HelperRenderer(_Message):
    """Asks somebody whom a member named whether they help (object id: Helper). Says no name: the address may be a
    stranger's."""

    template, subject = "helper", "Do you help somebody with messages from {service}?"
    sentence = "{force}: somebody says you help them with messages from {service}. Say yes or no: {url}"

    def context(self, object_id: int) -> dict[str, Any]:
        return {"url": _address("members:helper", tokens.make_helper(object_id)), "days": tokens.GOOD_FOR.days}


class SignInRenderer(CodeRenderer):
    """The six figures of a code (object id) to sign in with; in an email a link beside them, which does the same."""

    subject = "Your code to sign in to {service}"

    def context(self, object_id: int) -> dict[str, Any]:
        return {**super().context(object_id), "url": _address("members:link", tokens.make_sign_in(object_id))}


class NewEmailRenderer(_Message):
    """Asks whether messages may come to a new address: a NewContact's (object id). Once it is confirmed or dropped
    there is nothing to say."""

    template, subject = "new_email", "Is this your new email address for {service}?"

    def context(self, object_id: int) -> dict[str, Any]:
        address = NewContact.objects.filter(pk=object_id).values_list("address_id", flat=True).first()
        token = tokens.make_new_email(object_id, address or 0)
        return {"url": _address("members:confirm_email", token), "days": tokens.NEW_EMAIL_GOOD_FOR.days}


class ContactChangedRenderer(_Message):
    """Tells a member (object id), where they were reached until now, that this has changed: whoever holds the phone of
    somebody else must not lead their messages away unseen."""

    template = "contact_changed"
    sentence = "{force}: {changed} for {service} was changed or taken away. If that was not you, sign in now: {url}"

    def __init__(self, kind: str) -> None:
        self.changed = f"your {kind}"
        self.subject = f"Your {kind} for {{service}} was changed"

    def context(self, object_id: int) -> dict[str, Any]:
        return {"changed": self.changed, "url": _address("members:sign_in")}


class AlreadyRenderer(_Message):
    """Tells a member (object id) that their address was given on the registration pages and is registered."""

    template, subject = "already", "You are already registered with {service}"
    sentence = "{force}: you are already registered with {service}. Change what you get: {url}"

    def context(self, object_id: int) -> dict[str, Any]:
        return {"url": _address("members:sign_in")}

    def voice(self, object_id: int) -> str:
        force, service = settings.PEELIAN_FORCE_NAME, settings.PEELIAN_SERVICE_NAME
        return f"This is {force}. You are already registered with {service}. There is nothing you need to do."


class InvitationRenderer(_Message):
    """Asks a member whether they want to be in a closed group (object id: of the invitation)."""

    template, subject = "invitation", "An invitation from your neighbourhood team"
    sentence = "{force}: we ask whether you want to be in the group {group}. Read more and answer: {url}"

    def context(self, object_id: int) -> dict[str, Any]:
        invitation = GroupInvitation.objects.select_related("group__team").get(pk=object_id)
        address = _address("members:invitation_link", tokens.make_invitation(object_id))
        return {"group": invitation.group, "url": address, "days": tokens.INVITATION_GOOD_FOR.days}


class RepairRenderer(_Message):
    """Asks a member (object id) whose email came back for another address: a text, and nothing of the person in it."""

    sentence = "{force}: emails from {service} no longer reach you. Give us a new address here: {url}"

    def context(self, object_id: int) -> dict[str, Any]:
        member = Member.objects.get(pk=object_id)
        token = tokens.make_repair(member.mobile_id or 0, member.email_id or 0)
        return {"url": _address("members:repair", token)}


def _address(name: str, *arguments: str) -> str:
    return f"{settings.PEELIAN_BASE_URL}{reverse(name, args=arguments)}"
