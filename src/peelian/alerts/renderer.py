"""An alert as email, text and voice. Everybody who reads the same language gets the same words: TOKEN stands wherever
the recipient's own token belongs, so a message is rendered once for each language of a send."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from peelian.alerts import phrases, translated
from peelian.alerts.audience import clauses_of
from peelian.alerts.enclosed import enclosed
from peelian.alerts.markdown import one_line, to_html, to_text
from peelian.alerts.models import Alert
from peelian.alerts.translated import Said
from peelian.alerts.wording import sentences
from peelian.core import gsm, languages
from peelian.core.context import the_force
from peelian.core.languages import ENGLISH, direction, needs_translation, own_name
from peelian.core.messages import TOKEN, EmailParts, Spoken, Topic
from peelian.core.spoken import read_aloud
from peelian.core.wording import uk_date
from peelian.delivery import tokens
from peelian.delivery.queries import may_be_spoken

PARTS = 2  # of a text, at most
ENDS = ".!?۔؟。！？।"  # of a sentence, in the scripts we know
PLAIN_SIGNS = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ", "•": "-"}
)
_ANY_TOKEN = "A" * tokens.LENGTH
LONGEST_SPOKEN = 700  # characters of the message itself, about 45 seconds; it is said twice


class AlertRenderer:
    """Renders the Alert whose id it is given, in a language where it has been translated into it, else in English. A
    test says that it is one, and names what is still missing; an alert for practice says so however it goes."""

    translated = True

    def __init__(self, *, is_test: bool = False) -> None:
        self.is_test = is_test

    def email(self, object_id: int, language: str = "") -> EmailParts:
        alert = _alert(object_id)
        with languages.reading(language):
            return self._email(alert, language)

    def _email(self, alert: Alert, language: str) -> EmailParts:
        said = translated.said_in(alert, language)
        context = self._context(alert, said, language)
        return EmailParts(
            subject=self._subject(alert, said),
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

    def text(self, object_id: int, language: str = "") -> str:
        """Who, what, one link, in at most two parts."""
        alert = _alert(object_id)
        said = translated.said_in(alert, language) or translated.original(alert)
        lead = self._lead(alert)
        who, link = f"{lead}{settings.PEELIAN_FORCE_NAME}: ", f" {_base()}/m/{TOKEN}/"
        return short_message(who, _stopped(_heading(alert, said)), link)

    def voice(self, object_id: int, language: str = "") -> str:
        """The name of the force, a pause, the message twice, how to stop. In a language that a voice speaks, else in
        English with its dates and numbers in words."""
        alert = _alert(object_id)
        said = translated.said_in(alert, language) if may_be_spoken(language) else None
        if said is not None:
            return Spoken("\n\n".join(_call_in(alert, said)), said.language)
        lead = "This is for practice. " if alert.practice else "This is a test. " if self.is_test else ""
        words = _spoken(alert, translated.original(alert))
        host = settings.PEELIAN_BASE_URL.split("://")[-1]
        whole = [
            f"{lead}This is {settings.PEELIAN_FORCE_NAME}, {alert.team.name}.",
            words,
            "I will say that again.",
            words,
            "If you are in danger, call 999. Otherwise call 101.",
            f"To stop these calls, go to {host}, or call 101 and ask.",
        ]
        return Spoken(read_aloud("\n\n".join(whole)), ENGLISH)

    def _subject(self, alert: Alert, said: Said | None) -> str:
        return one_line(f"{self._lead(alert)}{_heading(alert, said)}")[:200]

    def _lead(self, alert: Alert) -> str:
        return "Practice: " if alert.practice else "Test: " if self.is_test else ""

    def _context(self, alert: Alert, said: Said | None, language: str) -> dict[str, Any]:
        english = translated.original(alert)
        shown = said or english
        mine = f"{_base()}/m/{TOKEN}"
        shared = not alert.restricted and not self.is_test and not alert.practice
        # Our own words around an alert that nobody translated are in the reader's language all the same
        frame = ENGLISH if languages.is_english(languages.catalogue(language)) else languages.catalogue(language)
        words_in = said.language if said else frame
        return {
            "force": the_force(),
            **languages.written_in(),
            "words_lang": words_in,
            "words_dir": direction(words_in),
            "english": english.phrases,
            "alert": alert,
            "is_test": self.is_test and not alert.practice,
            "title": _heading(alert, shown),
            "lang": shown.language,
            "dir": shown.direction,
            "words": said.phrases if said else phrases.phrases(frame),
            "note": shown.phrases[said.note] if said else "",
            "note_in_english": english.phrases[said.note] if said else "",
            "not_translated": said is None and needs_translation(language),
            "language_name": own_name(language) if words_in != ENGLISH else translated.language_name(language),
            "original_title": _heading(alert, english),
            "original_parts": _parts(english) if said else [],
            "moment": uk_date(alert.sent_at) if alert.sent_at else "",
            "preheader": _preheader(shown),
            "relation": alert.relation,
            "first_title": alert.first.title if alert.first and alert.first.state != Alert.State.WITHDRAWN else "",
            "parts": _parts(shown),
            "rating_links": [{"rating": n, "url": f"{mine}/rate/{n}/"} for n in range(1, 7)],
            "reply_url": f"{mine}/reply/",
            "less_url": f"{mine}/less/",
            "share_url": f"{_base()}/s/{alert.ref}/" if shared else "",
            "enclosed": enclosed(alert),
            "for_a_place": _is_about_places(alert),
        }


def _alert(object_id: int) -> Alert:
    return Alert.objects.select_related("team__organisation", "topic", "first").get(pk=object_id)


def _base() -> str:
    return settings.PEELIAN_BASE_URL


def _heading(alert: Alert, said: Said | None = None) -> str:
    said = said or translated.original(alert)
    lead = f"{said.phrases['urgent']}: " if alert.priority == Alert.Priority.URGENT else ""
    return one_line(f"{lead}{said.title or 'No title yet'}")


def _stopped(text: str) -> str:
    return text if text[-1:] in ENDS else f"{text}."


def _parts(said: Said) -> list[dict[str, Any]]:
    written = [(said.phrases[name], said.texts[name]) for name in translated.PARTS]
    return [
        {"heading": heading, "rule": "-" * len(heading), "text": to_text(text), "html": to_html(text)}
        for heading, text in written
        if text.strip()
    ]


def _preheader(said: Said) -> str:
    """What the subject does not say: the first thing the reader can do."""
    found = sentences(to_text(said.texts["can_do"])) or sentences(to_text(said.texts["happening"]))
    return _stopped(one_line(found[0]))[:140] if found else ""


def _is_about_places(alert: Alert) -> bool:
    found = [raw.get("kind") for raw in clauses_of(alert.audience) if isinstance(raw, dict)]
    return any(kind in ("areas", "polygon", "everybody") for kind in found)


def _spoken(alert: Alert, said: Said) -> str:
    """The title and as many whole sentences as can be said in about 45 seconds."""
    words = _stopped(_heading(alert, said))
    for sentence in sentences(to_text(f"{said.texts['happening']}\n\n{said.texts['can_do']}")):
        more = f"{words} {_stopped(one_line(sentence.removeprefix('- ')))}"
        if len(more) > LONGEST_SPOKEN:
            break
        words = more
    return words


def _call_in(alert: Alert, said: Said) -> list[str]:
    """A call in another language: its voice says names as they are, and reads numbers its own way."""
    words = _spoken(alert, said)
    who = f"{settings.PEELIAN_FORCE_NAME}, {alert.team.name}."
    return [who, said.phrases[f"spoken_{said.note}"], words, said.phrases["again"], words, said.phrases["danger"]]


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
