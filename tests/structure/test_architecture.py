"""What review forgets: foreign keys point down, jobs and settings exist and are written down, models are declared."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from peelian.config.cli import our_commands
from peelian.core import jobs
from peelian.core.personal_data import register

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = PROJECT / "src" / "peelian"
LAYERS = ["core", "audit", "contacts", "places", "accounts", "members", "delivery", "conversations", "alerts"]
LAYERS += ["surveys", "events", "priorities", "insight"]
SURFACES = ["website", "console", "api"]
ORDER = [*LAYERS, *SURFACES]  # of what is below what, for foreign keys and jobs
PERSONAL = re.compile(r"name$|email|mobile|landline|phone|address|postcode|birth|ethnic|origin|recipient|^text$")
NOT_ABOUT_PEOPLE = {
    "places.Area", "places.Postcode", "accounts.Organisation", "members.Topic", "members.Wording", "delivery.Send",
    "delivery.Batch", "delivery.Tally", "delivery.Carrier", "alerts.AlertArea", "alerts.Response",
    "alerts.SavedText", "insight.Refresh", "priorities.ProfileMeasure",
    # What has a name in these is a right, a job or its queue
    "auth.Group", "auth.Permission", "procrastinate.ProcrastinatePeriodicDefer",
}  # fmt: skip


# Lists of what can be reported, raised or shown; not hooks, of which there are few on purpose
REPORTED = {"measures", "kept_figures", "panels", "engagement_sources", "issue_sources", "page_parts", "prefills"}
# Read from somebody's disk, where no policy of ours holds and nothing else of ours is
FILES = {"data_file.html", "paper_file.html"}


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("peelian.")]


def test_foreign_keys_point_down():
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and field.related_model._meta.app_label in ORDER
        and ORDER.index(field.related_model._meta.app_label) > ORDER.index(model._meta.app_label)
    ]
    assert upward == []


def _holds_or_points_to_people(model: type[models.Model]) -> bool:
    people = {"members.Member", "accounts.Staff", "contacts.Address"}
    return any(
        PERSONAL.search(field.name) or (field.is_relation and field.related_model._meta.label in people)
        for field in [*model._meta.fields, *model._meta.many_to_many]
    )


def test_every_model_about_people_is_declared():
    found = {model._meta.label for model in apps.get_models() if _holds_or_points_to_people(model)}
    assert found - set(register) - NOT_ABOUT_PEOPLE == set()


def test_declarations_name_models_that_exist():
    assert set(register) - {model._meta.label for model in apps.get_models()} == set()


def test_every_enqueued_job_exists():
    named = {
        match
        for path in SOURCES.rglob("*.py")
        if "tests" not in path.parts
        for match in re.findall(r"""enqueue\(\s*["']([a-z_.]+)["']""", path.read_text())
    }
    assert named, "no job is ever enqueued?"
    assert named - jobs.known_names() == set()


def test_job_names_begin_with_their_app():
    strays = {name for name in jobs.known_names() if name.partition(".")[0] not in ORDER}
    assert {name for name in strays if not name.startswith(("procrastinate", "builtin"))} == set()


def documented(page: str) -> str:
    return (PROJECT / "docs" / "reference" / page).read_text(encoding="utf-8")


def test_every_setting_is_documented():
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (SOURCES / "config" / "settings.py").read_text()))
    text = documented("settings.md")
    assert {name for name in names if f"`{name}`" not in text} == set()
    assert set(re.findall(r"^\| `([A-Z_]+)`", text, re.M)) - names == set()


def test_every_command_is_documented():
    text = documented("commands.md")
    missing = set()
    for name in our_commands():
        first, _, second = name.partition("_")
        spoken = f"{first} {second}" if first in {"import", "alert", "staff", "members"} else name.replace("_", "-")
        if f"`peelian {spoken}" not in text:
            missing.add(spoken)
    assert missing == set()


def test_every_hook_is_documented():
    text = documented("hooks.md")
    registries = {
        name
        for path in SOURCES.rglob("*.py")
        if "tests" not in path.parts
        for name in re.findall(r"^(\w+): Registry\[", path.read_text(), re.M)
    }
    assert {name for name in registries if f"`{name}`" not in text} == set()
    assert len(registries - REPORTED) < 10


def test_personal_data_is_documented():
    text = documented("personal-data.md")
    for label, d in register.items():
        told = d.purpose, d.lawful_basis, d.retention, d.export, d.erase
        assert f"| `{label}` | {' | '.join(told)} |" in text, label


def test_apps_are_those_of_the_architecture():
    ours = [name.removeprefix("peelian.") for name in settings.INSTALLED_APPS if name.startswith("peelian.")]
    assert ours == [*ORDER, "config"]


@pytest.mark.parametrize("app", ORDER[1:])
def test_each_app_says_what_it_owns(app):
    readme = SOURCES / app / "README.md"
    assert readme.exists()
    assert len(readme.read_text().splitlines()) <= (90 if app == "members" else 40)


def test_templates_and_scripts_carry_no_inline_style_or_handler():
    bad = re.compile(r"""\sstyle=["']|\son[a-z]+=["']|<style|<script(?![^>]*\b(?:src|nonce|type="application/json"))""")
    found = [
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("templates/**/*.html")
        if "email" not in path.name
        and "email" not in path.parts
        and path.name not in FILES
        and bad.search(path.read_text())
    ]
    assert found == []
