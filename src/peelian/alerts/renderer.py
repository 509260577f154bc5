"""An alert as email, text and voice. Everybody gets the same words: TOKEN stands wherever the recipient's own token
belongs, so a message is rendered once for a whole send."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from peelian.alerts.audience import clauses_of
from peelian.alerts.markdown import one_line, to_html, to_text
from peelian.alerts.models import Alert
from peelian.alerts.wording import sentences
from peelian.core import gsm
from peelian.core.context import the_force
from peelian.core.messages import TOKEN, EmailParts, Topic
from peelian.core.wording import uk_date
from peelian.delivery import tokens

PARTS = 2  # of a text, at most
PLAIN_SIGNS = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ", "•": "-"}
)
_ANY_TOKEN = "A" * tokens.LENGTH
LONGEST_SPOKEN = 700  # characters of the message itself, about 45 seconds; it is said twice


class AlertRenderer:
    """Renders the Alert whose id it is given. A test says that it is one, and names what is still missing."""

    def __init__(self, *, is_test: bool = False) -> None:
        self.is_test = is_test

    def email(self, object_id: int) -> EmailParts:
        alert = _alert(object_id)
        context = self._context(alert)
        return EmailParts(
            subject=self._subject(alert),
            text=render_to_string("alerts/email/alert.txt", context),
            html=render_to_string("alerts/email/alert.html", context),
            from_name=one_line(f"{alert.team.name}, {settings.PEELIAN_FORCE_NAME}"),
            unsubscribe=not self.is_test,
            answerable=not self.is_test,
        )

    def topic(self, object_id: int) -> Topic | None:
        """What an answer to it is about; None of a test, which nobody answers."""
        alert = None if self.is_test else Alert.objects.filter(pk=object_id).first()
        if alert is None:
            return None
        return Topic(alert.team_id, one_line(alert.title), f"alert:{alert.ref}", counted_by="alerts.answered")

    def text(self, object_id: int) -> str:
        """Who, what, one link, in at most two parts."""
        alert = _alert(object_id)
        lead = "Test: " if self.is_test else ""
        who, link = f"{lead}{settings.PEELIAN_FORCE_NAME}: ", f" {_base()}/m/{TOKEN}/"
        return short_message(who, _stopped(_heading(alert)), link)

    def voice(self, object_id: int) -> str:
        """The name of the force, a pause, the message twice, how to stop."""
        alert = _alert(object_id)
        lead = "This is a test. " if self.is_test else ""
        said = _spoken(alert)
        host = settings.PEELIAN_BASE_URL.split("://")[-1]
        return "\n\n".join(
            [
                f"{lead}This is {settings.PEELIAN_FORCE_NAME}, {alert.team.name}.",
                said,
                "I will say that again.",
                said,
                "If you are in danger, call 999. Otherwise call 101.",
                f"To stop these calls, go to {host}, or call 101 and ask.",
            ]
        )

    def _subject(self, alert: Alert) -> str:
        lead = "Test: " if self.is_test else ""
        return one_line(f"{lead}{_heading(alert)}")[:200]

    def _context(self, alert: Alert) -> dict[str, Any]:
        mine = f"{_base()}/m/{TOKEN}"
        shared = not alert.restricted and not self.is_test
        return {
            "force": the_force(),
            "alert": alert,
            "is_test": self.is_test,
            "title": _heading(alert),
            "moment": uk_date(alert.sent_at) if alert.sent_at else "",
            "preheader": _preheader(alert),
            "relation": {"update": "an update", "correction": "a correction"}.get(alert.relation, ""),
            "first_title": alert.first.title if alert.first and alert.first.state != Alert.State.WITHDRAWN else "",
            "parts": _parts(alert),
            "rating_links": [{"rating": n, "url": f"{mine}/rate/{n}/"} for n in range(1, 7)],
            "reply_url": f"{mine}/reply/",
            "less_url": f"{mine}/less/",
            "share_url": f"{_base()}/s/{alert.ref}/" if shared else "",
            "why_place": ", for a place you chose" if _is_about_places(alert) else "",
        }


def _alert(object_id: int) -> Alert:
    return Alert.objects.select_related("team__organisation", "topic", "first").get(pk=object_id)


def _base() -> str:
    return settings.PEELIAN_BASE_URL


def _heading(alert: Alert) -> str:
    lead = "Urgent: " if alert.priority == Alert.Priority.URGENT else ""
    return one_line(f"{lead}{alert.title or 'No title yet'}")


def _stopped(text: str) -> str:
    return text if text[-1:] in ".!?" else f"{text}."


def _parts(alert: Alert) -> list[dict[str, Any]]:
    written = [
        ("What is happening", alert.happening),
        ("What we are doing", alert.doing),
        ("What you can do", alert.can_do),
    ]
    return [
        {"heading": heading, "rule": "-" * len(heading), "text": to_text(text), "html": to_html(text)}
        for heading, text in written
        if text.strip()
    ]


def _preheader(alert: Alert) -> str:
    """What the subject does not say: the first thing the reader can do."""
    found = sentences(to_text(alert.can_do)) or sentences(to_text(alert.happening))
    return _stopped(one_line(found[0]))[:140] if found else ""


def _is_about_places(alert: Alert) -> bool:
    found = [raw.get("kind") for raw in clauses_of(alert.audience) if isinstance(raw, dict)]
    return any(kind in ("areas", "polygon", "everybody") for kind in found)


def _spoken(alert: Alert) -> str:
    """The title and as many whole sentences as can be said in about 45 seconds."""
    said = _stopped(_heading(alert))
    for sentence in sentences(to_text(f"{alert.happening}\n\n{alert.can_do}")):
        more = f"{said} {_stopped(one_line(sentence.removeprefix('- ')))}"
        if len(more) > LONGEST_SPOKEN:
            break
        said = more
    return said


# Texts ------------------------------------------------------------------------------------------------------------


def short_message(who: str, what: str, link: str) -> str:
    """WHO, WHAT and LINK within two parts: typographic signs made plain, WHAT cut at a word when it is too long."""
    who, what = _plain(who), _plain(what)
    is_gsm = gsm.is_gsm(who + what)
    rest = gsm.units(f"{who}{link.replace(TOKEN, _ANY_TOKEN)}", gsm=is_gsm)
    room = PARTS * gsm.JOINED[is_gsm] - rest
    if gsm.units(what, gsm=is_gsm) > room:
        while what and gsm.units(what, gsm=is_gsm) + 3 > room:
            what = what.rpartition(" ")[0]
        what = f"{what.rstrip('.,;:')}..."
    return f"{who}{what}{link}"


def _plain(text: str) -> str:
    """With signs that GSM 03.38 holds where there is one; letters of other scripts stay as they are."""
    found = []
    for sign in text.translate(PLAIN_SIGNS):
        bare = unicodedata.normalize("NFKD", sign)[0]
        found.append(bare if not gsm.is_gsm(sign) and bare in gsm.BASIC else sign)
    return "".join(found)
