"""What was written anew, out of emails as mail programs make them."""

from __future__ import annotations

import time

import pytest

from peelian.conversations.inbound import html_text
from peelian.conversations.inbound.trimming import said

GMAIL = """I saw a red van.

On Fri, 20 Nov 2026 at 09:00, Elm Bridge team <reply+a@now.example>
wrote:

> Tools were taken
> from vans.
"""
OUTLOOK = """It was on Mill Lane.

Valerie

________________________________
From: Elm Bridge team <alerts@now.example>
Sent: 20 November 2026 09:00
To: Valerie Stone <v@home.example>
Subject: Vans broken into

Tools were taken from vans.
"""
OUTLOOK_CLASSIC = """It was on Mill Lane.

-----Original Message-----
From: Elm Bridge team
Sent: 20 November 2026 09:00
To: Valerie Stone
Subject: Vans

Tools were taken.
"""
OUTLOOK_WELSH = """Mi welais i fan goch.

Oddi wrth: Elm Bridge team <alerts@now.example>
Anfonwyd: 20 Tachwedd 2026 09:00
At: Valerie Stone <v@home.example>
Pwnc: Vans

Tools were taken.
"""


@pytest.mark.parametrize(
    ("whole", "new"),
    [
        (GMAIL, "I saw a red van."),
        (OUTLOOK, "It was on Mill Lane.\n\nValerie"),
        (OUTLOOK_CLASSIC, "It was on Mill Lane."),
        (OUTLOOK_WELSH, "Mi welais i fan goch."),
        ("Yes\n\nAm 20.11.2026 um 09:00 schrieb Elm Bridge team:\n> Tools", "Yes"),
        ("Oui\n\nLe 20 nov. 2026 à 09:00, Elm Bridge team a écrit :\n> Tools", "Oui"),
        ("Tak\n\npt., 20 lis 2026 o 09:00 Elm Bridge team <a@now.example> napisał(a):\n> Tools", "Tak"),
        ("Da\n\nÎn vin., 20 nov. 2026 la 09:00, Elm Bridge team <a@now.example> a scris:\n\n> Tools", "Da"),
        ("جی ہاں\n\nجمعہ، 20 نومبر 2026 کو Elm Bridge team نے لکھا:\n> Tools", "جی ہاں"),
        ("Yes.\n\nSent from my iPhone\n\nOn 20 Nov 2026, at 09:00, Elm Bridge team wrote:\n\n> Tools", "Yes."),
        ("Yes.\n-- \nValerie Stone\nHead of Nothing", "Yes."),
        ("Get Outlook for Android\nis what it said", "Get Outlook for Android\nis what it said"),
        (
            "On Fri, 20 Nov 2026, Elm Bridge team wrote:\n> Which colour?\n\nRed.\n\n> And when?\n\nAt nine.\n",
            "Red.\n\nAt nine.",
        ),
    ],
)
def test_what_is_new(whole, new):
    assert said(whole) == new
    assert said(whole.replace("\n", "\r\n")) == new


@pytest.mark.parametrize(
    "whole",
    [
        "Thanks,\nbut my neighbour saw him too.",
        "He took:\n- a drill\n- a saw\n- two ladders",
        "- a drill is gone\n- and a saw",
        "Data: the van was red.\nDo: call me.",
        "Warning: the mail van is always there.\nBest regards is what he said to me.",
        "From: the bridge\nTo: the mill\nthey walked, at about nine.",
        "I heard him say:\nget out of here",
        "Kind regards to Pat, who helped me.\nThe van came back today.",
        "Tak je viděli.",
        "On Monday he wrote: leave. Then he left.",
    ],
)
def test_a_residents_words_are_never_cut(whole):
    assert said(whole) == whole


def test_where_all_is_quoted_all_is_shown():
    assert said("> only this") == "> only this"
    assert said("") == ""


HOSTILE = [
    "On " * 15_000,
    "On " + "x " * 20_000 + "wrote",
    ("On " + "a" * 295 + "\n") * 190,
    "On\n" * 20_000,
    "> " * 30_000,
    ">" * 60_000,
    "From:\n" * 10_000,
    "From: " + " " * 290 + "\n" + ("From:" + " " * 290 + "\n") * 180,
    "\n" * 60_000,
    "_" * 60_000,
    "a:\n>" * 15_000,
    "Le " * 15_000 + "a écrit",
    ("Le " * 90 + "a écri\n") * 200,
    "-- \n" * 15_000,
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: repr(text[:20]))
def test_nothing_takes_long(hostile):
    began = time.process_time()
    said(hostile)
    assert time.process_time() - began < 5


# HTML ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two &amp; <b>three</b></p>", "One\n\nTwo & three"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("One<br>Two", "One\nTwo"),
        ("<ul><li>A drill<li>A saw</ul>", "- A drill\n- A saw"),
        ("<table><tr><td>One</td><td>Two</td></tr><tr><td>Three</td></tr></table>", "One Two\nThree"),
        ('<a href="https://x.example/a">a page</a>', "a page <https://x.example/a>"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ("<script>alert(1)</script><style>p{}</style>Words", "Words"),
        ("<head><title>T</title></head><body>Words</body>", "Words"),
        ("<blockquote>Theirs</blockquote>Mine", "> Theirs\nMine"),
        ("&lt;script&gt;", "<script>"),
        ("<p>unclosed <b>words", "unclosed words"),
        ("<img src=x onerror=alert(1)>Words", "Words"),
        ("<!--[if mso]><p>hidden</p><![endif]-->Words", "Words"),
    ],
)
def test_html_as_text(html, text):
    assert html_text.to_text(html) == text


@pytest.mark.parametrize(
    "quoted",
    [
        '<div class="gmail_quote"><div class="gmail_attr">On Fri wrote:</div><blockquote>Tools</blockquote></div>',
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Elm</div><div>Tools</div>',
        '<div class="moz-cite-prefix">On 20/11/2026 Elm wrote:</div><blockquote type="cite">Tools</blockquote>',
        '<div class="yahoo_quoted"><div>Tools</div></div>',
        '<blockquote type="cite"><div>On 20 Nov 2026, at 09:00, Elm wrote:</div>Tools</blockquote>',
    ],
)
def test_what_html_quotes_is_left_out(quoted):
    assert said(html_text.to_text(f"<div>I saw a red van.</div>{quoted}")) == "I saw a red van."


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000,
        "<div>" * 19_000,
        "<blockquote>" * 15_000 + "x",
        "<" * 500_000,
        "<a href='" + "x" * 900_000,
        "&" * 900_000,
        "<!--" * 200_000,
        "<p>" + "x" * 900_000,
        "<b>" * 19_000 + "</b>" * 10,
    ],
    ids=lambda text: repr(text[:12]) + str(len(text)),
)
def test_html_made_to_break_a_reader_ends_soon(html):
    began = time.process_time()
    html_text.to_text(html)
    assert time.process_time() - began < 5
