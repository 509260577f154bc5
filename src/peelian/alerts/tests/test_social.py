"""Copy for social media: the right length, a picture that holds up, and nothing of what is not public."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from peelian.accounts.tests.factories import sign_in
from peelian.alerts import actions, social
from peelian.alerts.tests.factories import Force, make_draft, make_force, make_sent
from peelian.core.testing.html import PageClient
from peelian.core.tests.test_colours import tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def force() -> Force:
    return make_force()


def test_the_colours_are_those_of_the_pages() -> None:
    light = tokens("light")
    assert (light["accent"], light["urgent"]) == (social.ACCENT, social.URGENT)


def test_whole_sentences_that_fit_with_the_link(force: Force) -> None:
    alert = make_sent(force)
    short = social.post(alert, social.SHORT)
    assert short.text == (
        "Vans broken into on Mill Lane. Tools were taken from three vans on Monday night. Take your tools indoors."
        f" Tell us what you saw.\n\nhttp://testserver/s/{alert.ref}/"
    )
    assert short.counted == len(short.text) - len(social.link(alert)) + 23
    alert.happening = "A word or two more. " * 40
    assert 200 < social.post(alert, social.SHORT).counted <= 280
    assert 400 < social.post(alert, social.LONG).counted <= 500
    alert.title = "Wide " * 24
    assert social.post(alert, 100).counted <= 100
    assert "…" in social.post(alert, 100).text


@pytest.mark.parametrize(
    "title",
    [
        "Short",
        "Vans broken into on Mill Lane and on two more streets near the park",
        "W" * 120,
        "wide " * 24,
        "میل لین پر چوری",
        "É",
    ],
)
def test_a_picture_of_the_right_size_whatever_the_title(force: Force, title: str) -> None:
    alert = make_draft(force, title=title.strip(), priority="urgent")
    picture = Image.open(io.BytesIO(made := social.card(alert)))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert len(made) < 200_000
    pixels = picture.convert("RGB")
    foot = {pixels.getpixel((x, 500)) for x in range(0, 1200, 3)}
    assert foot <= {(20, 64, 107), (11, 110, 110)}, "nothing is written over the foot"
    assert {pixels.getpixel((x, y)) for x in (20, 1185) for y in range(130, 500, 3)} == {(20, 64, 107)}
    assert social.card_alt(alert).startswith(f"Urgent: {title.strip()}")


def test_the_page_and_the_file(client: PageClient, force: Force) -> None:
    alert = make_sent(force)
    sign_in(client, force.officer)
    page = client.page(f"/staff/alerts/{alert.ref}/social/")
    assert page.document.cssselect("img.p-card-picture")[0].get("alt") == social.card_alt(alert)
    saved = client.get(f"/staff/alerts/{alert.ref}/social/card.png?save")
    assert (saved["Content-Type"], saved["Content-Disposition"]) == (
        "image/png",
        f'attachment; filename="alert-{alert.ref}.png"',
    )


def test_what_is_not_public_has_neither(client: PageClient, force: Force) -> None:
    sign_in(client, force.officer)
    recalled = make_sent(force, title="Recalled")
    actions.recall(alert=recalled, by=force.officer)
    for alert in (make_draft(force, title="Draft"), make_sent(force, restricted=True), recalled):
        for page in ("", "card.png"):
            assert client.get(f"/staff/alerts/{alert.ref}/social/{page}").status_code == 409
