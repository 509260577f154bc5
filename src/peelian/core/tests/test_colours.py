"""Colours that meet can be told apart, by everybody, in light and dark; and they have one home."""

import re

import pytest

from peelian.core.tests.pages import CORE

STYLES = (CORE / "static/core/peelian.css").read_text()
TEXT = [
    *((ink, ground) for ink in ("ink", "muted", "brand", "urgent", "error") for ground in ("surface", "ground")),
    *((ink, ground) for ink in ("ink", "brand", "muted") for ground in ("tint", "tint-urgent")),
    ("visited", "surface"),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("on-urgent", "urgent"),
    ("on-error", "error"),
    ("on-error", "error-deep"),
    ("error-deep", "surface"),
    ("on-focus", "focus"),
    ("surface", "brand"),
    *((f"tag-{colour}-ink", f"tag-{colour}") for colour in ("grey", "blue", "teal", "green", "amber", "red")),
]
EDGES = [
    *((edge, ground) for edge in ("edge", "accent", "urgent", "error", "good") for ground in ("surface", "ground")),
    ("part-1", "surface"),
    ("part-2", "surface"),
    ("accent", "tint"),
    ("edge", "tint"),
    ("part-5", "part-mark"),
    ("part-2", "part-mark"),
]


def tokens(scheme: str) -> dict[str, str]:
    light, dark = STYLES.split("@media screen and (prefers-color-scheme: dark)", 1)
    found = dict(re.findall(r"--p-([\w-]+): (#[0-9a-f]{6});", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--p-([\w-]+): (#[0-9a-f]{6});", dark))
    return found


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (EDGES, 3.0)], ids=["text", "edges and shapes"])
def test_colours_that_meet_can_be_told_apart(scheme: str, pairs: list[tuple[str, str]], least: float) -> None:
    palette = tokens(scheme)
    weak = {
        f"{one} on {other}": round(contrast(palette[one], palette[other]), 2)
        for one, other in pairs
        if contrast(palette[one], palette[other]) < least
    }
    assert weak == {}


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_parts_of_a_bar_keep_their_order_in_grey() -> None:
    light = [luminance(tokens("light")[f"part-{n}"]) for n in (1, 2, 3)]
    dark = [luminance(tokens("dark")[f"part-{n}"]) for n in (1, 2, 3)]
    assert light == sorted(light)
    assert dark == sorted(dark, reverse=True)


def test_colours_are_named_by_tokens_alone() -> None:
    rules = re.sub(r"--p-[\w-]+: #[0-9a-f]{6};", "", STYLES)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;, )])", rules) == []


def test_every_token_that_is_used_exists() -> None:
    assert set(re.findall(r"var\((--p-[\w-]+)", STYLES)) <= set(re.findall(r"(--p-[\w-]+):", STYLES))


def test_no_page_template_carries_a_style_or_a_script_of_its_own() -> None:
    pages = [path for path in (CORE / "templates").rglob("*.html") if "email" not in path.name]
    assert len(pages) > 20
    found = {
        path.name: hits
        for path in pages
        if (hits := re.findall(r"\sstyle=|<style|\son\w+=|<script(?![^>]*src=)", path.read_text()))
    }
    assert found == {}
