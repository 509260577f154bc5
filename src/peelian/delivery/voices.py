"""Which languages a call may be in: those that our carrier of calls has a voice for."""

from __future__ import annotations

from typing import Final

USUAL: Final = "en-GB"

# "Text-to-Speech: available voices and languages" of Twilio has these of Amazon Polly. A voice that does not speak the
# language may be an error there, so that the two are chosen together
VOICES: Final = {
    "en-GB": "Polly.Amy", "cy-GB": "Polly.Gwyneth", "pl-PL": "Polly.Ewa", "ro-RO": "Polly.Carmen",
    "arb": "Polly.Zeina", "cmn-CN": "Polly.Zhiyu", "da-DK": "Polly.Naja", "de-DE": "Polly.Marlene",
    "es-ES": "Polly.Conchita", "fr-FR": "Polly.Celine", "hi-IN": "Polly.Aditi", "is-IS": "Polly.Dora",
    "it-IT": "Polly.Carla", "ja-JP": "Polly.Mizuki", "ko-KR": "Polly.Seoyeon", "nb-NO": "Polly.Liv",
    "nl-NL": "Polly.Lotte", "pt-PT": "Polly.Ines", "pt-BR": "Polly.Vitoria", "ru-RU": "Polly.Tatyana",
    "sv-SE": "Polly.Astrid", "tr-TR": "Polly.Filiz",
}  # fmt: skip
# Codes of ours that the voices' own do not begin with
_CALLED: Final = {"ar": "arb", "zh": "cmn-CN", "zh-hans": "cmn-CN", "zh-hant": "cmn-CN", "no": "nb-NO", "nn": "nb-NO"}


def voice_for(language: str) -> str | None:
    """The language of VOICES in which words of a language are said ("cy" and "cy-Latn" as "cy-GB"); None where no voice
    speaks it."""
    if language in VOICES:
        return language
    wanted = language.lower()
    by_case = {one.lower(): one for one in VOICES}
    plain = wanted.partition("-")[0]
    known = _CALLED.get(wanted) or by_case.get(wanted) or _CALLED.get(plain)
    return known or next((one for one in VOICES if one.partition("-")[0] == plain and plain), None)
