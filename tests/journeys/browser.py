"""A person at a browser without JavaScript, over real HTTP: opens pages, follows links, fills in forms."""

from __future__ import annotations

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import lxml.html


class Browser:
    """Keeps cookies; `document` is the page it is on. An answer that is not 200 fails, unless another was expected."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.address = base
        self.document: Any = None

    def open(self, path: str, data: dict[str, Any] | None = None, *, expect: int = 200) -> Browser:
        """GET, or POST when there is data; a redirect is followed."""
        body = None if data is None else urllib.parse.urlencode(data, doseq=True).encode()
        try:
            answer = self._opener.open(urllib.parse.urljoin(self.base, path), body, timeout=120)
        except urllib.error.HTTPError as problem:
            answer = problem
        with answer:
            text = answer.read().decode()
            assert answer.status == expect, (path, answer.status)
            self.address, self.document = answer.url, lxml.html.fromstring(text)
        return self

    def send(self, button: str, **filled: Any) -> Browser:
        """Fill in the form that the button belongs to, and press it."""
        for form in self.document.forms:
            labels = [" ".join(one.text_content().split()) for one in form.xpath(".//button")]
            if any(label.startswith(button) for label in labels):
                values: dict[str, Any] = {}
                for name, value in form.form_values():
                    # lxml says "on" for a ticked choice whose value is empty; browsers send it empty
                    empty = form.xpath(".//input[@name=$name and @checked and @value='']", name=name)
                    values.setdefault(name, []).append("" if empty else value)
                action = urllib.parse.urljoin(self.address, form.get("action") or "")
                return self.open(action, values | filled)
        raise AssertionError(f"{self.address} has no button {button!r}")

    @property
    def heading(self) -> str:
        return " ".join(self.document.findtext(".//h1").split())

    def secrets(self) -> set[str]:
        """The values of its cookies."""
        return {str(cookie.value) for cookie in self.cookies}
