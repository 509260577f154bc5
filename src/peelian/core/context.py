"""What every page may show: the force, and the staff navigation that the role opens."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from peelian.core import languages
from peelian.core.registries import Registry


@dataclass(frozen=True)
class Force:
    name: str
    service_name: str
    demo: bool
    report_url: str


@dataclass(frozen=True)
class NavigationItem:
    """A place in the staff navigation. `permission` is a name in accounts.roles; `order` is by tens."""

    label: str
    url_name: str
    permission: str
    order: int
    section: str  # the URL prefix that marks it as current, "/staff/alerts/"


@dataclass(frozen=True)
class NavigationLink:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Person:
    """Who is signed in, for the head of staff pages."""

    name: str
    role: str


# Filled by apps in ready(); read by accounts.navigation through the hook below
navigation_items: Registry[NavigationItem] = Registry("navigation_items")


def the_force() -> Force:
    """The force as this installation is set up; emails, which have no request, ask for it here."""
    return Force(
        settings.PEELIAN_FORCE_NAME,
        settings.PEELIAN_SERVICE_NAME,
        settings.PEELIAN_DEMO,
        settings.PEELIAN_REPORT_URL,
    )


def force(_: HttpRequest) -> dict[str, Any]:
    return {"force": the_force()}


@dataclass(frozen=True)
class LanguageChoice:
    """A language of our own pages, by its own name, and this page in it."""

    code: str
    name: str
    direction: str
    url: str
    current: bool


def language(request: HttpRequest) -> dict[str, Any]:
    """What the page is written in, for lang and dir; on residents' pages also what else it could be in."""
    current = translation.get_language() or settings.LANGUAGE_CODE
    shown: dict[str, Any] = {
        **languages.written_in(),
        "in_language": languages.in_address(),
        "has_no_reader": not languages.is_english(current),  # nobody who grew up with it has read the catalogue yet
    }
    if not languages.may_say(request.path):
        return shown
    kept = request.GET.copy()
    kept.pop("lang", None)
    choices = []
    for code, _ in settings.LANGUAGES:
        # Each public page in English has one address, so that caches keep it once; on one's own pages it is a choice
        plain = languages.is_english(code) and not languages.may_choose(request.path)
        more = kept.urlencode()
        url = "?" + "&".join(one for one in (more, "" if plain else f"lang={code}") if one)
        name = languages.own_name(code)
        choices.append(
            LanguageChoice(code, name, languages.direction(code), request.path if url == "?" else url, code == current)
        )
    return {**shown, "language_choices": choices}


def _section(path: str) -> str:
    """The section that a page is in: of those it lies under, the innermost. Under /staff/ itself is only Today."""
    under = [item.section for item in navigation_items.values() if item.section != "/staff/"]
    return max((one for one in under if path.startswith(one)), key=len, default=path)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The staff navigation and who is signed in, made lazily: public pages never look at the session for it."""

    def links() -> list[NavigationLink]:
        may = getattr(request.user, "may", None)
        if may is None or not request.user.is_authenticated:
            return []
        items = sorted(navigation_items.values(), key=lambda item: item.order)
        here = _section(request.path)
        return [
            NavigationLink(item.label, reverse(item.url_name), item.section == here)
            for item in items
            if may(item.permission)
        ]

    def person() -> Person | None:
        if not request.user.is_authenticated:
            return None
        return Person(str(request.user), request.user.get_role_display())

    return {"navigation": SimpleLazyObject(links), "person": SimpleLazyObject(person)}
