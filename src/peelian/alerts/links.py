"""What a link in a message is for: the alert or the answer it came with, and the address it went to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from peelian.accounts.models import Organisation, Team
from peelian.alerts.actions.responding import LINK_LASTS
from peelian.alerts.digest.reading import alerts_of
from peelian.alerts.errors import AlertGone, LinkExpired
from peelian.alerts.models import Alert
from peelian.conversations import queries as conversations
from peelian.conversations.models import Thread
from peelian.core import clock, wording
from peelian.core.errors import NotFound
from peelian.core.messages import Answerable, renderers
from peelian.delivery import digests
from peelian.delivery import queries as delivery
from peelian.delivery.queries import Recipient


class NotForThis(NotFound):
    """That message has no such page."""


@dataclass(frozen=True)
class Link:
    """What stands behind a token. What it knows of the reader (`recipient`) no page may show."""

    token: str

    @cached_property
    def recipient(self) -> Recipient:
        """Raises delivery.errors.BadToken, and NotFound for what is no longer kept."""
        return delivery.recipient(self.token)

    @property
    def audit_actor(self) -> tuple[str, int | None, str]:
        """How the trail names somebody who used a link: the member it was for, who need not be the one who used it."""
        return ("member", self.recipient.member_id, "by link")

    @cached_property
    def alert(self) -> Alert | None:
        """The alert the message carried, whatever has become of it since. A test carries it too."""
        if self.recipient.renderer not in ("alerts.alert", "alerts.test", "alerts.practice"):
            return None
        found = Alert.objects.select_related("team__organisation", "topic")
        return found.filter(pk=self.recipient.object_id).first()

    @cached_property
    def thread(self) -> Thread | None:
        """The conversation that the message was an answer in."""
        if self.recipient.renderer != "conversations.answer":
            return None
        return conversations.thread_answered(self.recipient.object_id, self.recipient.address_id)

    @cached_property
    def digest(self) -> list[Alert] | None:
        """The alerts of the digest that the message was, newest first; None of any other message."""
        if self.recipient.renderer != "alerts.digest" or self.recipient.member_id is None:
            return None
        member = self.recipient.member_id
        return alerts_of(digests.contents(self.recipient.send_id, [member]).get(member, ()))

    @property
    def is_test(self) -> bool:
        return self.recipient.renderer in ("alerts.test", "alerts.practice")

    @property
    def is_to_anybody(self) -> bool:
        """Whether it went to an address as such and not to a member, nor as an answer to what somebody wrote."""
        return self.recipient.member_id is None and self.alert is None and self.thread is None

    def check_age(self) -> None:
        """Raises LinkExpired when it is too late to rate or answer. Getting less works for ever."""
        if self.recipient.at < clock.now() - LINK_LASTS:
            raise LinkExpired

    @property
    def team(self) -> Team:
        source = self.alert or self.thread
        if source is not None:
            return source.team
        known: object = renderers.get(self.recipient.renderer)  # an upper app’s, such as an invitation to a survey
        topic = known.topic(self.recipient.object_id) if isinstance(known, Answerable) else None
        if topic is None:
            raise NotForThis
        return Team.objects.select_related("organisation").get(pk=topic.team_id)

    @property
    def organisations(self) -> list[Organisation]:
        """Whose message it was: of a digest, everybody's who is in it."""
        if self.digest is None:
            return [self.team.organisation]
        found = {alert.team.organisation_id for alert in self.digest}
        rows = Organisation.objects.order_by("bit")  # after 90 days nobody knows any more who was in it: then of all
        return list(rows.filter(pk__in=found) if found else rows)

    @property
    def sender(self) -> str:
        """The organisations as residents know them: the police by the force's name."""
        return wording.listed(
            [settings.PEELIAN_FORCE_NAME if one.slug == "police" else one.name for one in self.organisations]
        )

    @property
    def is_taken_down(self) -> bool:
        return self.alert is not None and self.alert.state == Alert.State.WITHDRAWN

    @property
    def about(self) -> str:
        """What to say the message is about. AlertGone after a withdrawal: its words are nowhere to be read."""
        if self.alert and self.is_taken_down:
            raise AlertGone(self.alert.withdrawn_reason, self.alert.withdrawn_at)
        source = self.alert or self.thread
        if source is None:
            raise NotForThis
        return str(source)

    def check_rated(self) -> None:
        """Raises AlertGone after a withdrawal, and NotForThis where there is no alert: answers are not rated."""
        if not self.about or self.alert is None:
            raise NotForThis

    @property
    def page_url(self) -> str:
        """The public page, where there is one."""
        if self.alert is None or self.alert.restricted or self.alert.practice or self.is_taken_down:
            return ""
        return self.alert.get_absolute_url()
