"""An alert that reached somebody by email and by text, and what they send us."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.message import EmailMessage

from django.conf import settings

from peelian.accounts.models import Team
from peelian.alerts.models import Alert
from peelian.alerts.tests import public_factories as make
from peelian.contacts.models import Address
from peelian.conversations.models import Inbound, Message, Thread
from peelian.core import clock
from peelian.delivery import tokens
from peelian.delivery.incoming import store
from peelian.delivery.models import Channel, Delivery, Incoming, Send, State
from peelian.members.models import Member

DOMAIN = settings.PEELIAN_MAIL_DOMAIN
EMAIL, NUMBER = "valerie.stone@home.example", "+447700900123"


@dataclass
class World:
    team: Team
    alert: Alert
    member: Member
    email: Address
    mobile: Address

    @property
    def reply_to(self) -> str:
        return reply_address(self.alert.send_id, self.email.pk)


def reply_address(send_id: int | None, address_id: int) -> str:
    return f"reply+{tokens.make_reply(send_id or 0, address_id)}@{DOMAIN}"


def make_world() -> World:
    area = make.make_area()
    team = make.make_team("Elm Bridge team", area)
    alert = make.make_alert(area, team=team)
    member = make.make_member(EMAIL)
    mobile = Address.objects.create(kind=Address.Kind.MOBILE, value=NUMBER, verified_at=clock.now())
    Member.objects.filter(pk=member.pk).update(mobile=mobile, area=area)
    member.refresh_from_db()
    Send.objects.filter(pk=alert.send_id).update(texts=1)
    email = Address.objects.get(pk=member.email_id)
    for address, channel in ((email, Channel.EMAIL), (mobile, Channel.TEXT)):
        reached(alert.send, address, channel, member)
    return World(team, alert, member, email, mobile)


def reached(send: Send | None, address: Address, channel: Channel, member: Member | None = None) -> None:
    assert send is not None
    Delivery.objects.create(
        send=send, address=address, member=member, channel=channel, state=State.DELIVERED, changed_at=clock.now()
    )


def mail(words: str = "I saw a red van.", *, sender: str = EMAIL, number: int = 1, **fields: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"Valerie Stone <{sender}>"
    message["To"] = f"somebody@{DOMAIN}"
    message["Subject"] = "Re: Vans broken into on Mill Lane"
    message["Message-ID"] = f"<{number}@home.example>"
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    message.set_content(words)
    return message


def came(content: EmailMessage | bytes, to: str, *, return_path: str = EMAIL) -> None:
    """As a mail server hands it in, and read."""
    whole = content if isinstance(content, bytes) else content.as_bytes().replace(b"\n", b"\r\n")
    store.keep([to], store.return_path(return_path) + whole)
    store.read_all()


def texted(words: str, *, number: str = NUMBER, id: str = "SM1", heard: str = "", **more: str) -> None:  # noqa: A002
    store.keep_text(
        {"carrier": "twilio", "id": id, "from": number, "to": "+44", "words": words, "heard": heard, **more}
    )
    store.read_all()


def said() -> list[tuple[str, str]]:
    """Every message of a resident, with how it came."""
    return list(Message.objects.exclude(how__in=Message.OURS).order_by("pk").values_list("how", "text"))


def kept() -> list[tuple[str, str]]:
    """What came in, by state, and why."""
    assert not Incoming.objects.filter(problem="").exists(), "something was not read"
    return list(Inbound.objects.order_by("pk").values_list("state", "reason"))


def threads() -> list[Thread]:
    return list(Thread.objects.order_by("pk"))


def as_json(**told: str) -> bytes:
    return json.dumps(told).encode()
