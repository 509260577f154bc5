"""A digest as email, or as one text with a link. Everybody has a list of their own; those with the same, in the same
language, share one message, made once. What has been translated into it stands there in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext

from peelian.alerts import translated
from peelian.alerts.digest.reading import Place, alerts_of, by_place, why_not
from peelian.alerts.enclosed import enclosed, html_of
from peelian.alerts.markdown import to_html, to_text
from peelian.alerts.models import Alert, Digest
from peelian.alerts.phrases import PHRASES
from peelian.alerts.reading import FIRST_WORDS, first_words
from peelian.alerts.renderer import short_message
from peelian.alerts.translated import Said
from peelian.core import languages
from peelian.core.context import the_force
from peelian.core.messages import TOKEN, EmailParts
from peelian.core.wording import uk_date
from peelian.delivery import digests
from peelian.members.queries import language_of

NAME = "alerts.digest"
Made = TypeVar("Made")


class DigestRenderer:
    """Renders the Digest whose id it is given, for each member."""

    personal = True

    def emails(self, object_id: int, member_ids: Sequence[int]) -> dict[int, EmailParts]:
        return _each(object_id, member_ids, _email)

    def texts(self, object_id: int, member_ids: Sequence[int]) -> dict[int, str]:
        return _each(object_id, member_ids, lambda digest, alerts, language: self.words(len(alerts), language))

    @staticmethod
    def words(number: int, language: str = "") -> str:
        """The text: who, how many, and the link to the list of them."""
        who, link = f"{settings.PEELIAN_FORCE_NAME}: ", f" {settings.PEELIAN_BASE_URL}/m/{TOKEN}/"
        with languages.reading(language):
            what = ngettext(
                "%(number)s more message for you. Read here:", "%(number)s more messages for you. Read here:", number
            )
            return short_message(who, what % {"number": number}, link)


def _each(
    object_id: int, member_ids: Sequence[int], make: Callable[[Digest, list[Alert], str], Made]
) -> dict[int, Made]:
    """Member → what is made of their alerts; nobody for whom none is left. What was taken back since the digest was
    opened is left out, and the reason kept."""
    digest = Digest.objects.select_related("send").get(pk=object_id)
    assert digest.send_id is not None
    wanted = digests.contents(digest.send_id, member_ids)
    known = {alert.send_id: alert for alert in alerts_of({send for sends in wanted.values() for send in sends})}
    gone = {send: reason for send, alert in known.items() if (reason := why_not(alert))}
    for send, reason in gone.items():
        digests.drop(send_ids=[send or 0], reason=reason, digest=digest.send, members=list(wanted))
    asked_for = language_of(list(wanted))
    made: dict[tuple[str, tuple[int, ...]], Made] = {}
    found = {}
    for member, sends in wanted.items():
        left = tuple(send for send in sends if send in known and send not in gone)
        if left:
            language = asked_for.get(member, "")
            if (language, left) not in made:
                made[language, left] = make(digest, [alert for send, alert in known.items() if send in left], language)
            found[member] = made[language, left]
    return found


def _email(digest: Digest, alerts: list[Alert], language: str) -> EmailParts:
    with languages.reading(language):
        return _email_in(digest, alerts, language)


def _email_in(digest: Digest, alerts: list[Alert], language: str) -> EmailParts:
    number = {"number": len(alerts)}
    title = ngettext("%(number)s message you have not had yet", "%(number)s messages you have not had yet", len(alerts))
    subject = ngettext(
        "%(number)s message from near you: %(title)s", "%(number)s messages from near you: %(title)s", len(alerts)
    )
    context: dict[str, Any] = {
        "force": the_force(),
        **languages.written_in(),
        "title": title % number,
        "moment": uk_date(digest.day),
        "preheader": "; ".join(alert.title for alert in alerts[:3]),
        "places": [_section(place, language) for place in by_place(alerts)],
        "less_url": f"{settings.PEELIAN_BASE_URL}/m/{TOKEN}/less/",
        "me_url": f"{settings.PEELIAN_BASE_URL}/me/",
    }
    return EmailParts(
        subject=(subject % (number | {"title": alerts[0].title}))[:200],
        text=render_to_string("alerts/email/digest.txt", context),
        html=render_to_string("alerts/email/digest.html", context),
        from_name=settings.PEELIAN_FORCE_NAME,
        unsubscribe=True,
        answerable=True,
    )


def _section(place: Place, language: str) -> dict[str, Any]:
    kinds = [
        {"name": gettext(kind.name), "alerts": [_entry(alert, language) for alert in kind.alerts]}
        for kind in place.kinds
    ]
    return {"name": place.name, "kinds": kinds}


def _entry(alert: Alert, language: str) -> dict[str, Any]:
    """What has a public page is begun here and read there; what has none is here in full."""
    said = translated.said_in(alert, language)
    more = {} if said is None else _in_language(said, alert)
    parts = [alert.happening, alert.doing, alert.can_do] if alert.restricted else []
    with_it = enclosed(alert) if alert.restricted else []
    return {
        "title": f"{PHRASES['urgent']}: {alert.title}" if alert.priority == Alert.Priority.URGENT else alert.title,
        "team": alert.team.name,
        "moment": uk_date(alert.sent_at) if alert.sent_at else "",
        "words": "" if alert.restricted else first_words(alert),
        "url": "" if alert.restricted else f"{settings.PEELIAN_BASE_URL}{alert.get_absolute_url()}",
        "html": [*(to_html(part) for part in parts), html_of(with_it)],
        "text": [*(to_text(part) for part in parts), *(one.plain for one in with_it)],
        "said": more,
    }


def _in_language(said: Said, alert: Alert) -> dict[str, Any]:
    """The same in another language, which stands above the original."""
    texts = [said.texts[name] for name in translated.PARTS]
    begun = " ".join(to_text(said.texts["happening"]).split())
    urgent = alert.priority == Alert.Priority.URGENT
    return {
        "lang": said.language,
        "dir": said.direction,
        "title": f"{said.phrases['urgent']}: {said.title}" if urgent else said.title,
        "words": "" if alert.restricted else Truncator(begun).chars(FIRST_WORDS, truncate="…"),
        "html": [to_html(text) for text in texts] if alert.restricted else [],
        "text": [to_text(text) for text in texts] if alert.restricted else [],
        "note": said.phrases[said.note],
    }
