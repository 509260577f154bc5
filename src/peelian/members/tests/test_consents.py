"""The ledger of consent, by every way somebody comes in."""

import datetime as dt
import re
from pathlib import Path

import pytest

import peelian
from peelian.accounts.models import Organisation
from peelian.audit.actions import COMMAND_LINE
from peelian.core import clock
from peelian.members import actions, queries, tokens
from peelian.members.importing import importer
from peelian.members.models import Consent, Member

pytestmark = pytest.mark.django_db
HEAD = "external_id,email,providers,joined_on,confirmed_on\n"


@pytest.fixture
def fire():
    return Organisation.objects.create(slug="fire", name="Fire service", bit=1)


@pytest.fixture
def load(tmp_path):
    def run(rows: str) -> None:
        path = tmp_path / "members.csv"
        path.write_text(HEAD + rows)
        importer.run(path, by=COMMAND_LINE)

    return run


def ledger(member: Member) -> list[tuple[str, str, str, bool]]:
    """(kind of wording, organisation, how, whether it stands), in the order in which they came."""
    rows = member.consents.select_related("wording", "organisation").order_by("pk")
    return [
        (row.wording.kind, row.organisation.slug if row.organisation else "", row.how, row.withdrawn_at is None)
        for row in rows
    ]


def test_an_import_writes_what_its_list_says_and_adds_only_what_changes(load, fire):
    load("A,sam@home.example,police;fire,2026-01-02,2026-02-03\n")
    member = Member.objects.get()
    assert sorted(ledger(member)) == [("import", "fire", "import", True), ("import", "police", "import", True)]
    assert {row.given_at for row in member.consents.all()} == {clock.london(dt.date(2026, 2, 3), dt.time(0))}
    load("A,sam@home.example,police;fire,2026-01-02,2026-02-03\n")
    assert member.consents.count() == 2
    load("A,sam@home.example,police,2026-01-02,2026-02-03\n")
    assert sorted(ledger(member)) == [("import", "fire", "import", False), ("import", "police", "import", True)]


def test_what_somebody_chose_here_no_import_writes_over(load, fire):
    load("A,sam@home.example,police;fire,2026-01-02,2026-02-03\n")
    member = Member.objects.get()
    actions.change_preferences(member=member, organisations=1, by=actions.MemberActor(member.pk, "signed in"))
    load("A,sam@home.example,fire,2026-01-02,2026-02-03\n")
    assert sorted(ledger(member)) == [("import", "fire", "import", False), ("import", "police", "import", True)]


def test_confirming_adds_the_notice_that_is_seen_then(load):
    load("A,sam@home.example,police,2026-01-02,\n")
    member = Member.objects.get()
    actions.confirm(token=tokens.make(member.pk, member.email_id))
    assert ledger(member) == [("import", "police", "import", True), ("privacy", "", "link", True)]


def test_registering_keeps_the_notice_and_each_tick():
    points = {"email": "sam@home.example"}
    actions.register(given=actions.Given(points=points, organisations=1, wording=queries.wording("privacy")))
    member = Member.objects.get()
    assert ledger(member) == [("privacy", "", "web", True), ("organisation", "police", "web", True)]


def test_nothing_but_the_end_of_an_agreement_is_ever_written_over():
    """Read in the code itself: no update of another column, no deletion but with the member."""
    package = Path(peelian.__file__).parent
    touching = re.compile(
        r"(?:consents|Consent\.objects|members_consent)\b[^\n]*(?:\.update\(|\.delete\(|UPDATE|DELETE)"
    )
    found = {
        (str(path.relative_to(package)), line.strip())
        for path in package.rglob("*.py")
        if "tests" not in path.parts and "migrations" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if touching.search(line) or "UPDATE members_consent" in line or "DELETE FROM members_consent" in line
    }
    assert found
    assert [(name, line) for name, line in sorted(found) if "withdrawn_at" not in line.partition("update(")[2]] == [
        ("members/importing/consents.py", "UPDATE members_consent c SET withdrawn_at = now()")
    ]
    assert Consent._meta.get_field("member").remote_field.on_delete.__name__ == "CASCADE"
