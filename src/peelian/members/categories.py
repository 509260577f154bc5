"""The words people may choose from: Census 2021 categories as slugs, and the languages we know.

The ethnic groups and sexes are those of the Census 2021 for England and Wales (ONS, "Ethnic group" TS021 and "Sex"
TS008); disability follows its question on conditions that limit day-to-day activities (TS038), shortened.
Imports nothing of Django: worker processes of an import read it.
"""

from peelian.core.languages import own_name

ETHNIC_GROUPS: dict[str, dict[str, str]] = {
    "Asian, Asian British or Asian Welsh": {
        "asian-bangladeshi": "Bangladeshi",
        "asian-chinese": "Chinese",
        "asian-indian": "Indian",
        "asian-pakistani": "Pakistani",
        "asian-other": "Any other Asian background",
    },
    "Black, Black British, Black Welsh, Caribbean or African": {
        "black-african": "African",
        "black-caribbean": "Caribbean",
        "black-other": "Any other Black background",
    },
    "Mixed or multiple ethnic groups": {
        "mixed-white-asian": "White and Asian",
        "mixed-white-black-african": "White and Black African",
        "mixed-white-black-caribbean": "White and Black Caribbean",
        "mixed-other": "Any other mixed background",
    },
    "White": {
        "white-british": "English, Welsh, Scottish, Northern Irish or British",
        "white-irish": "Irish",
        "white-gypsy-traveller": "Gypsy or Irish Traveller",
        "white-roma": "Roma",
        "white-other": "Any other White background",
    },
    "Other ethnic group": {
        "arab": "Arab",
        "other": "Any other ethnic group",
    },
}
ETHNIC_GROUP: dict[str, str] = {slug: name for group in ETHNIC_GROUPS.values() for slug, name in group.items()}
SEX = {"female": "Female", "male": "Male"}
DISABILITY = {
    "limited-a-lot": "Yes, it limits me a lot",
    "limited-a-little": "Yes, it limits me a little",
    "none": "No",
}

# BCP 47: ISO 639 codes, with a script or region where people write the language in more than one way. The rows of an
# audience hold each by its place here: new ones go to the end
LANGUAGES = {
    "af": "Afrikaans", "ak": "Akan", "am": "Amharic", "ar": "Arabic", "as": "Assamese", "az": "Azerbaijani",
    "bal": "Baluchi", "be": "Belarusian", "bem": "Bemba", "bfi": "British Sign Language", "bg": "Bulgarian",
    "bho": "Bhojpuri", "bn": "Bengali", "bs": "Bosnian", "ca": "Catalan", "ceb": "Cebuano", "ckb": "Kurdish (Sorani)",
    "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "dv": "Dhivehi", "ee": "Ewe", "el": "Greek",
    "en": "English", "en-GB": "English (British)", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian",
    "ff": "Fula", "fi": "Finnish", "fil": "Filipino", "fr": "French", "ga": "Irish", "gd": "Scottish Gaelic",
    "gl": "Galician", "gu": "Gujarati", "ha": "Hausa", "haz": "Hazaragi", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "ht": "Haitian Creole", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "ig": "Igbo",
    "is": "Icelandic", "it": "Italian", "ja": "Japanese", "jam": "Jamaican Patois", "ka": "Georgian", "kk": "Kazakh",
    "km": "Khmer", "kmr": "Kurdish (Kurmanji)", "kn": "Kannada", "ko": "Korean", "kok": "Konkani", "kri": "Krio",
    "ks": "Kashmiri", "ku": "Kurdish", "ky": "Kyrgyz", "lg": "Luganda", "ln": "Lingala", "lo": "Lao",
    "lt": "Lithuanian", "lv": "Latvian", "mai": "Maithili", "mg": "Malagasy", "mk": "Macedonian", "ml": "Malayalam",
    "mn": "Mongolian", "mr": "Marathi", "ms": "Malay", "mt": "Maltese", "my": "Burmese", "nb": "Norwegian (Bokmål)",
    "nd": "Ndebele", "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian (Nynorsk)", "no": "Norwegian", "ny": "Chichewa",
    "om": "Oromo", "pa": "Punjabi", "pcm": "Nigerian Pidgin", "phr": "Pahari-Potwari", "pl": "Polish",
    "pnb": "Western Punjabi", "prs": "Dari", "ps": "Pashto", "pt": "Portuguese", "pt-BR": "Portuguese (Brazil)",
    "rn": "Kirundi", "ro": "Romanian", "rom": "Romany", "ru": "Russian", "rw": "Kinyarwanda", "sd": "Sindhi",
    "si": "Sinhala", "sk": "Slovak", "skr": "Saraiki", "sl": "Slovenian", "sn": "Shona", "so": "Somali",
    "sq": "Albanian", "sr": "Serbian", "st": "Sotho", "sv": "Swedish", "sw": "Swahili", "syl": "Sylheti",
    "ta": "Tamil", "te": "Telugu", "tg": "Tajik", "th": "Thai", "ti": "Tigrinya", "tk": "Turkmen", "tl": "Tagalog",
    "tn": "Tswana", "tr": "Turkish", "tw": "Twi", "ug": "Uyghur", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek",
    "vi": "Vietnamese", "wo": "Wolof", "xh": "Xhosa", "yi": "Yiddish", "yo": "Yoruba", "yue": "Cantonese",
    "zh": "Chinese", "zh-Hans": "Chinese (simplified)", "zh-Hant": "Chinese (traditional)", "zu": "Zulu",
}  # fmt: skip
_BY_LOWER = {code.lower(): code for code in LANGUAGES}
LANGUAGE_NUMBERS = {code: number for number, code in enumerate(LANGUAGES, 1)}


def language(text: str) -> str | None:
    """The code of a language as we write it, whatever its capitals ("EN-gb" → "en-GB"); None when we do not know it."""
    return _BY_LOWER.get(text.strip().lower().replace("_", "-"))


def by_own_name() -> list[tuple[str, str]]:
    """Languages to choose from, English first: each as those who read it call it, and in English."""
    rows = sorted(LANGUAGES.items(), key=lambda pair: (pair[0] != "en", pair[1]))
    return [(code, name if own_name(code, name) == name else f"{own_name(code)} – {name}") for code, name in rows]
