"""An email address died: one text, one link, a new address, and nobody learns whose it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from peelian.audit.models import Event
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.messages import renderers
from peelian.delivery import receipts
from peelian.members import actions, personal_data, queries, tokens
from peelian.members.actions import repairing
from peelian.members.actions.codes import figures_of
from peelian.members.models import AudienceRow, Code, Member
from peelian.members.tests.factories import make_member

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 17, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def midday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: DAY)


@pytest.fixture
def member() -> Member:
    return make_member("sam@old.example", mobile=mobile(), first_name="Samantha")


def mobile(figures: str = "07700 900123") -> Address:
    return contacts.address(Address.Kind.MOBILE, figures)


def die(*members: Member) -> None:
    receipts.suppress([member.email_id for member in members], Address.Suppression.BOUNCED)


def asked() -> list[tuple[int, datetime | None]]:
    """The texts that wait: to which number, and not before when."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    jobs = ProcrastinateJob.objects.filter(task_name="delivery.transactional", args__renderer="members.repair")
    return [(job.args["address_id"], job.scheduled_at) for job in jobs.order_by("id")]


def link(member: Member) -> str:
    return f"/me/email/{tokens.make_repair(member.mobile_id, member.email_id)}/"


def test_one_text_however_often_it_comes_back(member):
    die(member)
    die(member)
    receipts.suppress([member.email_id], Address.Suppression.COMPLAINED)

    assert asked() == [(member.mobile_id, None)]
    assert [event.object_id for event in Event.objects.filter(verb="member.asked_for_email")] == [str(member.pk)]


@pytest.mark.parametrize(
    "given",
    [{}, {"confirmed": False, "mobile": "07700 900124"}, {"left_at": DAY, "mobile": "07700 900124"}],
    ids=["no mobile", "never confirmed", "left"],
)
def test_nobody_else_is_asked(given):
    if "mobile" in given:
        given = given | {"mobile": mobile(given["mobile"])}
    die(make_member("sam@old.example", **given))

    assert asked() == []


def test_a_number_that_is_stopped_is_not_texted(member):
    receipts.suppress([member.mobile_id], Address.Suppression.STOPPED)
    die(member)

    assert asked() == []


def test_a_complaint_or_a_wish_to_stop_is_no_death(member):
    receipts.suppress([member.email_id], Address.Suppression.COMPLAINED)

    assert asked() == []


def test_a_household_with_one_number_gets_one_text(member):
    other = make_member("sam@old.example", mobile=member.mobile)
    third = make_member("sam@old.example", mobile=mobile("07700 900124"))
    die(member, other, third)

    assert [number for number, _ in asked()] == [member.mobile_id, third.mobile_id]


@pytest.mark.parametrize(
    ("now", "at"),
    [
        (datetime(2026, 11, 17, 3, tzinfo=UTC), datetime(2026, 11, 17, 9, tzinfo=UTC)),
        (datetime(2026, 11, 17, 20, 30, tzinfo=UTC), datetime(2026, 11, 18, 9, tzinfo=UTC)),
        (datetime(2026, 7, 17, 19, 30, tzinfo=UTC), datetime(2026, 7, 18, 8, tzinfo=UTC)),
        (datetime(2026, 7, 17, 8, 30, tzinfo=UTC), None),
    ],
)
def test_nobody_is_texted_at_night(now, at):
    assert repairing.daytime(now) == at


def test_the_text_is_short_and_names_nobody(member):
    words = renderers["members.repair"].text(member.pk)

    assert link(member) in words
    assert "Samantha" not in words
    assert "old.example" not in words
    assert len(words.replace("http://testserver", "https://now.heartshire.police.uk")) <= 160


def test_the_account_repairs_itself(client, member):
    die(member)
    consents = list(member.consents.values_list("pk", flat=True))
    old = member.email_id

    page = client.get(link(member))
    assert "Samantha" not in page.content.decode()
    assert "old.example" not in page.content.decode()
    answer = client.post(link(member), {"email": "Sam@New.example"})
    assert answer.url == f"{link(member)}code/"
    code = Code.objects.get()
    assert "sam@new.example" in client.get(answer.url).content.decode()
    answer = client.post(answer.url, {"code": figures_of(code)})
    assert client.get(answer.url).status_code == 200

    member.refresh_from_db()
    assert member.email.value == "sam@new.example"
    assert member.email.verified_at is not None
    assert list(member.consents.values_list("pk", flat=True)) == consents
    assert AudienceRow.objects.get(member=member).reachable & 1
    event = Event.objects.get(verb="member.email_changed")
    assert (event.actor_kind, event.actor_id, event.data) == ("member", member.pk, {})
    Code.objects.all().delete()
    personal_data.forget_unused_addresses(DAY)
    assert Address.objects.get(pk=old).value == f"erased-{old}"


def test_the_link_works_once(client, member):
    die(member)
    path = link(member)
    client.post(path, {"email": "sam@new.example"})
    client.post(f"{path}code/", {"code": figures_of(Code.objects.get())})

    again = client.post(path, {"email": "thief@new.example"})

    assert again.status_code == 404
    member.refresh_from_db()
    assert member.email.value == "sam@new.example"


def test_a_wrong_code_changes_nothing(client, member):
    die(member)
    client.post(link(member), {"email": "sam@new.example"})
    wrong = f"{(int(figures_of(Code.objects.get())) + 1) % 1_000_000:06d}"

    for _ in range(6):
        assert client.post(f"{link(member)}code/", {"code": wrong}).status_code == 200
    right = client.post(f"{link(member)}code/", {"code": figures_of(Code.objects.get())})

    assert "tried too often" in right.content.decode()
    member.refresh_from_db()
    assert member.email.value == "sam@old.example"


def test_another_session_cannot_finish_it(client, member):
    from django.test import Client

    die(member)
    client.post(link(member), {"email": "sam@new.example"})

    answer = Client().post(f"{link(member)}code/", {"code": figures_of(Code.objects.get())})

    assert answer.url == link(member)


def test_the_address_that_died_is_no_new_one(client, member):
    die(member)

    page = client.post(link(member), {"email": "SAM@old.example"})

    assert "Give another one" in page.content.decode()
    assert Code.objects.count() == 0


def test_a_link_does_not_send_codes_without_end(client, member):
    die(member)

    answers = [client.post(link(member), {"email": f"p{n}@new.example"}).status_code for n in range(7)]

    assert answers == [302] * 5 + [409] * 2


@pytest.mark.parametrize("change", ["cut", "forged", "old"])
def test_links_that_do_not_work(client, member, monkeypatch, change):
    token = tokens.make_repair(member.mobile_id, member.email_id)
    if change == "cut":
        token = token[:-1]
    if change == "forged":
        token = ("B" if token[0] != "B" else "C") + token[1:]
    if change == "old":
        monkeypatch.setattr(clock, "now", lambda: DAY + timedelta(days=15))

    page = client.get(f"/me/email/{token}/")

    assert page.status_code == (410 if change == "old" else 404)
    assert ("too old" in page.content.decode()) == (change == "old")


def test_a_household_is_repaired_together(client, member):
    other = make_member("sam@old.example", mobile=member.mobile)
    apart = make_member("sam@old.example", mobile=mobile("07700 900124"))
    die(member, other, apart)
    code = actions.begin_repair(token=link(member).split("/")[3], email="sam@new.example")

    done = actions.finish_repair(
        token=link(member).split("/")[3], code_id=code, figures=figures_of(Code.objects.get(pk=code))
    )

    assert done == 2
    new = Address.objects.get(value="sam@new.example")
    assert {one.pk for one in queries.member_for_address(new.pk)} == {member.pk, other.pk}
    apart.refresh_from_db()
    assert apart.email.value == "sam@old.example"
