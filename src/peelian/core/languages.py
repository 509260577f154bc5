"""Languages as people write their names, and which way their script runs. Codes are BCP 47, as
members.categories.LANGUAGES has them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.utils import translation

ENGLISH: Final = "en-GB"

# As the people who read it write its name; those without one here go by their English name. From CLDR, and for
# languages that it does not know from how their readers' own newspapers call them
OWN_NAMES: Final = {
    "af": "Afrikaans", "ak": "Akan", "am": "አማርኛ", "ar": "العربية", "as": "অসমীয়া", "az": "Azərbaycanca",
    "be": "Беларуская", "bg": "Български", "bho": "भोजपुरी", "bn": "বাংলা", "bs": "Bosanski", "ca": "Català",
    "ckb": "کوردیی ناوەندی", "cs": "Čeština", "cy": "Cymraeg", "da": "Dansk", "de": "Deutsch", "dv": "ދިވެހި",
    "ee": "Eʋegbe", "el": "Ελληνικά", "en": "English", "en-GB": "English", "es": "Español", "et": "Eesti",
    "eu": "Euskara", "fa": "فارسی", "fi": "Suomi", "fil": "Filipino", "fr": "Français", "ga": "Gaeilge",
    "gd": "Gàidhlig", "gl": "Galego", "gu": "ગુજરાતી", "ha": "Hausa", "haz": "هزارگی", "he": "עברית", "hi": "हिन्दी",
    "hr": "Hrvatski", "ht": "Kreyòl ayisyen", "hu": "Magyar", "hy": "Հայերեն", "id": "Bahasa Indonesia",
    "is": "Íslenska", "it": "Italiano", "ja": "日本語", "jam": "Patwa", "ka": "ქართული", "kk": "Қазақ тілі",
    "km": "ខ្មែរ", "kmr": "Kurmancî", "kn": "ಕನ್ನಡ", "ko": "한국어", "kok": "कोंकणी", "kri": "Krio", "ks": "کٲشُر",
    "ku": "Kurdî", "ky": "Кыргызча", "lg": "Luganda", "ln": "Lingála", "lo": "ລາວ", "lt": "Lietuvių", "lv": "Latviešu",
    "mai": "मैथिली", "mg": "Malagasy", "mk": "Македонски", "ml": "മലയാളം", "mn": "Монгол", "mr": "मराठी",
    "ms": "Bahasa Melayu", "mt": "Malti", "my": "မြန်မာ", "nb": "Norsk bokmål", "ne": "नेपाली", "nl": "Nederlands",
    "nn": "Norsk nynorsk", "no": "Norsk", "ny": "Chichewa", "om": "Oromoo", "pa": "ਪੰਜਾਬੀ", "pcm": "Naijá",
    "phr": "پہاڑی", "pl": "Polski", "pnb": "پنجابی", "prs": "دری", "ps": "پښتو", "pt": "Português",
    "pt-BR": "Português (Brasil)", "rn": "Ikirundi", "ro": "Română", "ru": "Русский", "rw": "Ikinyarwanda",
    "sd": "سنڌي", "si": "සිංහල", "sk": "Slovenčina", "skr": "سرائیکی", "sl": "Slovenščina", "sn": "chiShona",
    "so": "Soomaali", "sq": "Shqip", "sr": "Српски", "st": "Sesotho", "sv": "Svenska", "sw": "Kiswahili",
    "ta": "தமிழ்", "te": "తెలుగు", "tg": "Тоҷикӣ", "th": "ไทย", "ti": "ትግርኛ", "tk": "Türkmençe", "tl": "Tagalog",
    "tn": "Setswana", "tr": "Türkçe", "ug": "ئۇيغۇرچە", "uk": "Українська", "ur": "اردو", "uz": "Oʻzbekcha",
    "vi": "Tiếng Việt", "wo": "Wolof", "xh": "isiXhosa", "yi": "ייִדיש", "yo": "Yorùbá", "yue": "粵語", "zh": "中文",
    "zh-Hans": "简体中文", "zh-Hant": "繁體中文", "zu": "isiZulu",
}  # fmt: skip

# Written from right to left: in Arabic script, Hebrew and Thaana
_RIGHT_TO_LEFT: Final = frozenset(
    {"ar", "bal", "ckb", "dv", "fa", "haz", "he", "ks", "phr", "pnb", "prs", "ps", "sd", "skr", "ug", "ur", "yi"}
)
# Signed, not written
UNWRITTEN: Final = frozenset({"bfi"})


_ISOLATES: Final = dict.fromkeys(range(0x2066, 0x206A))


def own_name(code: str, english: str = "") -> str:
    """The language's name for those who read it; ENGLISH, or the code, where we know none."""
    return OWN_NAMES.get(code) or OWN_NAMES.get(base(code)) or english or code


def base(code: str) -> str:
    """The code without script and region: "pt-BR" → "pt"."""
    return code.partition("-")[0].lower()


def direction(code: str) -> str:
    """ "rtl" or "ltr", for a dir attribute."""
    return "rtl" if base(code) in _RIGHT_TO_LEFT else "ltr"


def is_english(code: str) -> bool:
    return base(code) == "en"


def needs_translation(code: str) -> bool:
    """Whether somebody who asked for this language is better served by a translation of our English words."""
    return bool(code) and not is_english(code) and code not in UNWRITTEN


def catalogue(code: str) -> str:
    """Which of the languages of our own pages somebody reads who asked for CODE (BCP 47): English where we have no
    catalogue for theirs."""
    known = dict(settings.LANGUAGES)
    return next((one for one in (code.lower(), base(code)) if one in known), settings.LANGUAGE_CODE)


@contextmanager
def reading(code: str) -> Iterator[str]:
    """Our own words in the language of somebody who asked for CODE, until the block ends: what is made next is again
    in the language it was before. Gives the code of the catalogue."""
    chosen = catalogue(code)
    with translation.override(chosen):
        yield chosen


def written_in() -> dict[str, str]:
    """For lang and dir of what is being made now."""
    current = translation.get_language() or settings.LANGUAGE_CODE
    return {"page_language": ENGLISH if is_english(current) else current, "page_direction": direction(current)}


def without_isolates(words: str) -> str:
    """For a text message, where each sign is paid for and old telephones show an empty box: catalogues put names into
    Unicode's isolates, so that they stand right among letters of another script."""
    return words.translate(_ISOLATES)


# Pages that are each resident's own, never kept by a cache: what one reads follows from what they chose. The staff
# pages are in English; public ones, which everybody shares, are in the language that their address says
CHOSEN: Final = ("/register/", "/me/", "/m/", "/unsubscribe/", "/j/", "/conversations/", "/groups/")
_STAFF: Final = ("/staff/", "/outbox/")


def may_choose(path: str) -> bool:
    """Whether a page is in the language that its reader chose."""
    return path.startswith(CHOSEN) or (path.startswith("/areas/") and path.endswith("/write/"))


def may_say(path: str) -> bool:
    """Whether the address of a page may say in which language it is: every page but those of staff."""
    return not path.startswith(_STAFF)


class InAddress(str):
    """What a link to one of our public pages ends with, so that the next page is in the same language: "?lang=ur";
    nothing for English."""

    @property
    def code(self) -> str:
        return self.partition("=")[2]


def in_address() -> InAddress:
    current = translation.get_language() or settings.LANGUAGE_CODE
    return InAddress("" if is_english(current) else f"?lang={current}")
