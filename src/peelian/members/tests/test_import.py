"""`peelian import members`: what a file says is what is kept, and what is wrong is said with line, column and
reason."""

import csv
import datetime as dt
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from peelian.accounts.models import Organisation
from peelian.audit.models import Event
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.members import actions, personal_data, tokens
from peelian.members.actions.codes import figures_of
from peelian.members.errors import FileRefused
from peelian.members.importing import importer
from peelian.members.importing.columns import COLUMNS
from peelian.members.models import EVERY_TOPIC, AudienceRow, Code, EqualityAnswers, Group, Member, Topic
from peelian.members.tests.factories import make_postcode, make_ward

pytestmark = pytest.mark.django_db
THIS_YEAR = clock.today().year


@pytest.fixture
def ward():
    make_postcode("AB12CD")
    return make_ward()


@pytest.fixture
def write(tmp_path):
    def write(*rows: dict[str, object], header: tuple[str, ...] = COLUMNS) -> Path:
        path = tmp_path / "members.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def load(capsys):
    def load(path: Path, *options: str) -> str:
        call_command("import_members", str(path), *options)
        return capsys.readouterr().out.strip()

    return load


def row(number: int = 1, **given: object) -> dict[str, object]:
    return {"external_id": f"M{number}", "email": f"person{number}@home.example", **given}


def test_every_column_ends_where_it_belongs(write, load, ward):
    group = Group.objects.create(slug="dog-walkers", name="Dog walkers")
    fire = Organisation.objects.create(slug="fire", name="Fire service", bit=1)
    path = write(
        row(
            first_name=" Sam ", last_name="O'Hara", email="Sam@Home.Example", mobile="07700 900123",
            landline="01632 960123",
            address="1 Mill Lane", postcode="ab1 2cd", language="UR", interests="vehicle-crime; good-news",
            groups="dog-walkers", channels="email;text", providers="police;fire",
            source="doorstep", joined_on="2026-01-02",
            confirmed_on="2026-01-03", birth_year="1980", sex="female", ethnic_group="asian-pakistani",
            disability="limited-a-little", origin_code="X12",
        )
    )  # fmt: skip
    assert load(path) == "1 new, 0 changed, 0 unchanged."
    member = Member.objects.get()
    values = [member.email.value, member.mobile.value, member.landline.value]
    assert values == ["sam@home.example", "+447700900123", "+441632960123"]
    assert (member.first_name, member.last_name, member.street_address) == ("Sam", "O'Hara", "1 Mill Lane")
    assert (member.postcode, member.area, member.language, member.source) == ("AB12CD", ward, "ur", "doorstep")
    slugs = ("vehicle-crime", "good-news")
    assert member.interests == sum(Topic.objects.get(slug=slug).mask for slug in slugs)
    assert (member.channels, member.organisations) == (3, 1 | fire.mask)
    assert member.joined_on == dt.date(2026, 1, 2)
    assert member.confirmed_at == dt.datetime(2026, 1, 3, tzinfo=clock.LONDON)
    assert list(member.groups.all()) == [group]
    answers = EqualityAnswers.objects.get()
    assert (answers.birth_year, answers.sex, answers.ethnic_group) == (1980, "female", "asian-pakistani")
    assert (answers.disability, answers.origin_code) == ("limited-a-little", "X12")
    found = AudienceRow.objects.get()
    assert (found.member_id, found.area_id, found.channels) == (member.pk, ward.pk, 3)
    event = Event.objects.get()
    assert (event.verb, event.actor_label, event.data["new"]) == ("members.imported", "command line", 1)


def test_what_is_left_out_has_the_documented_meaning(write, load):
    load(write(row()))
    member = Member.objects.get()
    assert (member.interests, member.channels, member.organisations, member.language) == (EVERY_TOPIC, 0, 1, "en")
    assert (member.confirmed_at, member.cell, member.area, member.source) == (None, None, None, "import")
    assert member.joined_on == clock.today()
    assert not EqualityAnswers.objects.exists()
    assert AudienceRow.objects.get().reachable == 0  # nothing until they confirm


def test_only_an_id_and_a_contact_point_are_needed(write, load):
    path = write({"external_id": "A", "mobile": "07700 900123"}, header=("external_id", "mobile"))
    assert load(path) == "1 new, 0 changed, 0 unchanged."


def test_latitude_and_longitude_win_over_the_postcode(write, load, ward):
    east = make_ward("W02", "Castle Vale", column=1)
    load(write(row(postcode="AB1 2CD", latitude="52.005", longitude="-1.985"), row(2, postcode="AB1 2CD")))
    assert list(Member.objects.order_by("external_id").values_list("area_id", flat=True)) == [east.pk, ward.pk]


def test_a_second_run_changes_nothing_and_says_so(write, load, ward):
    Group.objects.create(slug="dog-walkers", name="Dog walkers")
    rows = [row(n, postcode="AB1 2CD", groups="dog-walkers", birth_year="1980", sex="male") for n in range(5)]
    path = write(*rows)
    assert load(path) == "5 new, 0 changed, 0 unchanged."
    before = list(Member.objects.order_by("pk").values())
    assert load(path) == "0 new, 0 changed, 5 unchanged."
    assert list(Member.objects.order_by("pk").values()) == before
    rows[1] |= {"first_name": "Ali"}
    rows[2] |= {"sex": "female"}
    assert load(write(*rows)) == "0 new, 2 changed, 3 unchanged."
    assert load(write(*rows)) == "0 new, 0 changed, 5 unchanged."
    assert Member.objects.count() == 5


def test_a_column_that_is_not_there_leaves_what_there_is(write, load, ward):
    load(write(row(first_name="Sam", postcode="AB1 2CD", mobile="07700 900123", language="pl")))
    path = write({"external_id": "M1", "email": "new@home.example"}, header=("external_id", "email"))
    assert load(path) == "0 new, 1 changed, 0 unchanged."
    member = Member.objects.get()
    assert (member.first_name, member.area, member.language) == ("Sam", ward, "pl")
    assert (member.email.value, member.mobile.value) == ("new@home.example", "+447700900123")


def test_what_a_member_chose_and_confirmed_is_theirs(write, load):
    load(write(row()))
    member = Member.objects.get()
    Member.objects.update(confirmed_at=clock.now())
    actions.change_preferences(member=member, by=actions.MemberActor(member.pk), interests=4, organisations=0)
    assert load(write(row(interests="good-news", providers="police"))) == "0 new, 0 changed, 1 unchanged."
    member.refresh_from_db()
    assert (member.interests, member.organisations, member.confirmed_at is None) == (4, 0, False)


def repair(email: str, number: int = 1) -> None:
    """The member gives a new address in the place of the one that died."""
    member = Member.objects.get(external_id=f"M{number}")
    token = tokens.make_repair(member.mobile_id, member.email_id)
    code_id = actions.begin_repair(token=token, email=email)
    actions.finish_repair(token=token, code_id=code_id, figures=figures_of(Code.objects.get(pk=code_id)))


def email_of(number: int = 1) -> str:
    return Member.objects.get(external_id=f"M{number}").email.value


def test_an_address_that_died_does_not_come_back(write, load):
    """The list it came from still has it. Neither does the address return that had replaced it and died too."""
    dead = write(row(mobile="07700 900123"), row(2, mobile="07700 900124"))
    load(dead)
    repair("new@home.example")
    before = list(Member.objects.order_by("pk").values())
    for _ in range(2):
        assert load(dead) == "0 new, 0 changed, 2 unchanged."
    assert list(Member.objects.order_by("pk").values()) == before
    repair("newest@home.example")
    Code.objects.all().delete()
    personal_data.forget_unused_addresses(clock.now())
    assert not Address.objects.filter(value__in=["person1@home.example", "new@home.example"]).exists()
    for given in ("person1@home.example", "PERSON1@Home.example", "new@home.example", ""):
        path = write(row(mobile="07700 900123", email=given), row(2, mobile="07700 900124"))
        assert load(path) == "0 new, 0 changed, 2 unchanged."
    assert [email_of(1), email_of(2)] == ["newest@home.example", "person2@home.example"]
    assert not Address.objects.filter(value="person1@home.example").exists()


def test_a_third_address_from_the_file_is_taken(write, load):
    load(write(row(mobile="07700 900123")))
    repair("new@home.example")
    third = write(row(mobile="07700 900123", email="third@home.example"))
    assert load(third) == "0 new, 1 changed, 0 unchanged."
    assert load(third) == "0 new, 0 changed, 1 unchanged."
    load(write(row(mobile="07700 900123")))
    assert email_of() == "third@home.example"
    repair("person1@home.example")  # it lives again, says its member
    assert load(write(row(mobile="07700 900123"))) == "0 new, 0 changed, 1 unchanged."
    assert email_of() == "person1@home.example"


def test_answers_that_were_taken_back_stay_away(write, load):
    path = write(row(birth_year="1980", sex="female", origin_code="K12"))
    load(path)
    member = Member.objects.get()
    actions.forget_answers(member=member, by=actions.MemberActor(member.pk))
    assert load(path) == "0 new, 0 changed, 1 unchanged."
    assert not EqualityAnswers.objects.exists()


def test_who_has_left_stays_away(write, load, capsys):
    load(write(row(), row(2)))
    member = Member.objects.get(external_id="M1")
    actions.leave(member=member, by=actions.MemberActor(member.pk))
    call_command("import_members", str(write(row(first_name="Sam"), row(2, first_name="Ali"))))
    said = capsys.readouterr()
    assert said.out.strip() == "0 new, 1 changed, 0 unchanged."
    assert "1 rows are of people who have left" in said.err
    member.refresh_from_db()
    assert (member.first_name, member.left_at is None) == ("", False)


BAD = [
    ({"email": "sam@home"}, "email"),
    ({"mobile": "020 7946 0123"}, "mobile"),
    ({"landline": "07700 900123"}, "landline"),
    ({"postcode": "ZZ1 1ZZ"}, "postcode"),
    ({"postcode": "nonsense"}, "postcode"),
    ({"language": "klingon"}, "language"),
    ({"interests": "good-news;bad-news"}, "interests"),
    ({"channels": "pigeon"}, "channels"),
    ({"providers": "circus"}, "providers"),
    ({"groups": "nobody"}, "groups"),
    ({"joined_on": "03/04/2026"}, "joined_on"),
    ({"confirmed_on": "2026-02-30"}, "confirmed_on"),
    ({"joined_on": "2999-01-01"}, "joined_on"),
    ({"joined_on": "2026-W01-1"}, "joined_on"),
    ({"latitude": "north", "longitude": "-2"}, "latitude"),
    ({"latitude": "52", "longitude": "181"}, "longitude"),
    ({"latitude": "nan", "longitude": "1"}, "latitude"),
    ({"latitude": "52"}, "longitude"),
    ({"email": ""}, "email"),
    ({"external_id": ""}, "external_id"),
    ({"birth_year": str(THIS_YEAR - 12)}, "birth_year"),
    ({"birth_year": "84"}, "birth_year"),
    ({"sex": "other"}, "sex"),
    ({"ethnic_group": "martian"}, "ethnic_group"),
    ({"disability": "maybe"}, "disability"),
    ({"first_name": "x" * 81}, "first_name"),
    ({"last_name": "a\0b"}, "last_name"),
    ({"external_id": "M0"}, "external_id"),
]


@pytest.mark.parametrize(("wrong", "column"), BAD, ids=[f"{c}-{next(iter(w.values()))[:9]!r}" for w, c in BAD])
def test_a_bad_row_is_named_by_file_line_and_column_and_nothing_is_kept(write, ward, wrong, column):
    path = write(row(0), row(1) | wrong, row(2))
    with pytest.raises(FileRefused) as refused:
        call_command("import_members", str(path))
    first, *_, last = str(refused.value).splitlines()
    assert first.startswith(f"members.csv, line 3, {column}: ")
    assert len(first) > len(f"members.csv, line 3, {column}: ")
    assert last == "1 bad row of 3: nothing was imported."
    assert not Member.objects.exists()
    assert not Address.objects.exists()
    assert not Event.objects.exists()


def test_several_things_wrong_with_a_row_are_all_said(write):
    with pytest.raises(FileRefused) as refused:
        importer.run(write(row(email="x", language="xx", sex="x")), by=actions.MemberActor(1))
    assert [line.split(": ")[0].split(", ")[-1] for line in str(refused.value).splitlines()[:-1]] == [
        "email", "language", "sex",
    ]  # fmt: skip


def test_skipped_rows_can_be_mended_and_imported_as_they_are(write, load, ward, tmp_path):
    aside = tmp_path / "bad.csv"
    formula = row(1, email="sam@home", first_name="=HYPERLINK(1)", mobile="+447700900123", last_name="-Sam")
    path = write(row(0), formula, row(2, latitude="-52.5"), row(0, email="again@home.example"))
    assert load(path, "--skip-bad", str(aside)) == f"1 new, 0 changed, 0 unchanged, 3 bad rows in {aside}."
    with aside.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [(bad["line"], bad["column"]) for bad in found] == [("3", "email"), ("4", "longitude"), ("5", "external_id")]
    assert (found[0]["first_name"], found[0]["last_name"]) == ("'=HYPERLINK(1)", "'-Sam")
    assert (found[0]["mobile"], found[1]["latitude"]) == ("+447700900123", "-52.5")
    text = aside.read_text().replace("sam@home,", "sam@home.example,").replace("-52.5", "").replace("M0", "M9")
    aside.write_text(text)
    assert load(aside) == "3 new, 0 changed, 0 unchanged."
    assert Member.objects.get(external_id="M1").first_name == "=HYPERLINK(1)"


def test_the_file_itself_is_never_the_one_for_bad_rows(write):
    path = write(row(email="x"))
    before = path.read_bytes()
    with pytest.raises(FileRefused, match="Name another"):
        call_command("import_members", str(path), "--skip-bad", str(path))
    assert path.read_bytes() == before


def test_a_trial_says_what_would_happen_and_keeps_nothing(write, load):
    assert load(write(row()), "--dry-run") == "1 new, 0 changed, 0 unchanged. That was a trial: nothing was kept."
    assert not Member.objects.exists()
    assert not Address.objects.exists()


def test_json_is_one_line_of_counts(write, load, tmp_path):
    said = load(write(row(), row(2, email="x")), "--json", "--skip-bad", str(tmp_path / "bad.csv"))
    result = json.loads(said)
    assert {name: result[name] for name in ("file", "rows", "new", "changed", "unchanged", "bad")} == {
        "file": "members.csv", "rows": 2, "new": 1, "changed": 0, "unchanged": 0, "bad": 1,
    }  # fmt: skip


def test_a_household_that_shares_an_address_is_a_warning(write, capsys):
    path = write(row(1, email="home@home.example"), row(2, email="HOME@home.example"), row(3))
    call_command("import_members", str(path))
    said = capsys.readouterr()
    assert said.out.strip() == "3 new, 0 changed, 0 unchanged."
    assert said.err.splitlines() == [
        "members.csv, line 2, email: another member has this too.",
        "members.csv, line 3, email: another member has this too.",
    ]
    assert Address.objects.count() == 2


def test_people_under_18_are_marked_and_their_equality_answers_not_kept(write, capsys):
    path = write(row(birth_year=THIS_YEAR - 15, sex="male"), row(2, birth_year=THIS_YEAR - 30, sex="male"))
    call_command("import_members", str(path))
    assert "1 rows hold equality answers of people under 18" in capsys.readouterr().err
    assert list(Member.objects.order_by("external_id").values_list("young", flat=True)) == [True, False]
    assert EqualityAnswers.objects.get().member.external_id == "M2"


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        (b"", 1, "empty"),
        (b"\n\n", 1, "empty"),
        (b"external_id,email,shoe_size\nA,a@b.example,9\n", 1, "shoe_size"),
        (b"A,a@b.example\n", 1, "header"),
        (b"email\na@b.example\n", 1, "external_id"),
        (b"external_id,first_name\nA,Sam\n", 1, "contact point"),
        (b"external_id,email,email\n", 1, "twice"),
        (b"external_id,email\nA,a@b.example\nB,caf\xe9@b.example\n", 3, "UTF-8"),
        ("external_id,email\nA,a@b.example\n".encode("utf-16"), 1, "UTF-8"),
        (b'external_id,email\nA,"a@b.example\nB,b@b.example\n', 2, "quotation mark"),
        (b'external_id,email\nA,a@b.example\nB,"b@b"x\n', 3, "quotation mark"),
        (b"external_id,email\nA,a@b.example,extra\n", 2, "3 fields"),
        (b"external_id,email\nA\n", 2, "1 field"),
        (b"external_id,email\nA,a\0@b.example\n", 2, "NUL"),
    ],
)
def test_a_file_that_is_not_one_is_refused_by_name_and_line(tmp_path, content, line, word):
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        call_command("import_members", str(path))
    assert str(refused.value).startswith(f"people.csv, line {line}")
    assert word in str(refused.value)
    assert not Member.objects.exists()
    assert not Address.objects.exists()
    assert path.read_bytes() == content


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileRefused, match=r"none\.csv cannot be read: No such file"):
        call_command("import_members", str(tmp_path / "none.csv"))


def test_a_byte_order_mark_and_windows_line_ends_are_welcome(tmp_path, load):
    path = tmp_path / "members.csv"
    path.write_bytes(
        b'\xef\xbb\xbfexternal_id,first_name,email\r\nA,"Sam\r\nAlex",a@b.example\r\n\r\nB,Ali,b@b.example\r\n'
    )
    assert load(path) == "2 new, 0 changed, 0 unchanged."
    assert Member.objects.get(external_id="A").first_name == "Sam Alex"


def test_bad_lines_are_counted_by_the_lines_of_the_file(tmp_path):
    path = tmp_path / "members.csv"
    path.write_text('external_id,first_name,email\nA,"Sam\nAlex",a@b.example\n\nB,Ali,b@b\n')
    with pytest.raises(FileRefused, match="line 5, email"):
        call_command("import_members", str(path))


def test_a_long_file_is_checked_in_processes_with_the_same_result(write, load, monkeypatch):
    rows = [row(n, first_name="Sam") for n in range(300)] + [row(400, email="nonsense")]
    path = write(*rows)
    monkeypatch.setattr(importer, "WORTH_PROCESSES", 0)
    with pytest.raises(FileRefused, match="line 302, email"):
        call_command("import_members", str(path))
    assert load(write(*rows[:300])) == "300 new, 0 changed, 0 unchanged."


def test_backslashes_and_tabs_survive(write, load):
    load(write(row(first_name="a\\N\\t", last_name="b\tc")))
    member = Member.objects.get()
    assert (member.first_name, member.last_name) == ("a\\N\\t", "b c")


def test_nothing_is_sent(write, load):
    from procrastinate.contrib.django.models import ProcrastinateJob

    load(write(row(confirmed_on="2026-01-03")))
    assert not ProcrastinateJob.objects.exists()
