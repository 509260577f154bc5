"""Words that raise a message: whole, in any script, listed forms alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.conversations import triggers
from peelian.conversations.models import Trigger


def listed(language: str, *words: str) -> list[Trigger]:
    return [Trigger(language=language, words=triggers.plain(one)) for one in words]


@pytest.mark.parametrize(
    ("text", "language", "words", "found"),
    [
        ("He has a WEAPON!", "en", "weapon", True),
        ("weaponised language", "en", "weapon", False),
        ("It was the gunner's", "en", "gun", False),
        ("The gun's barrel", "en", "gun", True),
        ("a gunn​y sack", "en", "gun", False),  # an unseen joiner parts no words
        ("g​un", "en", "gun", True),
        ("She is in  danger\nnow.", "en", "in danger now", True),
        ("in danger. Now we know", "en", "in danger now", True),
        ("self-harm", "en", "self harm", True),
        ("ＳＵＩＣＩＤＥ", "en", "suicide", True),  # full-width letters
        ("On ma BROŃ.", "pl", "broń", True),
        ("On ma bron\u0301", "pl", "broń", True),  # the accent as a letter of its own
        ("Widziałem go z bronią", "pl", "broń", False),  # another form: only when it is listed
        ("obrońca praw", "pl", "broń", False),
        ("اس کے پاس بندوق ہے", "ur", "بندوق", True),
        ("اس كے پاس بندوق", "ur", "پاس", True),
        ("میں خُودکُشی کر لوں گا", "ur", "خودکشی", True),  # with vowel signs
        ("بندوقیں", "ur", "بندوق", False),
        ("وه خودكشي", "ur", "خودکشی", True),  # an Arabic keyboard's kaf and yeh
        ("मुझे खतरा है", "hi", "खतरा", True),  # vowel signs are parts of words
        ("खतरानाक", "hi", "खतरा", False),
    ],
)
def test_whole_words_alone(text, language, words, found):
    assert bool(triggers.found(text, language, listed(language, words))) == found


@pytest.mark.parametrize(
    ("language", "of", "counts"),
    [("en", "de", False), ("en-GB", "en", True), ("de", "de", True), ("", "de", True), ("pl", "en", True)],
)
def test_which_lists_count(language, of, counts):
    assert bool(triggers.found("ein Gift", language, listed(of, "gift"))) == counts


def test_a_list_in_another_script_always_counts():
    """Most members who never said so are kept as English."""
    assert triggers.found("بندوق", "en", listed("ur", "بندوق"))


@given(st.text(max_size=200))
def test_plain_is_settled_and_a_text_holds_its_own_words(text):
    plain = triggers.plain(text)
    assert triggers.plain(plain) == plain
    if plain:
        assert triggers.found(text, "", [Trigger(language="en", words=plain)])


@pytest.mark.django_db
def test_the_words_an_installation_begins_with_are_as_they_would_be_typed():
    begun = list(Trigger.objects.all())
    assert {one.language for one in begun} == {"en", "pl", "ur"}
    assert [one.words for one in begun if triggers.plain(one.words) != one.words] == []
