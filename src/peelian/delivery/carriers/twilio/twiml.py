"""What Twilio says in a call ("TwiML for Programmable Voice": Say, Gather): XML in which our words are only words."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from peelian.delivery.voices import USUAL, VOICES, voice_for

# Twilio takes 4,000 characters of TwiML ("Calls resource", parameter Twiml); three minutes and more are read from these
LONGEST: Final = 4_000
EMPTY: Final = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
KEY: Final = "9"
PRESS: Final = f"To stop these calls, press {KEY} now."
MORE: Final = "There is more. You can read it on our website."
STOPPED: Final = "We will not call this number again. Goodbye."


def call(words: str, *, keypad: str = "", language: str = USUAL) -> str:
    """A call that reads WORDS; with the address of a webhook as KEYPAD it ends when somebody presses 9. LANGUAGE is
    that of the words (BCP 47); what no voice speaks is read as British English."""
    written = _written(words, keypad, language)
    cut = words
    while len(written) > LONGEST:
        cut = _shorter(cut, -(-(len(written) - LONGEST) // 5))  # "&amp;" is five characters for one
        written = _written(f"{cut} {MORE}", keypad, language)
    return written


def farewell() -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{_say(STOPPED, USUAL)}<Hangup/></Response>'


def _written(words: str, keypad: str, language: str) -> str:
    said = _say(words, language)
    if keypad:
        asked = f"{said}{_say(PRESS, USUAL)}"
        said = f'<Gather numDigits="1" timeout="4" action={quoteattr(keypad)} method="POST">{asked}</Gather>'
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{said}</Response>'


def _say(words: str, language: str) -> str:
    plain = "".join(c if c.isprintable() else " " for c in words)  # XML has no other controls
    language = voice_for(language) or USUAL
    voice = VOICES[language]
    return f"<Say voice={quoteattr(voice)} language={quoteattr(language)}>{escape(plain)}</Say>"


def _shorter(words: str, too_many: int) -> str:
    """Without its last sentences; a single endless one is cut between words."""
    kept = words[: max(0, len(words) - too_many)]
    end = max(kept.rfind(mark) for mark in (". ", "! ", "? "))
    return kept[: end + 1] if end > 0 else kept.rpartition(" ")[0]
