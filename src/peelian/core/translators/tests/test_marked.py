"""Markdown, links and what must stay come through a translator, whatever it does to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.translators import marked
from peelian.core.translators.base import Translated
from peelian.core.translators.tests.serving import upside_down

WRITTEN = """Two vans were **broken into** on [Mill Lane](https://heartshire.example/mill_lane?a=1&b=2 "Mill Lane").

- Lock your van, and call 101.
- In danger? Call **999** at *once*.
1. Write to elm.bridge@police.example or see https://www.police.uk/pu_1/.
### What next
Reference {{ reference }}, on the A45 near M6(M), or 0800 555 111. Use `code_1` too.

> Quoted & told < here

```
left_alone **as it is**
```
A line that breaks
in the middle of a sentence."""

LINK = '(https://heartshire.example/mill_lane?a=1&b=2 "Mill Lane")'
EXPECTED = f"""«TWO» «VANS» «WERE» **«BROKEN» «INTO»** «ON» [«MILL» «LANE»]{LINK}.

- «LOCK» «YOUR» «VAN», «AND» «CALL» 101.
- «IN» «DANGER»? «CALL» **999** «AT» *«ONCE»*.
1. «WRITE» «TO» elm.bridge@police.example «OR» «SEE» https://www.police.uk/pu_1/.
### «WHAT» «NEXT»
«REFERENCE» {{{{ reference }}}}, «ON» «THE» A45 «NEAR» M6(M), «OR» ⁦0800 555 111⁩. «USE» `code_1` «TOO».

> «QUOTED» & «TOLD» < «HERE»

```
left_alone **as it is**
```
«A» «LINE» «THAT» «BREAKS» «IN» «THE» «MIDDLE» «OF» «A» «SENTENCE»."""


class Machine:
    """Translates by a function of one text."""

    name, personal = "Machine", False

    def __init__(self, say) -> None:
        self._say = say
        self.asked = []

    def speaks(self):
        return frozenset({"ur"})

    def translate(self, texts, *, to, source="en", html=False):
        self.asked.append((list(texts), html))
        return Translated([self._say(text) if html else upside_down(text, to) for text in texts], source)

    def check(self):
        return ""


def test_all_of_it_survives():
    machine = Machine(lambda text: upside_down(text, "ur"))
    assert marked.translate(machine, [WRITTEN], to="ur").texts == [EXPECTED]
    assert len(machine.asked) == 1


def without_tags(text):
    import re

    return re.sub(r"<[^>]+>", "", upside_down(text, "ur"))


def twice(text):
    return upside_down(text, "ur") * 2


def crossed(text):
    return upside_down(text, "ur").replace("</strong>", "").replace("</a>", "</strong></a>")


def foreign(text):
    return '<script id="t0">alert(1)</script>' + upside_down(text, "ur")


@pytest.mark.parametrize("spoil", [without_tags, twice, crossed, foreign])
def test_a_machine_that_loses_tags_gets_the_words_in_pieces(spoil):
    machine = Machine(spoil)
    found = marked.translate(machine, [WRITTEN], to="ur").texts[0]
    for kept in (
        '](https://heartshire.example/mill_lane?a=1&b=2 "Mill Lane")', "{{ reference }}", "https://www.police.uk/pu_1/",
        "elm.bridge@police.example", "A45", "M6(M)", "0800 555 111", "`code_1`", "**999**", "- ", "### ",
        "**«BROKEN» «INTO»**", "```\nleft_alone **as it is**\n```",
    ):  # fmt: skip
        assert kept in found, kept
    assert "<script" not in found
    assert len(machine.asked) == 2, "one more request, and no third"


def test_a_title_is_no_markdown():
    machine = Machine(lambda text: upside_down(text, "ur"))
    titles = ["2 *new* vans [here] & a_b, call 101", "1. Not a list", "# Neither a heading"]
    assert marked.translate_line(machine, titles, to="ur").texts == [
        "2 *«NEW»* «VANS» [«HERE»] & «A_B», «CALL» 101", "1. «NOT» «A» «LIST»", "# «NEITHER» «A» «HEADING»",
    ]  # fmt: skip


def test_signs_that_would_be_marks_stay_signs():
    machine = Machine(lambda text: text.replace("stars", "* two * stars"))
    assert marked.translate(machine, ["Watch the stars."], to="ur").texts == [r"Watch the \* two \* stars."]
    listed = Machine(lambda text: "- not a list")
    assert marked.translate(listed, ["Watch."], to="ur").texts == [r"\- not a list"]


def test_nothing_to_translate_asks_nobody():
    machine = Machine(lambda text: text)
    assert marked.translate(machine, ["", "101\n\n---\nhttps://a.example/"], to="ur").texts == [
        "", "101\n\n---\nhttps://a.example/",
    ]  # fmt: skip
    assert machine.asked == []


@given(st.text(max_size=200), st.sampled_from([without_tags, twice, crossed, foreign, lambda text: text, lambda _: ""]))
def test_no_text_breaks_it(text, spoil):
    found = marked.translate(Machine(spoil), [text], to="ur").texts
    assert len(found) == 1


def test_numbers_in_groups_keep_their_order_where_words_run_from_the_right():
    machine = Machine(lambda text: upside_down(text, "ur"))
    assert marked.translate(machine, ["Call 0800 555 111 or 101."], to="ur").texts == [
        "«CALL» \u20660800 555 111\u2069 «OR» 101."
    ]
    assert marked.translate(machine, ["Call 0800 555 111."], to="pl").texts == ["«CALL» 0800 555 111."]
