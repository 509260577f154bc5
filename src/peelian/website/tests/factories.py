"""Pages as editors make them."""

from datetime import timedelta

from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff
from peelian.core import clock
from peelian.website import actions
from peelian.website.actions import Words
from peelian.website.models import Page


def editor() -> Staff:
    found = Staff.objects.filter(email="editor@heartshire.example").first()
    return found or make_staff(email="editor@heartshire.example", role=Role.COMMUNICATIONS, name="Edie Tor")


def make_page(title="Lost property", *, kind="advice", slug="", live=True, by=None, language="en-gb", **given) -> Page:
    says = {
        "summary": f"What to do about {title.lower()}.", "body": f"## First\n\nAsk about **{title.lower()}**.",
        "who": "The council, not the police" if kind == "advice" else "", "words": "",
    }  # fmt: skip
    words = Words(title, **(says | {name: given.pop(name) for name in list(given) if name in says}))
    made = actions.make_page(
        kind=kind, slug=slug or title.lower().replace(" ", "-"), language=language, words=words, by=by or editor(),
        section=given.pop("section", "property") if kind == "advice" else "",
        review_on=given.pop("review_on", clock.today() + timedelta(days=200)), **given,
    )  # fmt: skip
    if live:
        actions.publish(page=made, by=by or editor())
    return made
