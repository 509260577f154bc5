"""What a questionnaire may ask: the strict reader says a sentence for each fault, with page and question."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.surveys import definition
from peelian.surveys.definition import store
from peelian.surveys.reading import parse, problems_of

TWO = [{"code": "yes", "text": {"en": "Yes"}}, {"code": "no", "text": {"en": "No"}}]


def question(key, kind="single", **more):
    made = {"key": key, "kind": kind, "text": {"en": f"Words of {key}"}}
    if kind in definition.CHOSEN:
        made["options"] = deepcopy(TWO)
    return made | more


def page(key, *questions, **more):
    return {"key": key, "title": {"en": f"Title of {key}"}, "questions": list(questions)} | more


def when(key, *answers):
    return [{"question": key, "answers": list(answers)}]


def test_every_kind_of_question_is_read_and_stored_as_it_was():
    stored = {
        "pages": [
            page(
                "one",
                question("a", required=True, dont_know=True, good=["yes"], item="csew.confidence", source="CSEW"),
                question("b", "multiple", options=[*TWO, {"code": "x", "text": {"en": "None"}, "alone": True}]),
                question("c", "rating", low={"en": "Not safe"}, high={"en": "Very safe"}),
            ),
            page(
                "two",
                question("d", "text", text={"en": "You said {a}. Why?", "ur": "{a}؟"}, show=when("a", "yes", "dk")),
                question("e", "grid", rows=TWO),
                question("f", "likert", hint={"en": "Think of the last year"}),
                question("g", "place"),
                show=when("c", "0", "1", "2"),
                intro={"en": "Now about your street"},
            ),
        ]
    }  # fmt: skip
    assert store(parse(stored)) == stored


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("nonsense", "The questionnaire: it cannot be read."),
        ({"pages": [], "colour": 1}, "The questionnaire: there is no field “colour”."),
        ({"pages": []}, "There is no question yet. Add one."),
        (
            {"pages": [page("p", question("q", "guess"))]},
            "Page 1 (“Title of p”), question 1 (“Words of q”): there is no kind of question “guess”.",
        ),
        (
            {"pages": [page("p", question("q", options=TWO[:1]))]},
            "Page 1 (“Title of p”), question 1 (“Words of q”): give at least two answers to choose from.",
        ),
        (
            {"pages": [page("p", question("q", options=[TWO[0], TWO[0]]))]},
            "Page 1 (“Title of p”), question 1 (“Words of q”): two answers have the code “yes”.",
        ),
        (
            {"pages": [page("p", question("q", text={"en": "  "}))]},
            "Page 1 (“Title of p”), question 1: write the question.",
        ),
        (
            {"pages": [page("p", question("q")), page("r", question("q"))]},
            "Two questions have the key “q”. Each needs its own.",
        ),
        (
            {"pages": [page("p", question("q")), page("r", question("s"), show=when("q", "maybe"))]},
            "Page 2 (“Title of r”): “Words of q” has no answer “maybe” any more.",
        ),
        (
            {"pages": [page("p", question("q")), page("r", question("s", show=when("gone", "yes")))]},
            "Page 2 (“Title of r”), question 1 (“Words of s”): it is shown by an answer to “gone”, which is no"
            " question here any more.",
        ),
        (
            {"pages": [page("p", question("q", "text")), page("r", question("s"), show=when("q", "x"))]},
            "Page 2 (“Title of r”): it is shown by an answer to “Words of q”, whose answers cannot be listed.",
        ),
        (
            {"pages": [page("p", question("q"), question("s", show=when("q", "yes")))]},
            "Page 1 (“Title of p”), question 2 (“Words of s”): it is shown by an answer to “Words of q”, which does not"
            " come on an earlier page. Move one of them.",
        ),
        (
            {"pages": [page("p", question("q", text={"en": "As {later} said"})), page("r", question("later"))]},
            "Page 1 (“Title of p”), question 1 (“As {later} said”): {later} repeats an answer that is not given on an"
            " earlier page.",
        ),
        (
            {"pages": [page("p", question("q", text={"en": "w" * 501}))]},
            "Page 1 (“Title of p”), question 1 (“" + "w" * 39 + "…”): “" + "w" * 30
            + "…” has 501 characters (en); 500 at most.",
        ),
        (
            {"pages": [page("p", question("q", "text", dont_know=True))]},
            "Page 1 (“Title of p”), question 1 (“Words of q”): “don’t know” belongs to a scale or a choice of one.",
        ),
        (
            {"pages": [page("Big", question("q"))]},
            "Page 1 (“Title of Big”): “Big” is no key: small letters, figures and _, and a letter first.",
        ),
    ],
)  # fmt: skip
def test_each_fault_is_a_sentence_that_names_page_and_question(stored, said):
    assert problems_of(stored) == [said]


def test_a_circle_of_conditions_is_spelled_out_once():
    stored = {
        "pages": [
            page("start", question("a")),
            page("left", question("b"), show=when("d", "yes")),
            page("mid", question("c", show=when("b", "yes"))),
            page("right", question("d"), show=when("c", "no")),
        ]
    }
    assert problems_of(stored) == [
        "The pages wait for each other in a circle: page 2 (“Title of left”) is shown by an answer to “Words of d” on"
        " page 4 (“Title of right”), page 4 (“Title of right”) is shown by an answer to “Words of c” on page 3 (“Title"
        " of mid”) and question 1 (“Words of c”) on page 3 (“Title of mid”) is shown by an answer to “Words of b” on"
        " page 2 (“Title of left”). Take one of these conditions out."
    ]


def test_a_circle_that_questions_make_names_each_of_them():
    stored = {
        "pages": [
            page("first", question("a"), question("b", show=[*when("c", "yes"), *when("d", "yes")])),
            page("second", question("c"), question("d", text={"en": "w" * 60}), show=when("a", "yes")),
        ]
    }
    waits = "question 2 (“Words of b”) on page 1 (“Title of first”) is shown by an answer to"
    assert problems_of(stored) == [
        f"The pages wait for each other in a circle: {waits} “Words of c” on page 2 (“Title of second”), {waits} “"
        + "w" * 39
        + "…” on page 2 (“Title of second”) and page 2 (“Title of second”) is shown by an answer to “Words of a” on"
        " page 1 (“Title of first”). Take one of these conditions out."
    ]


FIELDS = st.sampled_from(["pages", "key", "kind", "text", "questions", "options", "show", "en", "code"])
PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=5)


@given(st.recursive(PLAIN, lambda in_it: st.lists(in_it, max_size=3) | st.dictionaries(FIELDS, in_it, max_size=4)))
def test_whatever_is_given_it_is_read_or_refused_in_words(stored):
    assert all(isinstance(one, str) and one.endswith(".") for one in problems_of(stored))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6))
def test_conditions_that_are_accepted_only_look_back(edges):
    pages = [
        page(f"p{n}", question(f"q{n}"), show=[w for a, b in edges if a == n for w in when(f"q{b}", "yes")])
        for n in range(5)
    ]
    accepted = problems_of({"pages": pages}) == []
    assert accepted == all(b < a for a, b in edges)
