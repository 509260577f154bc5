"""A resident says stop to a number of ours: by a text, by a key during a call, or to the carrier itself.

A text is taken for such a word only when it is nothing else, so that "please stop the motorbikes" is read by a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from django.db import transaction

from peelian.audit.actions import SYSTEM
from peelian.contacts import actions as contacts
from peelian.contacts import queries as contacts_queries
from peelian.contacts.models import Address


def _plain(words: str) -> str:
    """In one form whatever the case, the spaces, and the signs before and after."""
    text = unicodedata.normalize("NFKC", words[:100]).casefold()
    return " ".join(re.sub(r"^[\W_]+|[\W_]+$", "", _without_marks(text)).split())


def _without_marks(text: str) -> str:
    """Without what stands beside letters unseen: joiners, and marks of direction."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


def _words(written: str) -> frozenset[str]:
    return frozenset(_plain(word) for word in re.split(r"[,\n]", written) if word.strip())


# In English what Twilio itself listens for by default, so that what it does and what we do is the same (its page
# "Support for opt-out keywords (SMS STOP filtering)"), REMOVE, and what people write who say it politely. Then Welsh,
# Polish, Romanian, Portuguese, Spanish, French, Italian, Lithuanian, Somali, Turkish, Urdu, Arabic, Persian, Punjabi,
# Bengali, Gujarati, Hindi, Tamil, Ukrainian, Chinese: what each calls it on a road sign or a button
STOP = _words("""
    stop, stopall, stop all, unsubscribe, unsubscribe me, end, quit, cancel, remove, remove me, opt out, optout,
    stop please, please stop, stop texting me, stop texts, stop sending
    stopio, stopiwch, dad-danysgrifio, rezygnuję, rezygnuje, wypisz, opreste, oprește, oprire, parar, pare, cancelar,
    alto, baja, arret, arrêt, arrêter, basta, cancella, stabdyti, jooji, dur, iptal,
    بند, بند کریں, رکو, روکیں, توقف, قف, إيقاف, ايقاف, إلغاء, لغو, ਬੰਦ, ਬੰਦ ਕਰੋ, ਰੋਕੋ, বন্ধ, বন্ধ করুন, બંધ, બંધ કરો, बंद,
    बंद करो, रोको, நிறுத்து, стоп, зупинити, 停止, 退订, 退訂
""")
START = _words("""
    start, unstop, resume, dechrau, wznów, wznow, începe, incepe, iniciar, começar, comecar, empezar, commencer, inizia,
    pradėti, pradeti, bilow, başlat, baslat, شروع, شروع کریں, ابدأ, ابدا, ਸ਼ੁਰੂ, ਸ਼ੁਰੂ ਕਰੋ, শুরু, শুরু করুন, શરૂ, શરૂ કરો,
    शुरू, शुरू करो, தொடங்கு, почати, старт, 开始, 開始
""")
HELP = _words("""
    help, info, cymorth, help cymorth, pomoc, ajutor, ajuda, ayuda, aide, aiuto, pagalba, caawimo, caawin, yardım,
    yardim, مدد, مساعدة, کمک, ਮਦਦ, সাহায্য, મદદ, मदद, உதவி, допомога, 帮助, 幫助
""")


def meant(words: str) -> str:
    """ "stop", "start" or "help" where a text says that and nothing else; empty for any other."""
    said = _plain(words)
    return next((name for name, known in (("stop", STOP), ("start", START), ("help", HELP)) if said in known), "")


def heard(number: str, words: str) -> str:
    """Do what a text from NUMBER asks for, and return what that was, as `meant` does. What HELP asks for others do."""
    said = meant(words)
    if said == "stop":
        stop(contacts_queries.of_number(number))
    elif said == "start":
        start(contacts_queries.of_number(number))
    return said


def stop(address_ids: Iterable[int]) -> int:
    """Send nothing more there; returns how many were not suppressed before."""
    return contacts.suppress(address_ids=list(address_ids), why=Address.Suppression.STOPPED, by=SYSTEM)


@transaction.atomic
def start(address_ids: Iterable[int]) -> int:
    """Let messages go there again where a stop was all that kept them; returns of how many that was true."""
    stopped = Address.objects.select_for_update().filter(
        pk__in=list(address_ids), suppression=Address.Suppression.STOPPED
    )
    return sum(contacts.lift(address_id=address_id, by=SYSTEM) for address_id in stopped.values_list("pk", flat=True))
