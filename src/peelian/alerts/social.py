"""An alert for social media, to be pasted by a person: words of the right length with the short link, and a picture
drawn here. Nothing is sent anywhere and no key of any platform is held."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from PIL import Image, ImageDraw, ImageFont

from peelian.alerts.markdown import one_line, to_text
from peelian.alerts.models import Alert
from peelian.alerts.reading import where
from peelian.alerts.wording import sentences
from peelian.core import wording

SHORT, LONG = 280, 500  # characters: X's own limit; what others show before "more"
LINK_COUNTS = 23  # characters, however long it is: X counts every link so

WIDTH, HEIGHT, EDGE = 1200, 630, 72  # pixels, as Facebook, X and LinkedIn show a link
# Tokens of core/static/core/peelian.css (a test compares); the ground is the force's own colour
ACCENT, SURFACE, URGENT = "#0b6e6e", "#ffffff", "#b54708"
WEIGHTS = {"Regular": "400Regular", "Bold": "600SemiBold"}
SIZES = range(84, 43, -4)  # of the title, pixels
MOST_LINES, LINE = 4, 1.16
_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "DIGIT")  # what the typeface has letters of

Font = ImageFont.FreeTypeFont


@dataclass(frozen=True)
class Post:
    """Words to paste. `counted` as X counts them: every link as 23 characters."""

    text: str
    most: int

    @property
    def counted(self) -> int:
        words, _, _ = self.text.rpartition("\n\n")
        return len(words) + 2 + LINK_COUNTS


def link(alert: Alert) -> str:
    return settings.PEELIAN_BASE_URL + reverse("alerts:share", args=[alert.ref])


def post(alert: Alert, most: int) -> Post:
    """The title and as many whole sentences as fit into MOST characters with the link."""
    lead = "Urgent: " if alert.priority == Alert.Priority.URGENT else ""
    said = one_line(f"{lead}{alert.title}")
    room = most - LINK_COUNTS - 2
    told = to_text(f"{alert.happening}\n\n{alert.can_do}")
    for number, sentence in enumerate(sentences(told)):
        stop = "" if said[-1:] in ".!?" else "."
        whole = one_line(sentence.removeprefix("- "))
        more = f"{said}{stop if not number else ''} {whole}{'' if whole[-1:] in '.!?' else '.'}"
        if len(more) > room:
            break
        said = more
    if len(said) > room:
        said = f"{said[: room - 1].rpartition(' ')[0]}…"
    return Post(f"{said}\n\n{link(alert)}", most)


def card_alt(alert: Alert) -> str:
    """What the picture shows, for those who do not see it."""
    when = f", {wording.uk_date(alert.sent_at)}" if alert.sent_at else ""
    urgent = "Urgent: " if alert.priority == Alert.Priority.URGENT else ""
    return one_line(f"{urgent}{alert.title}. {alert.team.name}, {where(alert)}{when}. Read it at {link(alert)}")


# The picture ----------------------------------------------------------------------------------------------------------


def card(alert: Alert) -> bytes:
    """A PNG of 1200 × 630 pixels in the force's colours. A title in a script that the typeface lacks is left out, as
    boxes say nothing; its words are in the text beside the picture."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), settings.PEELIAN_COLOUR)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, HEIGHT - 118, WIDTH, HEIGHT), fill=SURFACE)
    draw.rectangle((0, HEIGHT - 126, WIDTH, HEIGHT - 118), fill=ACCENT)
    draw.text((EDGE, 56), settings.PEELIAN_SERVICE_NAME, font=_font("Bold", 34), fill=SURFACE)
    top = 138
    if alert.priority == Alert.Priority.URGENT:
        top = _tag(draw, "Urgent", top) + 24
    _title(draw, alert.title if _has_letters_for(alert.title) else f"News from {alert.team.name}", top)
    _foot(draw, alert)
    kept = io.BytesIO()
    picture.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _tag(draw: ImageDraw.ImageDraw, words: str, top: int) -> int:
    font = _font("Bold", 30)
    width = round(font.getlength(words))
    draw.rounded_rectangle((EDGE, top, EDGE + width + 40, top + 54), radius=8, fill=URGENT)
    draw.text((EDGE + 20, top + 27), words, font=font, fill=SURFACE, anchor="lm")
    return top + 54


def _title(draw: ImageDraw.ImageDraw, title: str, top: int) -> None:
    """As large as it fits above the foot, in four lines at most."""
    room = HEIGHT - 126 - 40 - top
    for size in SIZES:
        font = _font("Bold", size)
        lines = _wrapped(title, font)
        if len(lines) <= MOST_LINES and len(lines) * size * LINE <= room:
            break
    lines = [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1].rstrip('.,;:')}…"] if len(lines) > MOST_LINES else lines
    for number, line in enumerate(lines):
        draw.text((EDGE, top + number * size * LINE), line, font=font, fill=SURFACE)


def _wrapped(title: str, font: Font) -> list[str]:
    lines = [""]
    for word in (piece for long in title.split() for piece in _pieces(long, font)):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > WIDTH - 2 * EDGE:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _pieces(word: str, font: Font) -> list[str]:
    """A word, cut where it is wider than the picture."""
    found = [""]
    for sign in word:
        if font.getlength(found[-1] + sign) > WIDTH - 2 * EDGE:
            found.append("")
        found[-1] += sign
    return found


def _foot(draw: ImageDraw.ImageDraw, alert: Alert) -> None:
    """Team and day on the left, where to read it on the right; the team's name gives way."""
    address = link(alert).split("://")[-1].rstrip("/")
    small, bold = _font("Regular", 28), _font("Bold", 30)
    left = WIDTH - 2 * EDGE - round(bold.getlength(address)) - 40
    name = alert.team.name
    while name and bold.getlength(name) > left:
        name = f"{name.rstrip('…')[:-1].rstrip()}…"
    draw.text((EDGE, HEIGHT - 78), name, font=bold, fill=settings.PEELIAN_COLOUR, anchor="lm")
    day = wording.uk_date(alert.sent_at) if alert.sent_at else ""
    draw.text((EDGE, HEIGHT - 40), day, font=small, fill=settings.PEELIAN_COLOUR, anchor="lm")
    draw.text((WIDTH - EDGE, HEIGHT - 59), address, font=bold, fill=ACCENT, anchor="rm")


def _has_letters_for(text: str) -> bool:
    letters = [unicodedata.name(sign, "") for sign in text if sign.isalnum()]
    return all(name.startswith(_SCRIPTS) for name in letters)


@lru_cache(maxsize=64)
def _font(weight: str, size: int) -> Font:
    """The typeface of posters, which `make setup` copies; without it Pillow's own."""
    path = settings.PRINT_FONTS / f"AtkinsonHyperlegibleNext-{WEIGHTS[weight]}.ttf"
    if path.is_file():
        return ImageFont.truetype(str(path), size)
    spare = ImageFont.load_default(size)
    assert isinstance(spare, ImageFont.FreeTypeFont)
    return spare
