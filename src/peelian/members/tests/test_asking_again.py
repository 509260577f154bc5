"""A confirmation that got lost comes again, three times at most; another of a household gets one of their own."""

import datetime as dt

import pytest

from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.messages import renderers
from peelian.members.actions.codes import figures_of
from peelian.members.models import Code, Member, NewContact
from peelian.members.tests.factories import make_member
from peelian.members.tests.test_joining import h1, jobs, join, link

pytestmark = pytest.mark.django_db
EMAIL, MOBILE = "sam@home.example", "07700 900123"
BY_MOBILE = {"email": "", "contact": {"mobile": MOBILE}}


@pytest.fixture
def later(monkeypatch):
    """Moves the clock on, for the limits too, which the database keeps."""
    from peelian.members import asking

    now = [clock.now()]
    monkeypatch.setattr(clock, "now", lambda: now[0])

    def move(**span) -> None:
        now[0] += dt.timedelta(**span)
        for member in Member.objects.all():
            for address in Address.objects.all():
                asking.limits.forget(asking._for(address, member.pk))

    return move


def kinds() -> list[str]:
    return [renderer for renderer, _ in jobs()]


def ask_again(client, point="email"):
    return client.page("/register/sent/", {"again": point}, post=True)


def on_the_code_page(client, contact):
    return client.page("/register/code/", {"contact": contact}, post=True)


def test_the_page_after_joining_sends_it_again_and_the_same_link_confirms(client, later):
    join(client)
    ask_again(client)
    assert kinds() == ["members.confirm"]  # the first may still be on its way
    for _ in range(2):
        later(minutes=11)
        assert "on its way there again" in ask_again(client).text()
    for _ in range(3):
        later(minutes=11)
        on_the_code_page(client, EMAIL)
    assert kinds() == ["members.confirm"] * 4
    client.page(link(Member.objects.get()), post=True)
    assert Member.objects.get().confirmed_at


def test_figures_come_again_the_same_while_they_are_good_then_others(client, later):
    join(client, **BY_MOBILE)
    first = Code.objects.get()
    later(minutes=11)
    ask_again(client, "mobile")
    assert (kinds(), Code.objects.count()) == (["members.join_code"] * 2, 1)
    later(days=1, minutes=1)
    on_the_code_page(client, MOBILE)
    second = Code.objects.latest("pk")
    assert second != first
    answered = client.page("/register/code/", {"number": MOBILE, "code": figures_of(second)}, post=True)
    assert "You have joined" in h1(answered)


def test_who_closed_the_page_asks_on_the_page_for_codes(client, later):
    join(client, **BY_MOBILE)
    later(minutes=11)
    other = type(client)()
    on_the_code_page(other, "07700900123")
    assert kinds() == ["members.join_code"] * 2
    code = figures_of(Code.objects.get())
    assert "You have joined" in h1(other.page("/register/code/", {"number": MOBILE, "code": code}, post=True))


def test_the_answer_is_the_same_for_every_address(client, later):
    make_member("known@home.example")
    make_member("listed@home.example", confirmed=False, confirm_asked_at=clock.now())
    join(client)
    later(minutes=11)
    said = {on_the_code_page(client, f"{who}@home.example").text() for who in ("known", "listed", "sam", "nobody")}
    assert len(said) == 1
    assert kinds() == ["members.confirm", "members.already", "members.confirm", "members.confirm"]
    for _ in range(9):
        on_the_code_page(client, "known@home.example")
    assert kinds().count("members.already") == 3
    assert client.page("/register/code/", {"contact": "nonsense"}, post=True).texts(".govuk-error-summary")


def test_joining_again_elsewhere_sends_it_again_and_changes_nothing(client, later):
    join(client, first_name="Sam")
    later(minutes=11)
    join(type(client)(), first_name="sam", contact={"language": "ur"})
    member = Member.objects.get()
    assert (kinds(), member.language) == (["members.confirm"] * 2, "en")


def test_a_fortnight_later_it_still_comes_again(client, later):
    """What waits for longer than a week is forgotten at night; who joined is kept for thirty days."""
    join(client, first_name="Sam")
    join(type(client)(), **BY_MOBILE, first_name="Ali")
    NewContact.objects.all().delete()
    later(minutes=11)
    on_the_code_page(client, EMAIL)
    join(type(client)(), **BY_MOBILE, first_name="Ali")
    assert kinds()[2:] == ["members.confirm", "members.join_code"]
    assert Member.objects.count() == 2
    code = figures_of(Code.objects.latest("pk"))
    assert "You have joined" in h1(client.page("/register/code/", {"number": MOBILE, "code": code}, post=True))


def test_a_network_cannot_ask_for_ever(client, monkeypatch):
    from peelian.members.views import number

    monkeypatch.setattr(number, "AGAIN_AN_HOUR", 1)
    on_the_code_page(client, EMAIL)
    assert client.post("/register/code/", {"contact": EMAIL}).status_code == 409


# A household ---------------------------------------------------------------------------------------------------------


def test_two_who_share_an_address_that_nobody_confirmed_each_confirm_their_own(client):
    join(client, first_name="Sam")
    join(type(client)(), first_name="Ali")
    sam, ali = Member.objects.order_by("pk")
    assert jobs() == [("members.confirm", sam.pk), ("members.confirm", ali.pk)]
    assert link(sam) != link(ali)
    client.page(link(ali), post=True)
    assert list(Member.objects.exclude(confirmed_at=None)) == [ali]
    client.page(link(sam), post=True)
    assert Member.objects.exclude(confirmed_at=None).count() == 2
    assert not NewContact.objects.exists()


def test_two_who_share_a_number_have_figures_of_their_own(client):
    first, second = client, type(client)()
    join(first, **BY_MOBILE, first_name="Sam")
    join(second, **BY_MOBILE, first_name="Ali")
    sam, ali = (figures_of(one.code) for one in NewContact.objects.order_by("pk"))
    assert h1(first.page("/register/sent/", {"point": "mobile", "code": sam}, post=True)) == "You have joined"
    elsewhere = type(client)()  # by number and figures alone, whichever of them it is
    assert h1(elsewhere.page("/register/code/", {"number": MOBILE, "code": ali}, post=True)) == "You have joined"
    assert Member.objects.exclude(confirmed_at=None).count() == 2


def test_a_stranger_has_four_messages_sent_to_an_address_and_no_more(client):
    for number in range(7):
        page = join(type(client)(), contact={"mobile": MOBILE}, first_name=f"Name{number}")
        assert h1(page) == "Confirm that these are yours"
    assert sorted(kinds()) == ["members.confirm"] * 4 + ["members.join_code"] * 4


def test_an_answer_opens_the_address_again(client):
    for number in range(5):
        join(type(client)(), first_name=f"Name{number}")
    client.page(link(Member.objects.earliest("pk")), post=True)
    join(type(client)(), first_name="Another")
    assert kinds() == ["members.confirm"] * 5


def test_somebody_signed_up_at_the_door_is_asked_in_the_words_of_the_door(client, later):
    address = contacts.address(Address.Kind.MOBILE, MOBILE)
    member = make_member("", mobile=address, confirmed=False, source="door")
    code = Code.objects.create(address=address, expires_at=clock.now() + dt.timedelta(days=3))
    NewContact.objects.create(member=member, address=address, code=code, asked_at=clock.now())
    on_the_code_page(client, MOBILE)
    assert jobs() == [("members.door_code", code.pk)]
    assert "Tell the officer" in renderers["members.door_code"].text(code.pk)
