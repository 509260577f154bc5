"""LibreTranslate and DeepL as they document themselves, and as they break."""

from urllib.parse import quote

import pytest

from peelian.core import translators
from peelian.core.translators import TranslatorProblem, base, code_of
from peelian.core.translators.deepl import DeepL
from peelian.core.translators.libretranslate import LibreTranslate
from peelian.core.translators.tests.serving import KEY, Reply, deep, libre  # noqa: F401 (fixtures)
from peelian.core.translators.url import Wrong, read

BOTH = ["libretranslate", "deepl"]


@pytest.fixture(params=BOTH)
def kind(request):
    return request.param


@pytest.fixture
def served(kind, request):
    return request.getfixturevalue("libre" if kind == "libretranslate" else "deep")


@pytest.fixture
def translator(kind, served):
    return LibreTranslate(read(libre_url(served))) if kind == "libretranslate" else DeepL(read(deep_url(served)))


def libre_url(served, more=""):
    return f"libretranslate://127.0.0.1:{served.port}?key={quote(KEY, safe='')}{more}"


def deep_url(served, more=""):
    return f"deepl://{quote(KEY, safe='')}?api={served.address}{more}"


def test_texts_come_back_in_their_order(translator, served):
    found = translator.translate(["One van.", "Two vans."], to="ur")
    assert found.texts == ["«ONE» «VAN».", "«TWO» «VANS»."]
    assert found.source == "en"
    assert len(served.translated()) == 1, "one request for all"


def test_the_language_is_found_out(translator):
    assert translator.translate(["سلام"], to="en-GB", source="").source == "ur"
    assert translator.translate(["Good morning"], to="ur", source="").source == "en"


def test_a_language_by_its_other_names(translator, served):
    assert translator.translate(["Van"], to="zh-Hans").texts == ["«VAN»"]
    sent = served.translated()[-1]
    assert (sent.get("target") or sent["target_lang"]) in ("zh", "ZH")


def test_a_language_it_does_not_know_is_not_asked_for(translator, served):
    with pytest.raises(TranslatorProblem, match="does not translate into this language") as raised:
        translator.translate(["Van"], to="so")
    assert not raised.value.again
    assert served.translated() == []


@pytest.mark.parametrize(
    ("reply", "sentence", "again"),
    [
        (Reply(429, {"error": "Slowdown"}), "asks us to slow down", True),
        (Reply(403, {"error": "Invalid API key"}), "refuses our key", False),
        (Reply(456, {"message": "Quota exceeded"}), "as much this month as our contract allows", False),
        (Reply(500, {"error": "Cannot translate text: secret words"}), "has a problem of its own .status 500.", True),
        (Reply(503, b"<html>busy</html>"), "has a problem of its own .status 503.", True),
        (Reply(400, {"error": "Invalid request"}), "did not take our words .status 400.", False),
        (Reply(302, ""), "did not take our words", False),
        (Reply(200, b"<html>not JSON</html>"), "cannot be read", False),
        (Reply(200, {"translatedText": ["one"], "translations": [{"text": "one"}]}), "cannot be read", False),
        (Reply(200, {"translatedText": [1, 2], "translations": [{}, {}]}), "cannot be read", False),
        (Reply(200, []), "cannot be read", False),
        (Reply(drop=True), "cannot be reached", True),
    ],
)
def test_what_may_go_wrong(translator, served, reply, sentence, again):
    translator.speaks()
    served.instead.append(reply)
    with pytest.raises(TranslatorProblem, match=sentence) as raised:
        translator.translate(["Our own words", "two"], to="ur")
    assert raised.value.again is again
    assert "words" not in str(raised.value).replace("our words", "")
    assert KEY not in str(raised.value)


def test_one_that_does_not_answer(translator, served, monkeypatch):
    monkeypatch.setitem(base.ask.__kwdefaults__, "seconds", 0.2)
    translator.speaks()
    served.instead.append(Reply(after=1.0))
    with pytest.raises(TranslatorProblem, match="did not answer in time") as raised:
        translator.translate(["Van"], to="ur")
    assert raised.value.again


def test_an_answer_without_end_is_not_read(translator, served, monkeypatch):
    monkeypatch.setattr(base, "MOST_BYTES", 1_000)
    translator.speaks()
    served.instead.append(Reply(200, {"translatedText": ["x" * 2_000]}))
    with pytest.raises(TranslatorProblem, match="cannot be read"):
        translator.translate(["Van"], to="ur")


def test_nobody_there():
    gone = LibreTranslate(read("libretranslate://127.0.0.1:9"))
    with pytest.raises(TranslatorProblem, match="cannot be reached"):
        gone.speaks()
    assert gone.check() == "LibreTranslate cannot be reached."


def test_check(translator, served):
    assert translator.check() == ""
    served.languages = []


def test_a_wrong_key_is_found_out_by_the_check(libre, deep):  # noqa: F811
    wrong = LibreTranslate(read(f"libretranslate://127.0.0.1:{libre.port}?key=wrong"))
    assert wrong.check() == "LibreTranslate refuses our key."
    assert DeepL(read(f"deepl://wrong-key-here?api={deep.address}")).check() == "DeepL refuses our key."


def test_more_texts_than_fit_into_one_request(deep):  # noqa: F811
    found = DeepL(read(deep_url(deep))).translate([f"van {number}" for number in range(120)], to="pl")
    assert found.texts[119] == "«VAN» 119"
    assert [len(one["text"]) for one in deep.translated()] == [50, 50, 20]


def test_the_list_of_languages_is_asked_for_once(translator, served):
    for _ in range(3):
        translator.translate(["Van"], to="ur")
    assert len([path for path, _ in served.asked if "languages" in path]) == 1


# The setting ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "api", "key", "personal"),
    [
        ("libretranslate://translate.force.example", "https://translate.force.example", "", False),
        ("libretranslate://translate.internal:5000/mt/?tls=none", "http://translate.internal:5000/mt", "", False),
        ("libretranslate://localhost:5000?key=a%2Fb&personal=yes", "http://localhost:5000", "a/b", True),
        ("libretranslate://[::1]:5000", "http://[::1]:5000", "", False),
        ("deepl://abcdefgh-0000?personal=yes", "https://api.deepl.com", "abcdefgh-0000", True),
        ("deepl://abcdefgh-0000:fx", "https://api-free.deepl.com", "abcdefgh-0000:fx", False),
    ],
)
def test_a_url_is_read(url, api, key, personal):
    found = read(url)
    assert (found.api, found.key, found.personal) == (api, key, personal)
    assert key == "" or key not in repr(found)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("google://secret", "begins with none of"),
        ("libretranslate://", "it is written"),
        ("libretranslate://secret@host", "it is written"),
        ("libretranslate://host?keys=secret", "only key="),
        ("libretranslate://host?tls=maybe", "tls= can only be none"),
        ("libretranslate://host:1?tls=none&personal=yes", "in clear"),
        ("libretranslate://host?personal=perhaps", "yes or no"),
        ("libretranslate://[host", "not readable"),
        ("deepl://secret:fx?personal=yes", "free plan"),
        ("deepl://secret-and-long?api=http://elsewhere.example", "https://"),
        ("deepl://secret-and-long/path", "it is written"),
        ("deepl://", "it is written"),
    ],
)
def test_a_url_that_cannot_be_meant(url, sentence):
    with pytest.raises(Wrong, match=sentence) as raised:
        read(url)
    assert "secret" not in str(raised.value)


def test_the_translator_of_the_installation(settings, libre):  # noqa: F811
    settings.PEELIAN_TRANSLATOR = ""
    assert translators.configured() is None
    assert translators.problems() == []
    settings.PEELIAN_TRANSLATOR = libre_url(libre)
    assert translators.configured().name == "LibreTranslate"
    assert translators.for_personal_data() is None, "nobody has approved it for what residents write"
    assert translators.problems() == []
    settings.PEELIAN_TRANSLATOR = libre_url(libre, "&personal=yes")
    assert translators.for_personal_data() is translators.configured()
    settings.PEELIAN_TRANSLATOR = f"libretranslate://127.0.0.1:{libre.port}?key=wrong"
    said = "PEELIAN_TRANSLATOR: LibreTranslate refuses our key. Residents get the English words until then."
    assert translators.problems() == [said]


def test_codes():
    assert code_of("pt-BR", frozenset({"pt", "pt-br"})) == "pt-br"
    assert code_of("pt-BR", frozenset({"pb", "pt"})) == "pb", "as LibreTranslate calls it"
    assert code_of("fil", frozenset({"tl"})) == "tl"
    assert code_of("zh-Hant", frozenset({"zh-hans", "zh"})) == "zh"
    assert code_of("prs", frozenset({"fa"})) is None, "Dari is not Persian"
