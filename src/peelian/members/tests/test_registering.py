"""Each contact point is asked by itself: by a link, by figures in a text, by figures in a call."""

import datetime as dt
import gzip

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.messages import renderers
from peelian.members import tokens
from peelian.members.actions.codes import figures_of
from peelian.members.models import AudienceRow, Code, Member, NewContact, Pace
from peelian.members.tests.factories import make_member, make_ward
from peelian.members.tests.test_joining import SENT, h1, jobs, join, link

pytestmark = pytest.mark.django_db
MOBILE, LANDLINE = "07700 900123", "01632 960123"
BOTH = {"mobile": MOBILE}
BY_MOBILE = {"email": "", "contact": {"mobile": MOBILE}}
BY_LANDLINE = {"email": "", "contact": {"landline": LANDLINE}}


def figures(kind: Address.Kind) -> str:
    return figures_of(Code.objects.filter(address__kind=kind).latest("pk"))


def type_code(client, point: str, code: str):
    return client.page("/register/sent/", {"point": point, "code": code}, post=True)


def points(member: Member) -> list[str]:
    member.refresh_from_db()
    return [name for name in ("email", "mobile", "landline") if getattr(member, f"{name}_id")]


def test_a_mobile_alone_is_confirmed_by_figures(client):
    page = join(client, **BY_MOBILE)
    assert h1(page) == "Type the code we sent you"
    assert [renderer for renderer, _ in jobs()] == ["members.join_code"]
    member = Member.objects.get()
    assert AudienceRow.objects.get().reachable == 0
    assert "That code is not right" in type_code(client, "mobile", "000000").text()
    assert "You have joined" in h1(type_code(client, "mobile", figures(Address.Kind.MOBILE)))
    member.refresh_from_db()
    assert member.confirmed_at
    assert member.mobile.verified_at
    assert AudienceRow.objects.get().channels == 2


def test_the_text_says_what_it_is_for_and_that_no_more_come(client):
    join(client, **BY_MOBILE)
    said = renderers["members.join_code"].text(Code.objects.get().pk)
    assert figures(Address.Kind.MOBILE) in said
    assert "we send no more" in said
    assert len(said) <= 160


@pytest.mark.parametrize(("hour", "waits"), [(12, False), (3, True), (22, True)])
def test_a_landline_is_called_in_the_daytime_and_says_the_figures(client, hour, waits, monkeypatch):
    moment = clock.london(dt.date(2026, 11, 18), dt.time(hour))
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert h1(join(client, **BY_LANDLINE)) == "Type the code from our call"
    job = ProcrastinateJob.objects.get(task_name="delivery.transactional")
    assert (job.scheduled_at is not None) == waits
    if waits:
        assert job.scheduled_at.astimezone(clock.LONDON).hour == 9
    code = figures(Address.Kind.LANDLINE)
    assert ". ".join(code) in renderers["members.join_code"].voice(Code.objects.get().pk)
    assert h1(type_code(client, "landline", code)) == "You have joined"
    assert AudienceRow.objects.get().channels == 4


@pytest.mark.parametrize("first", ["email", "mobile"])
def test_what_has_not_answered_gets_nothing(client, first):
    assert h1(join(client, contact=BOTH)) == "Confirm that these are yours"
    assert sorted(renderer for renderer, _ in jobs()) == ["members.confirm", "members.join_code"]
    member = Member.objects.get()
    path = link(member)
    if first == "email":
        assert "07… …123 too" in client.page(path).text()  # whoever typed somebody else's is seen
        client.page(path, post=True)
    else:
        type_code(client, "mobile", figures(Address.Kind.MOBILE))
    assert points(member) == [first]
    assert AudienceRow.objects.get().reachable == {"email": 1, "mobile": 2 | 4}[first]
    if first == "email":
        type_code(client, "mobile", figures(Address.Kind.MOBILE))
    else:
        path = link(member)
        assert h1(client.page(path, post=True)) == "You have joined"
    assert points(member) == ["email", "mobile"]
    assert AudienceRow.objects.get().reachable == 7
    assert not NewContact.objects.exists()


def test_choices_of_how_and_when_are_kept(client):
    ward = make_ward()
    given = {
        **BOTH,
        "landline": LANDLINE,
        "how_vehicle-crime": "6",
        "weekly_limit": "3",
        "least": "3",
        "quiet": "own",
        "quiet_from": "21:00",
        "quiet_until": "08:00",
        "language": "ur",
    }
    join(client, where={"neighbourhood": ward.code, "street_address": "1 Elm Street"}, contact=given)
    member = Member.objects.get()
    assert (member.area, member.street_address, member.language) == (ward, "1 Elm Street", "ur")
    assert member.cell is not None  # a point inside, so that a drawn shape finds them too
    assert [(own.topic.slug, own.channels) for own in member.topic_channels.all()] == [("vehicle-crime", 6)]
    pace = Pace.objects.get(member=member)
    assert (pace.weekly_limit, pace.text_from, pace.voice_from, pace.email_from) == (3, 3, 3, 1)
    assert (pace.quiet_from, pace.quiet_until) == (dt.time(21), dt.time(8))


def test_without_choices_nothing_is_written_down(client):
    join(client)
    assert not Pace.objects.exists()
    assert not Member.objects.get().topic_channels.exists()


def test_a_pin_is_where_somebody_is(client):
    ward = make_ward()
    join(client, where={"longitude": str(ward.longitude), "latitude": str(ward.latitude)})
    assert Member.objects.get().area == ward


@pytest.mark.parametrize(("longitude", "latitude"), [("181", "52"), ("x", "y"), ("nan", "52"), ("-1.9", "")])
def test_a_pin_that_no_map_sets_counts_as_none(client, longitude, latitude):
    assert h1(join(client, where={"longitude": longitude, "latitude": latitude})) == SENT
    assert Member.objects.get().cell is None


# Abuse ---------------------------------------------------------------------------------------------------------------


def test_a_number_that_is_known_looks_the_same_and_no_figures_are_right(client):
    make_member("", mobile=contacts.address(Address.Kind.MOBILE, MOBILE))
    known, unknown = join(client, **BY_MOBILE), join(type(client)(), email="", contact={"mobile": "07700 900555"})
    assert known.text().replace("900123", "900555") == unknown.text()
    assert [renderer for renderer, _ in jobs()] == ["members.already", "members.join_code"]
    tried = [type_code(client, "mobile", "123456") for _ in range(6)]
    assert "tried too often" in tried[5].text()
    assert "not right" in tried[4].text()


def test_five_tries_and_no_more(client):
    join(client, **BY_MOBILE)
    right = figures(Address.Kind.MOBILE)
    for _ in range(5):
        type_code(client, "mobile", "000000" if right != "000000" else "111111")
    assert "tried too often" in type_code(client, "mobile", right).text()
    assert Member.objects.get().confirmed_at is None
    other = type(client)()  # nor from another browser
    join(other, **BY_MOBILE)
    assert "tried too often" in type_code(other, "mobile", right).text()


def test_figures_work_once(client):
    join(client, **BY_MOBILE)
    right = figures(Address.Kind.MOBILE)
    other = type(client)()
    join(other, **BY_MOBILE)  # somebody who lost the page: the text they have is still good
    type_code(client, "mobile", right)
    assert "tried too often" in type_code(other, "mobile", right).text()


def test_too_many_tries_from_one_network_are_refused(client, monkeypatch):
    from peelian.members.views import joining

    monkeypatch.setattr(joining, "TRIES_FROM_A_NETWORK", 1)
    join(client, **BY_MOBILE)
    type_code(client, "mobile", "000000")
    assert client.post("/register/sent/", {"point": "mobile", "code": "000000"}).status_code == 409


def test_a_used_link_starts_nothing_again(client):
    """Somebody has stopped us since; the old link lies in a mailbox for a month."""
    join(client)
    member = Member.objects.get()
    path = link(member)
    client.page(path, post=True)
    contacts.suppress(address_ids=[member.email_id], why=Address.Suppression.STOPPED, by=_by(member))
    assert h1(client.page(path, post=True)) == "You have joined already"
    member.email.refresh_from_db()
    assert member.email.suppression == Address.Suppression.STOPPED


def _by(member):
    from peelian.members.actions import MemberActor

    return MemberActor(member.pk)


def test_a_link_of_another_kind_opens_nothing(client):
    member = make_member(confirmed=False)
    for token in (tokens.make_helper(member.pk), tokens.make_new_email(member.pk, member.email_id)):
        client.page(f"/register/confirm/{token}/", post=True, expect=404)
    client.page(f"/register/helping/{tokens.make(member.pk, member.email_id)}/", expect=404)


def test_answers_about_oneself_stay_in_the_session_for_a_quarter_of_an_hour(client, monkeypatch):
    join(client)
    assert client.get("/register/questions/").status_code == 200
    later = clock.now() + dt.timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get("/register/questions/").url == "/register/"
    assert "member_joining" not in client.session


# A household ---------------------------------------------------------------------------------------------------------


def test_two_people_share_an_address_and_get_one_copy(client):
    make_ward()
    join(client, first_name="Sam")
    client.page(link(Member.objects.get()), post=True)
    join(type(client)(), first_name="Ali")
    ali = Member.objects.get(first_name="Ali")
    client.page(link(ali), post=True)
    assert Member.objects.exclude(confirmed_at=None).count() == 2
    assert len({member.email_id for member in Member.objects.all()}) == 1


def test_a_number_that_others_at_home_use_keeps_nobody_from_joining(client):
    make_member("sam@home.example", mobile=contacts.address(Address.Kind.MOBILE, MOBILE), first_name="Sam")
    join(client, email="ali@home.example", contact=BOTH)
    assert sorted(renderer for renderer, _ in jobs()) == ["members.confirm", "members.join_code"]
    join(type(client)(), email="sam@elsewhere.example", contact=BOTH, first_name="sam")
    assert jobs()[-1][0] == "members.already"  # by name and number it is Sam, who may add an address when signed in


def test_a_child_may_share_a_parents_address(client):
    make_member("sam@home.example", first_name="Sam")
    join(client, "13-17")
    child = Member.objects.get(young=True)
    client.page(link(child), post=True)
    child.refresh_from_db()
    assert child.confirmed_at


def test_a_tablet_that_goes_round_the_family_mixes_nobody_up(client):
    join(client, email="sam@home.example", first_name="Sam")
    join(client, email="ali@home.example", first_name="Ali")
    assert sorted(Member.objects.values_list("first_name", "email__value")) == [
        ("Ali", "ali@home.example"),
        ("Sam", "sam@home.example"),
    ]


# How long it takes ---------------------------------------------------------------------------------------------------


def test_four_pages_at_most_and_three_things_to_fill_in(client):
    """What joining asks at the least: an age, one contact point, one organisation."""
    path, pages, filled = "/register/", 0, 0
    least = [{"age": "18-or-over"}, {}, {"email": "sam@home.example", "organisations": "police"}, {}]
    while path != "/register/sent/":
        page = client.page(path)
        assert page.texts(".p-step")[0].startswith(f"Step {pages + 1} of 4")
        offered: dict[str, list[str]] = {}
        for name, value in page.document.cssselect("main form")[0].form_values():
            empty = value == "on" and name in ("sex", "disability")  # lxml's reading of a radio button without words
            offered.setdefault(name, []).append("" if empty else value)
        response = client.post(path, {**offered, **least[pages]})
        assert response.status_code == 302, path
        filled += len(least[pages])
        pages += 1
        path = response.url
    assert (pages, filled) == (4, 3)
    assert Member.objects.count() == 1


def test_pages_stay_light(client):
    """As they go over the wire; the list of languages is the heaviest thing on them. No map before it is opened."""
    join(client)
    for path in ("", "choices/", "contact/", "questions/"):
        content = client.get(f"/register/{path}").content
        assert len(gzip.compress(content)) < 10_000, path
        assert b"<script src" not in content, path
        assert b'leaflet.css"><' not in content, path


def test_queries_do_not_grow_with_areas(client, django_assert_max_num_queries):
    for number in range(30):
        make_ward(f"W{number}", f"Ward {number}", column=number)
    with django_assert_max_num_queries(8):
        client.get("/register/")
