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
    """A place in the staff navigation. `permission` is a name in accounts.roles; `order` is by tens. Places of one
    `group` are one entry of that name, which leads to the first of them that the role may open."""

    label: str
    url_name: str
    permission: str
    order: int
    section: str  # the URL prefix that marks it as current, "/staff/alerts/"
    group: str = ""


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


# Groups, as they are called in the navigation
RESIDENTS, LISTENING, ADMIN = "Residents", "Listening", "Admin"

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


def force(request: HttpRequest) -> dict[str, Any]:
    """`own_address`: of this page, for whoever passes it on, without what was asked of it."""
    return {"force": the_force(), "own_address": f"{settings.PEELIAN_BASE_URL}{request.path}{languages.in_address()}"}


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


def _entries(items: list[NavigationItem], here: str) -> list[NavigationLink]:
    """The first row: each item that stands alone, and each group once, where its first item would stand. A group of
    which the role may open one item only is called as that item is."""
    groups: dict[str, list[NavigationItem]] = {}
    for item in items:
        groups.setdefault(item.group or item.label, []).append(item)
    return [
        NavigationLink(
            name if len(those) > 1 else those[0].label,
            reverse(those[0].url_name),
            any(item.section == here for item in those),
        )
        for name, those in groups.items()
    ]


def _beside(items: list[NavigationItem], here: str) -> list[NavigationLink]:
    """The second row: what is in the same group as the page, where there is more than one."""
    group = next((item.group for item in items if item.section == here), "")
    beside = [item for item in items if group and item.group == group]
    links = [NavigationLink(item.label, reverse(item.url_name), item.section == here) for item in beside]
    return links if len(links) > 1 else []


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The staff navigation and who is signed in, made lazily: public pages never look at the session for it."""

    def items() -> list[NavigationItem]:
        may = getattr(request.user, "may", None)
        if may is None or not request.user.is_authenticated:
            return []
        return sorted((one for one in navigation_items.values() if may(one.permission)), key=lambda item: item.order)

    def person() -> Person | None:
        if not request.user.is_authenticated:
            return None
        return Person(str(request.user), request.user.get_role_display())

    return {
        "navigation": SimpleLazyObject(lambda: _entries(items(), _section(request.path))),
        "navigation_beside": SimpleLazyObject(lambda: _beside(items(), _section(request.path))),
        "person": SimpleLazyObject(person),
    }
