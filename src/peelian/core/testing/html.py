"""A test client that reads HTML: every page that any test fetches is checked as a document."""

from collections.abc import Iterator
from typing import Any

import lxml.html
from django.test import Client

FIELDS = "//input[not(@type='hidden' or @type='submit' or @type='button')]|//select|//textarea"


class Page:
    """A fetched page. `texts(".status")` gives the texts of the elements that a CSS selector finds."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status = response.status_code
        self.document = lxml.html.fromstring(response.content.decode())

    def texts(self, selector: str) -> list[str]:
        return [" ".join(found.text_content().split()) for found in self.document.cssselect(selector)]

    def text(self) -> str:
        return " ".join(self.document.text_content().split())

    def links(self) -> list[str]:
        return [link.get("href") for link in self.document.cssselect("a[href]")]

    def form(self, action: str | None = None) -> dict[str, Any]:
        """The values a browser would send with the form (the one whose action ends in ACTION)."""
        for form in self.document.forms:
            if action is None or (form.get("action") or "").endswith(action):
                return dict(form.form_values())
        raise AssertionError(f"no form with action {action!r}")


class PageClient(Client):
    """Django's client with `page`, which fetches, checks the whole document and returns it as a Page."""

    def page(self, path: str, data: dict[str, Any] | None = None, *, expect: int = 200, post: bool = False) -> Page:
        response = self.post(path, data or {}, follow=True) if post else self.get(path, data or {}, follow=True)
        assert response.status_code == expect, f"{path} answered {response.status_code}, not {expect}"
        page = Page(response)
        problems = list(_problems(page.document))
        assert problems == [], f"{path}: {problems}"
        return page


def _problems(document: Any) -> Iterator[str]:
    ids = [element.get("id") for element in document.xpath("//*[@id]")]
    yield from (f"id {name} twice" for name in {i for i in ids if ids.count(i) > 1})
    headings = document.xpath("//h1")
    if len(headings) != 1:
        yield f"{len(headings)} h1"
    elif " ".join(headings[0].text_content().split()) not in " ".join((document.findtext(".//title") or "").split()):
        yield "the title does not say what h1 says"
    labels = {label.get("for") for label in document.xpath("//label[@for]")}
    for field in document.xpath(FIELDS):
        if not (field.get("id") in labels or field.get("aria-label") or field.get("aria-labelledby")):
            yield f"field {field.get('name')} has no label"
    yield from (f"form {form.get('id')} has no method" for form in document.forms if not form.get("method"))
    for element in document.xpath("//*[@style]|//*[@onclick]|//script[not(@src) and not(@nonce)]"):
        yield f"inline style or script on {element.tag}"
