"""The messages that members cause themselves: by joining, by signing in, and by an address that died. Each is for one
person, and in the language that they asked for where we have a catalogue for it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from peelian.contacts.models import Address
from peelian.core import languages
from peelian.core.context import force
from peelian.core.languages import ENGLISH
from peelian.core.messages import EmailParts, Spoken
from peelian.members import tokens
from peelian.members.actions.codes import GOOD_FOR, figures_of
from peelian.members.models import Code, GroupInvitation, Helper, Member, NewContact
from peelian.members.queries import language_at


class _Message:
    """An email of `template`, and the same in a sentence for a text or a call. `reader` is the language that whoever
    gets it asked for (BCP 47; empty: not known)."""

    template = ""
    subject = ""
    sentence = ""

    def context(self, object_id: int) -> dict[str, Any]:
        raise NotImplementedError

    def reader(self, object_id: int) -> str:
        return Member.objects.filter(pk=object_id).values_list("language", flat=True).first() or ""

    def email(self, object_id: int) -> EmailParts:
        with languages.reading(self.reader(object_id)):
            shared = force(HttpRequest())  # what every page has; nothing of the request is read
            subject = gettext(self.subject) % {"service": settings.PEELIAN_SERVICE_NAME}
            context = {**shared, **languages.written_in(), "subject": subject, **self.context(object_id)}
            return EmailParts(
                subject=subject,
                text=render_to_string(f"members/email/{self.template}.txt", context),
                html=render_to_string(f"members/email/{self.template}.html", context),
                from_name=settings.PEELIAN_SERVICE_NAME,
            )

    def text(self, object_id: int) -> str:
        with languages.reading(self.reader(object_id)):
            return languages.without_isolates(self._said(self.sentence, object_id))

    def voice(self, object_id: int) -> str:
        """Calls are in English: nobody has listened to our own words in another voice."""
        with languages.reading(ENGLISH):
            return Spoken(self.said_aloud(object_id), ENGLISH)

    def said_aloud(self, object_id: int) -> str:
        return self._said(self.sentence, object_id)

    def _said(self, sentence: str, object_id: int) -> str:
        names = {"service": settings.PEELIAN_SERVICE_NAME, "force": settings.PEELIAN_FORCE_NAME}
        return gettext(sentence) % (names | self.context(object_id))


class ConfirmRenderer(_Message):
    """Asks a member (object id) whether messages may come to their address."""

    template, subject = "confirm", _("Please confirm your email address for %(service)s")
    sentence = _("%(force)s: confirm that you want messages from %(service)s: %(url)s")

    def context(self, object_id: int) -> dict[str, Any]:
        member = Member.objects.get(pk=object_id)
        waiting = member.new_contacts.filter(address__kind=Address.Kind.EMAIL).values_list("address_id", flat=True)
        token = tokens.make(member.pk, waiting.first() or member.email_id or 0)
        return {"url": _address("members:confirm", token), "days": tokens.GOOD_FOR.days}


class CodeRenderer(_Message):
    """Brings the six figures of a code (object id)."""

    template, subject = "code", _("Your code for %(service)s")
    sentence = _(
        "%(figures)s is your code for %(service)s. It works for %(minutes)s minutes. We never ask for it on the phone."
    )

    def reader(self, object_id: int) -> str:
        return language_at(Code.objects.get(pk=object_id).address_id)

    def context(self, object_id: int) -> dict[str, Any]:
        return {"figures": figures_of(Code.objects.get(pk=object_id)), "minutes": int(GOOD_FOR.total_seconds() // 60)}

    def said_aloud(self, object_id: int) -> str:
        said = ". ".join(self.context(object_id)["figures"])
        return f"This is {settings.PEELIAN_FORCE_NAME}. Your code is: {said}. Once more: {said}."


class DoorCodeRenderer(CodeRenderer):
    """The six figures (of a code, object id) by which somebody signed up at their door says yes, by text or call."""

    sentence = _(
        "%(figures)s is your code to join %(service)s. Tell the officer, or type it at %(url)s "
        "If you did not ask for it, do nothing: we send no more."
    )

    def context(self, object_id: int) -> dict[str, Any]:
        return {"figures": figures_of(Code.objects.get(pk=object_id)), "url": _address("members:number")}

    def said_aloud(self, object_id: int) -> str:
        service = settings.PEELIAN_SERVICE_NAME
        return (
            f"{super().said_aloud(object_id)} It is for joining {service}. Tell it to the officer who signed you up."
            " If you did not ask for it, do nothing: we do not call again."
        )


class JoinCodeRenderer(CodeRenderer):
    """The six figures (of a code, object id) by which somebody who joined confirms a number. Sent once: good for
    longer."""

    sentence = _(
        "%(figures)s is your code to join %(service)s. Type it on our page today. "
        "If you did not ask for it, do nothing: we send no more."
    )

    def said_aloud(self, object_id: int) -> str:
        service = settings.PEELIAN_SERVICE_NAME
        return f"{super().said_aloud(object_id)} It is for joining {service}. If you did not ask for it, do nothing."


class HelperRenderer(_Message):
    """Asks somebody whom a member named whether they help (object id: Helper). Says no name: the address may be a
    stranger's."""

    template, subject = "helper", _("Do you help somebody with messages from %(service)s?")
    sentence = _("%(force)s: somebody says you help them with messages from %(service)s. Say yes or no: %(url)s")

    def reader(self, object_id: int) -> str:
        """The helper's own language where they joined themselves, not that of whom they help."""
        return language_at(Helper.objects.values_list("address_id", flat=True).get(pk=object_id))

    def context(self, object_id: int) -> dict[str, Any]:
        return {"url": _address("members:helper", tokens.make_helper(object_id)), "days": tokens.GOOD_FOR.days}


class SignInRenderer(CodeRenderer):
    """The six figures of a code (object id) to sign in with; in an email a link beside them, which does the same."""

    subject = _("Your code to sign in to %(service)s")

    def context(self, object_id: int) -> dict[str, Any]:
        return {**super().context(object_id), "url": _address("members:link", tokens.make_sign_in(object_id))}


class NewEmailRenderer(_Message):
    """Asks whether messages may come to a new address: a NewContact's (object id). Once it is confirmed or dropped
    there is nothing to say."""

    template, subject = "new_email", _("Is this your new email address for %(service)s?")

    def reader(self, object_id: int) -> str:
        return NewContact.objects.filter(pk=object_id).values_list("member__language", flat=True).first() or ""

    def context(self, object_id: int) -> dict[str, Any]:
        address = NewContact.objects.filter(pk=object_id).values_list("address_id", flat=True).first()
        token = tokens.make_new_email(object_id, address or 0)
        return {"url": _address("members:confirm_email", token), "days": tokens.NEW_EMAIL_GOOD_FOR.days}


class ContactChangedRenderer(_Message):
    """Tells a member (object id), where they were reached until now, that this has changed: whoever holds the phone of
    somebody else must not lead their messages away unseen."""

    template = "contact_changed"
    # What changed: the subject, how the email begins, the text
    SAID = {
        "email": (
            _("Your email address for %(service)s was changed"),
            _(
                "Today your email address for messages from %(force)s was changed or taken away, "
                "on our pages or by one of us at your request."
            ),
            _(
                "%(force)s: your email address for %(service)s was changed or taken away. "
                "If that was not you, sign in now: %(url)s"
            ),
        ),
        "mobile": (
            _("Your mobile number for %(service)s was changed"),
            _(
                "Today your mobile number for messages from %(force)s was changed or taken away, "
                "on our pages or by one of us at your request."
            ),
            _(
                "%(force)s: your mobile number for %(service)s was changed or taken away. "
                "If that was not you, sign in now: %(url)s"
            ),
        ),
        "landline": (
            _("Your landline for %(service)s was changed"),
            _(
                "Today your landline for messages from %(force)s was changed or taken away, "
                "on our pages or by one of us at your request."
            ),
            _(
                "%(force)s: your landline for %(service)s was changed or taken away. "
                "If that was not you, sign in now: %(url)s"
            ),
        ),
    }

    def __init__(self, kind: str) -> None:
        self.subject, self.changed, self.sentence = self.SAID[kind]

    def context(self, object_id: int) -> dict[str, Any]:
        changed = gettext(self.changed) % {"force": settings.PEELIAN_FORCE_NAME}
        return {"changed": changed, "url": _address("members:sign_in")}


class AlreadyRenderer(_Message):
    """Tells a member (object id) that their address was given on the registration pages and is registered."""

    template, subject = "already", _("You are already registered with %(service)s")
    sentence = _("%(force)s: you are already registered with %(service)s. Change what you get: %(url)s")

    def context(self, object_id: int) -> dict[str, Any]:
        return {"url": _address("members:sign_in")}

    def said_aloud(self, object_id: int) -> str:
        force, service = settings.PEELIAN_FORCE_NAME, settings.PEELIAN_SERVICE_NAME
        return f"This is {force}. You are already registered with {service}. There is nothing you need to do."


class InvitationRenderer(_Message):
    """Asks a member whether they want to be in a closed group (object id: of the invitation)."""

    template, subject = "invitation", _("An invitation from your neighbourhood team")
    sentence = _("%(force)s: we ask whether you want to be in the group %(group)s. Read more and answer: %(url)s")

    def reader(self, object_id: int) -> str:
        return GroupInvitation.objects.values_list("member__language", flat=True).get(pk=object_id)

    def context(self, object_id: int) -> dict[str, Any]:
        invitation = GroupInvitation.objects.select_related("group__team").get(pk=object_id)
        address = _address("members:invitation_link", tokens.make_invitation(object_id))
        return {"group": invitation.group, "url": address, "days": tokens.INVITATION_GOOD_FOR.days}


class RepairRenderer(_Message):
    """Asks a member (object id) whose email came back for another address: a text, and nothing of the person in it."""

    sentence = _("%(force)s: emails from %(service)s no longer reach you. Give us a new address here: %(url)s")

    def context(self, object_id: int) -> dict[str, Any]:
        member = Member.objects.get(pk=object_id)
        token = tokens.make_repair(member.mobile_id or 0, member.email_id or 0)
        return {"url": _address("members:repair", token)}


def _address(name: str, *arguments: str) -> str:
    return f"{settings.PEELIAN_BASE_URL}{reverse(name, args=arguments)}"
