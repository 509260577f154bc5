"""Whatever a resident reads can be translated: no template of theirs has words that stand outside of gettext, and no
form of theirs a label that a catalogue could not hold."""

import ast
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.template.engine import Engine
from django.utils.functional import Promise

from peelian.core.testing import literals

# What residents fill in; forms in other modules are for staff
FORMS = [
    "alerts.forms.public",
    "conversations.forms_public",
    "members.forms",
    "members.forms_account",
    "members.forms_helping",
    "members.forms_joining",
    "members.forms_reach",
    "members.forms_pace",
    "website.forms",
]


@pytest.mark.parametrize("name", literals.residents())
def test_every_word_of_a_residents_template_is_marked_for_translation(name):
    assert literals.unmarked(name) == [], "put it in {% translate %}, {% blocktranslate %} or _()"


def test_residents_templates_are_found_by_what_they_are_built_on():
    found = set(literals.residents())
    assert {
        "alerts/public/rate.html", "alerts/public/cards.html", "alerts/email/alert.txt", "members/join/start.html",
        "members/groups/what.html", "members/repair/code.html", "conversations/mine/thread.html", "errors/500.html",
        "website/home.html", "components/field_open.html", "components/email_emergency.txt", "layouts/base.html",
    } <= found  # fmt: skip
    assert not {name for name in found if "/staff/" in name or name.startswith(("accounts/", "mfa/", "console/"))}


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Hello there</p>", "Hello there"),
        ("{% if a %}Urgent: {% endif %}{{ title }}", "Urgent:"),
        ('<img alt="A red van">', "A red van"),
        ('<a aria-label="{{ n }} of 6">{{ n }}</a>', "of 6"),
        ('{% include "a.html" with title="Nothing yet" only %}', "Nothing yet"),
        ('{{ name|default:"your police" }}', "your police"),
        ('{% panel "Who sent it" kind="quiet" %}{% endpanel %}', "Who sent it"),
        ('{% translate "About" %} us', "us"),
    ],
)
def test_words_outside_of_the_tags_are_found(template, words):
    found = list(literals._unmarked(template))
    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize(
    "template",
    [
        '<p class="govuk-body" id="main">{% translate "Hello there" %}</p>',
        "{% blocktranslate trimmed %}<strong>Hello</strong> {{ name }}{% endblocktranslate %}",
        "{% blocktranslate trimmed count n=n %}{{ n }} area{% plural %}{{ n }} areas{% endblocktranslate %}",
        '{% include "components/empty.html" with title=_("Nothing yet") only %}',
        "{% comment %}For whoever reads this{% endcomment %}{# and this #}<style>p { color: red }</style>",
        '{{ phone|cut:" " }}{% when moment "datetime" %}{% url "alerts:rate" token %}&nbsp;·&#847;',
    ],
)
def test_words_in_the_tags_and_what_is_no_word_are_left_alone(template):
    assert list(literals._unmarked(template)) == []


def residents_forms():
    for name in FORMS:
        module = import_module(f"peelian.{name}")
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, forms.BaseForm) and one.__module__ == module.__name__:
                yield pytest.param(one, id=f"{name}.{one.__name__}")


# Where residents' pages are answered from
VIEWS = [
    "alerts.views.from_message", "alerts.views.public", "conversations.views.mine", "conversations.views.writing",
    "members.views.account", "members.views.helping", "members.views.joining", "members.views.me",
    "members.views.my_groups", "members.views.number", "members.views.pace", "members.views.repair",
    "members.views.signing_in", "website.views",
]  # fmt: skip
TELLING = {"success", "info", "warning", "error", "ValidationError", "add_error"}


def fixed_sentences(source):
    """What is told to a resident in words that no catalogue is asked about."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in TELLING:
            for said in call.args:
                words = said.values if isinstance(said, ast.JoinedStr) else [said]
                if any(isinstance(one, ast.Constant) and " " in str(one.value) for one in words):
                    yield ast.unparse(said)


@pytest.mark.parametrize("name", FORMS + VIEWS)
def test_what_a_view_or_a_form_tells_a_resident_is_asked_of_the_catalogue(name):
    source = import_module(f"peelian.{name}").__file__
    assert list(fixed_sentences(Path(source).read_text(encoding="utf-8"))) == []


def test_sentences_that_no_catalogue_is_asked_about_are_found():
    assert list(fixed_sentences('messages.success(request, f"Sent to {team}.")')) == ["f'Sent to {team}.'"]
    assert list(fixed_sentences('raise forms.ValidationError("Choose one first")')) == ["'Choose one first'"]
    assert list(fixed_sentences('form.add_error("text", _("Choose one first"))')) == []


@pytest.mark.parametrize("form", list(residents_forms()))
def test_labels_and_hints_of_residents_forms_wait_for_the_readers_language(form):
    for name, field in form.base_fields.items():
        for said in (field.label, field.help_text):
            assert not said or isinstance(said, Promise), f"{name}: {said!r} is fixed when the program starts"


def test_the_walker_reads_every_template_that_django_would():
    assert Engine.get_default()
    assert len(literals.templates()) > len(literals.residents()) > 100
