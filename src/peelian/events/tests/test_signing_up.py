"""Places: given in turn, never more than there are, and the same answer to everybody."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peelian.alerts.tests.factories import jobs_named
from peelian.contacts.models import Address
from peelian.core import clock, limits
from peelian.core.messages import TOKEN
from peelian.core.testing.html import PageClient
from peelian.delivery import tokens as delivery_tokens
from peelian.delivery.models import Channel, Delivery
from peelian.events import actions, errors, personal_data, renderer, tokens
from peelian.events.models import Event, SignUp, Telling
from peelian.events.queries import coming
from peelian.events.tests.factories import BY_MEMBER, Desk, make_sign_up, told
from peelian.members.tests.factories import make_member

pytestmark = pytest.mark.django_db
State = SignUp.State


@pytest.fixture
def desk() -> Desk:
    return Desk()


def sent(renderer_name: str = "events.sign_up") -> list[dict]:
    return [args for args, _ in jobs_named("delivery.transactional") if args["renderer"] == renderer_name]


def ask(event: Event, email: str, **given) -> SignUp:
    actions.ask(event=event, email=email, network="n", **given)
    return SignUp.objects.get(event=event, address__value=email)


def test_nobody_has_a_place_before_the_link_is_used(desk):
    event = desk.event(takes_sign_ups=True, capacity=2)
    row = ask(event, "a@home.example", name="Ann", needs="A seat near the front")
    assert row.state == State.ASKED
    assert coming.taken(event).booked == 0
    confirmed = actions.confirm(token=tokens.make(row.pk, row.address_id))
    assert confirmed.state == State.BOOKED
    assert confirmed.address.verified_at
    assert actions.confirm(token=tokens.make(row.pk, row.address_id)).state == State.BOOKED  # pressed twice
    assert coming.taken(event).booked == 1


def test_what_somebody_else_types_changes_nothing_of_a_place(desk):
    event = desk.event(takes_sign_ups=True)
    row = make_sign_up(event, "a@home.example", name="Ann", people=2)
    ask(event, "a@home.example", name="Mallory", people=6)
    row.refresh_from_db()
    assert (row.name, row.people, row.state) == ("Ann", 2, State.BOOKED)


def test_one_address_gets_three_messages_a_day(desk):
    event = desk.event(takes_sign_ups=True)
    for _ in range(5):
        ask(event, "a@home.example")
    assert len(sent()) == 3


def test_a_network_asks_twenty_times_an_hour(desk):
    event = desk.event(takes_sign_ups=True)
    limits.count("events-network-n", window=timedelta(hours=1), by=20)
    with pytest.raises(limits.TooMany):
        ask(event, "a@home.example")


def test_the_answer_is_the_same_for_an_address_we_know(desk):
    event = desk.event(takes_sign_ups=True)
    make_sign_up(event, "known@home.example")
    client = PageClient()
    pages = [
        client.page(f"/events/{event.ref}/sign-up/", {"email": email, "people": "1"}, post=True).text()
        for email in ("known@home.example", "new@home.example")
    ]
    assert pages[0] == pages[1]
    assert len(sent()) == 2


def test_closed_altered_and_strange_links(desk):
    event = desk.event(takes_sign_ups=True)
    row = make_sign_up(event, "a@home.example")
    token = tokens.make(row.pk, row.address_id)
    for wrong in (token[:-1], "x", f"{token}x"):
        with pytest.raises(errors.LinkRefused):
            tokens.read(wrong)
    over = desk.event(clock.now() - timedelta(hours=1), takes_sign_ups=True)
    late = make_sign_up(over, "b@home.example", state=State.ASKED)
    with pytest.raises(errors.SignUpClosed):
        actions.confirm(token=tokens.make(late.pk, late.address_id))
    with pytest.raises(errors.NoSignUp):
        ask(desk.event(), "c@home.example")


def test_who_waits_moves_up_in_turn_and_is_told(desk):
    event = desk.event(takes_sign_ups=True, capacity=2)
    first = make_sign_up(event, "a@home.example", people=2)
    second, third = ask(event, "b@home.example", people=2), ask(event, "c@home.example")
    for row in (second, third):
        assert actions.confirm(token=tokens.make(row.pk, row.address_id)).state == State.WAITING
    assert coming.turn(SignUp.objects.get(pk=third.pk)) == 2
    actions.cancel_place(row=first, by=BY_MEMBER)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.state, third.state) == (State.BOOKED, State.WAITING)
    assert renderer.sign_up(second).title == "You have a place now: Elm Bridge ward meeting"
    Event.objects.filter(pk=event.pk).update(capacity=3)
    event.refresh_from_db()
    from peelian.events.actions.signing_up import move_up

    assert move_up(event) == 1


PARTIES = st.lists(st.tuples(st.integers(1, 4), st.booleans()), min_size=1, max_size=8)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(capacity=st.integers(1, 6), parties=PARTIES)
def test_never_more_than_there_is_room_for_and_nobody_overtakes(desk, capacity, parties):
    event = desk.event(takes_sign_ups=True, capacity=capacity)
    rows = []
    for number, (people, leaves) in enumerate(parties):
        row = make_sign_up(event, f"p{number}@home.example", people=people, state=State.ASKED, placed_at=None)
        if people > capacity:
            with pytest.raises(errors.MoreThanPlaces):
                actions.confirm(token=tokens.make(row.pk, row.address_id))
        else:
            actions.confirm(token=tokens.make(row.pk, row.address_id))
        rows.append(row)
        assert coming.taken(event).booked <= capacity
        if leaves:
            actions.cancel_place(row=rows[number // 2], by=BY_MEMBER)
            assert coming.taken(event).booked <= capacity
    waiting = list(SignUp.objects.filter(event=event, state=State.WAITING).order_by("placed_at", "pk"))
    left = coming.taken(event).left
    assert not waiting or waiting[0].people > left  # the first does not fit, and so nobody behind them has moved


def test_a_party_larger_than_all_places_is_told_so_and_holds_nobody_up(desk):
    event = desk.event(takes_sign_ups=True, capacity=2)
    address = f"{event.get_absolute_url()}sign-up/"
    page = PageClient().page(address)
    assert page.texts("select[name=people] option") == ["1", "2"]
    page = PageClient().page(address, {"email": "a@home.example", "people": "4"}, post=True)
    assert page.texts(".govuk-error-summary li") == [errors.MoreThanPlaces.__doc__]
    with pytest.raises(errors.MoreThanPlaces):
        ask(event, "a@home.example", people=4)
    assert not SignUp.objects.exists()


def test_a_list_goes_on_past_whoever_no_longer_fits(desk):
    event = desk.event(takes_sign_ups=True, capacity=4)
    first = make_sign_up(event, "a@home.example", people=3)
    large = make_sign_up(event, "b@home.example", people=3, state=State.WAITING)
    Event.objects.filter(pk=event.pk).update(capacity=2)
    event.refresh_from_db()
    small = make_sign_up(event, "c@home.example", people=2, state=State.ASKED, placed_at=None)
    assert actions.confirm(token=tokens.make(small.pk, small.address_id)).state == State.WAITING
    actions.cancel_place(row=first, by=BY_MEMBER)
    states = dict(SignUp.objects.values_list("pk", "state"))
    assert (states[small.pk], states[large.pk]) == (State.BOOKED, State.WAITING)


def test_a_reminder_the_day_before_once_in_the_daytime(desk):
    today = clock.today()
    event = desk.event(clock.london(today + timedelta(days=1), time(18)), takes_sign_ups=True)
    long_ago = clock.now() - timedelta(days=3)
    make_sign_up(event, "a@home.example", placed_at=long_ago)
    make_sign_up(event, "w@home.example", placed_at=long_ago, state=State.WAITING)
    make_sign_up(desk.event(takes_sign_ups=True), "later@home.example", placed_at=long_ago)
    make_sign_up(event, "just-now@home.example", placed_at=clock.london(today, time(0, 1)))
    assert actions.remind(clock.london(today, time(7))) == 0
    assert actions.remind(clock.london(today, time(10))) == 1
    assert actions.remind(clock.london(today, time(11))) == 0
    assert told(event, "reminder") == ["a@home.example"]


def test_a_member_is_reminded_where_they_chose_and_outside_of_their_quiet_hours(desk):
    from peelian.contacts import actions as contacts
    from peelian.members.models import TEXT, Pace

    mobile = contacts.address(Address.Kind.MOBILE, "07700 900123")
    member = make_member(mobile=mobile, channels=TEXT)
    Pace.objects.create(member=member, quiet_from=time(9), quiet_until=time(12))
    event = desk.event(clock.london(clock.today() + timedelta(days=1), time(18)), takes_sign_ups=True)
    make_sign_up(event, "other@home.example", member=member, placed_at=clock.now() - timedelta(days=3))
    assert actions.remind(clock.london(clock.today(), time(10))) == 0
    assert actions.remind(clock.london(clock.today(), time(13))) == 1
    sent_to = Delivery.objects.filter(send=event.tellings.get().send)
    assert list(sent_to.values_list("address", "member", "channel")) == [(mobile.pk, member.pk, Channel.TEXT)]
    Address.objects.filter(pk=mobile.pk).update(suppression="stopped", suppressed_at=clock.now())
    row = coming.to_remind(clock.now()).first() or SignUp.objects.select_related("member__mobile").get()
    assert coming.reached_at(row).value == "other@home.example"


@pytest.mark.parametrize("state", ["asked", "booked", "waiting", "cancelled"])
def test_each_message_says_how_things_stand(desk, state):
    event = desk.event(datetime(2026, 11, 3, 18, tzinfo=clock.LONDON), takes_sign_ups=True)
    row = make_sign_up(event, "a@home.example", state=state)
    renderers = [(renderer.SignUpRenderer(), row.pk, tokens.make(row.pk, row.address_id))]
    for what in ("changed", "reminder"):
        telling = Telling.objects.create(event=event, what=what, at=clock.now())
        renderers.append((renderer.TellingRenderer(), telling.pk, TOKEN))
    for made, pk, token in renderers:
        email = made.email(pk)
        assert "Elm Bridge ward meeting" in email.subject
        assert "\n" not in email.subject
        for whole in (email.text, email.html):
            assert "Tuesday 3 November 2026, 6pm" in whole
            assert token in whole
            assert "999" in whole
        assert token in made.text(pk)
        assert "a@home.example" not in email.html
        assert made.voice(pk).startswith("This is ")


def test_many_are_told_in_one_send_each_once_and_each_with_a_link_of_their_own(desk, django_assert_max_num_queries):
    event = desk.event(takes_sign_ups=True)
    make_sign_up(event, "shared@home.example")
    home = [make_member("shared@home.example"), make_member("other@home.example", language="ur")]
    mine = [make_sign_up(event, one.email.value, member=one) for one in home]
    make_sign_up(event, "ur@home.example", language="ur")
    stopped = make_sign_up(event, "stopped@home.example")
    Address.objects.filter(pk=stopped.address_id).update(suppression="stopped", suppressed_at=clock.now())
    for number in range(120):
        make_sign_up(event, f"p{number}@home.example")
    with django_assert_max_num_queries(40):
        actions.cancel_event(event=event, because="The hall is flooded.", by=desk.officer)
    addresses = told(event, "changed")
    assert len(addresses) == len(set(addresses)) == 123
    assert jobs_named("delivery.transactional") == []
    assert sorted(event.tellings.values_list("language", "send__recipients")) == [("", 122), ("ur", 1)]
    send = event.tellings.get(language="").send
    assert coming.behind(delivery_tokens.make(send.pk, mine[1].address_id)) == mine[1]
    client = PageClient()
    path = f"/events/place/{delivery_tokens.make(send.pk, mine[1].address_id)}/"
    assert client.page(path).texts("h1") == ["This event does not take place"]
    for wrong in (delivery_tokens.make(send.pk, stopped.address_id), "x" * 28):
        assert client.get(f"/events/place/{wrong}/").status_code == 410


def test_a_reminder_is_never_told_to_an_address_twice(desk):
    event = desk.event(clock.london(clock.today() + timedelta(days=1), time(18)), takes_sign_ups=True)
    before = clock.now() - timedelta(days=3)
    make_sign_up(event, "a@home.example", placed_at=before)
    assert actions.remind(clock.london(clock.today(), time(10))) == 1
    member = make_member("a@home.example")
    make_sign_up(event, "a@home.example", member=member, placed_at=before)
    assert actions.remind(clock.london(clock.today(), time(11))) == 0
    assert told(event, "reminder") == ["a@home.example"]


def test_needs_are_forgotten_after_30_days_and_names_after_a_year(desk):
    event = desk.event(clock.now() - timedelta(days=31))
    row = make_sign_up(event, "a@home.example", needs="Insulin in a fridge", name="Ann")
    stale = make_sign_up(desk.event(), "b@home.example", state="asked", asked_at=clock.now() - timedelta(days=31))
    assert personal_data.forget_sign_ups(clock.now()) == 2
    row.refresh_from_db()
    assert (row.needs, row.name) == ("", "Ann")
    assert not SignUp.objects.filter(pk=stale.pk).exists()
    personal_data.forget_sign_ups(clock.now() + timedelta(days=340))
    assert not SignUp.objects.filter(pk=row.pk).exists()
