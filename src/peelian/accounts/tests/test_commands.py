"""peelian staff add and peelian staff link: what they do, say and refuse. Exit codes are config.cli's."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from peelian.accounts import links
from peelian.accounts.models import Staff
from peelian.accounts.tests.factories import make_area, make_staff, make_team
from peelian.audit.models import Event
from peelian.core.errors import PeelianError

pytestmark = pytest.mark.django_db


def peelian(first: str, second: str, *rest: str) -> tuple[int, str, str]:
    """Exit code, what is printed, and the sentence of a refusal."""
    out = StringIO()
    try:
        call_command(f"{first}_{second}", *rest, stdout=out)
    except PeelianError as problem:
        return 1, out.getvalue(), str(problem)
    return 0, out.getvalue(), ""


def test_it_adds_an_account_for_the_force_in_the_force_team():
    code, out, err = peelian("staff", "add", "Pat@Heartshire.example", "--role", "administrator")
    assert (code, err) == (0, "")
    staff = Staff.objects.get()
    assert (staff.email, staff.role, staff.scope.count()) == ("pat@heartshire.example", "administrator", 0)
    assert [team.slug for team in staff.teams.all()] == ["force"]
    link = out.strip().splitlines()[-1]
    assert links.read(link.rstrip("/").rsplit("/", 1)[1]) == staff
    assert Event.objects.get(verb="staff.added").actor_label == "command line"


def test_area_team_name_and_json():
    ward, team = make_area("W01"), make_team("Elm Bridge team")
    words = ["staff", "add", "a@heartshire.example", "--role", "officer", "--area", "W01"]
    code, out, _ = peelian(*words, "--team", "elm bridge TEAM", "--name", "Ash", "--json")
    assert code == 0
    said = json.loads(out)
    assert (said["email"], said["role"], said["areas"], said["days"]) == ("a@heartshire.example", "officer", ["W01"], 7)
    staff = Staff.objects.get()
    assert (staff.name, list(staff.scope.all()), list(staff.teams.all())) == ("Ash", [ward], [team])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a@b.example", "--role", "chief"], "There is no role 'chief'. There are: officer, supervisor"),
        (["a@b.example", "--role", "officer", "--area", "X9"], "There is no area of the code X9."),
        (
            ["a@b.example", "--role", "officer", "--team", "Nobodies"],
            "There is no team 'Nobodies'. There are: Force team.",
        ),
        (
            ["a@b.example", "--role", "auditor", "--area", "W01"],
            "An auditor reads the trail of the whole force, so they cannot have areas.",
        ),
        (["nonsense", "--role", "officer"], "nonsense is not an email address."),
        (["Here@b.example", "--role", "officer"], "Somebody with that email address has an account already."),
    ],
)
def test_what_it_refuses_it_says_in_a_sentence(words, said):
    make_staff(email="here@b.example")
    make_area("W01")
    code, out, err = peelian("staff", "add", *words)
    assert (code, out) == (1, "")
    assert err.startswith(said)
    assert Staff.objects.count() == 1


def test_a_role_has_to_be_named():
    with pytest.raises(CommandError, match="--role"):
        peelian("staff", "add", "a@b.example")


def test_a_new_link_from_the_command_line():
    staff = make_staff(email="here@b.example")
    code, out, _ = peelian("staff", "link", "Here@b.example")
    assert code == 0
    assert links.read(out.strip().rstrip("/").rsplit("/", 1)[1]) == staff
    assert peelian("staff", "link", "who@b.example")[0] == 1
