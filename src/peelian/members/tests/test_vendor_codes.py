"""A vendor's codes of members, by their number in the force's own list."""

import pytest
from django.core.management import call_command

from peelian.audit.actions import COMMAND_LINE
from peelian.audit.models import Event
from peelian.core import clock
from peelian.members.models import EqualityAnswers, Member
from peelian.members.tests.test_audience import make_member
from peelian.members.vendor_codes import import_origins
from peelian.places.errors import FileRefused

pytestmark = pytest.mark.django_db
ROWS = "external_id,origin_code\nA1,K12\nA2,B03\n"


@pytest.fixture
def members():
    for number in ("A1", "A2", "GONE"):
        make_member(external_id=number)
    Member.objects.filter(external_id="GONE").update(left_at=clock.now())
    EqualityAnswers.objects.create(member=Member.objects.get(external_id="A1"), sex="female", origin_code="OLD")


def codes():
    return dict(EqualityAnswers.objects.order_by("member_id").values_list("member__external_id", "origin_code"))


def test_codes_are_kept_beside_the_answers_and_again_change_nothing(members, tmp_path, capsys):
    path = tmp_path / "origins.csv"
    path.write_text(ROWS)
    call_command("import_origins", str(path))
    call_command("import_origins", str(path))
    assert capsys.readouterr().out == "2 rows, 2 changed.\n2 rows, 0 changed.\n"
    assert codes() == {"A1": "K12", "A2": "B03"}
    assert EqualityAnswers.objects.get(member__external_id="A1").sex == "female"
    # Counts alone: which code somebody has stands nowhere else
    data = Event.objects.filter(verb="origins.imported").order_by("id").values_list("data", flat=True)
    assert list(data) == [{"rows": 2, "changed": 2, "bad": 0}, {"rows": 2, "changed": 0, "bad": 0}]


@pytest.mark.parametrize("why", [{"young": True}, {"answers_taken_back": True}])
def test_the_young_and_those_who_took_answers_back_are_passed_over(members, tmp_path, why):
    Member.objects.filter(external_id="A2").update(**why)
    path = tmp_path / "origins.csv"
    path.write_text(ROWS)
    assert import_origins(path, by=COMMAND_LINE).changed == 1
    assert codes() == {"A1": "K12"}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("X9,K1", "external_id: there is no member 'X9'."),
        ("GONE,K1", "external_id: there is no member 'GONE'."),
        (",K1", "external_id: it is empty."),
        ("A1,K1", "external_id: 'A1' is there twice, first in line 2."),
        (f"A3,{'K' * 41}", "origin_code: it has 41 characters; at most 40 fit."),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_kept(members, tmp_path, row, sentence):
    path = tmp_path / "origins.csv"
    path.write_text(f"{ROWS}{row}\n")
    with pytest.raises(FileRefused) as caught:
        import_origins(path, by=COMMAND_LINE)
    assert str(caught.value).splitlines()[0] == f"origins.csv, line 4: {sentence}"
    assert codes() == {"A1": "OLD"}
    assert import_origins(path, by=COMMAND_LINE, skip_bad=tmp_path / "bad.csv").bad == 1
    assert codes() == {"A1": "K12", "A2": "B03"}
