"""The operations page: what it says is what stands in the database, and it never counts the ledger to say it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_area, make_staff, sign_in
from peelian.audit.actions import COMMAND_LINE, SYSTEM, record
from peelian.contacts.models import Address
from peelian.core import clock, jobs, limits
from peelian.core.testing.html import PageClient
from peelian.delivery import actions, shifting
from peelian.delivery.carriers import registry
from peelian.delivery.models import Carrier, Channel, Delivery, Lane, Limit, Reason, Send, State, Tally
from peelian.delivery.operations import failures, health, pace, queue
from peelian.members.tests.factories import make_member

pytestmark = pytest.mark.django_db
PAGE = "/staff/delivery/"
EMAIL, TEXT, VOICE = Channel


@pytest.fixture
def analyst(client: PageClient) -> Staff:
    return sign_in(client, make_staff(Role.ANALYST))


def send_to(*, emails: int = 0, texts: int = 0, calls: int = 0, lane: Lane = Lane.ROUTINE) -> Send:
    """A send to so many new addresses, frozen as any other is."""
    first = Address.objects.count()
    kinds = [Address.Kind.EMAIL] * emails + [Address.Kind.MOBILE] * texts + [Address.Kind.LANDLINE] * calls
    made = Address.objects.bulk_create(
        Address(kind=kind, value=f"p{n}@home.example" if kind == 1 else f"+4477009{n:05}")
        for n, kind in enumerate(kinds, first)
    )
    rows = (
        "SELECT id AS address_id, NULL::bigint AS member_id, (ARRAY[1, 2, 4])[kind] AS channel FROM contacts_address"
        " WHERE id = ANY(%(ids)s)",
        {"ids": [address.pk for address in made]},
    )
    return actions.open_send(renderer="delivery.test", object_id=1, lane=lane, rows=rows)


def put(send: Send, state: State, number: int, *, channel: Channel = EMAIL, reason: str = "") -> None:
    """Give so many that wait an outcome, in the ledger and in the tallies, as the worker does."""
    waiting = Delivery.objects.filter(send=send, channel=channel, state=State.QUEUED).order_by("address_id")
    chosen = list(waiting.values_list("address_id", flat=True)[:number])
    Delivery.objects.filter(send=send, address_id__in=chosen).update(state=state, reason=reason)
    Tally.objects.create(send=send, channel=channel, state=state, n=number)


# What waits -------------------------------------------------------------------------------------------------------


def test_what_waits_is_counted_by_lane_and_channel_without_the_ledger() -> None:
    routine, urgent = send_to(emails=5, texts=3, calls=2), send_to(texts=4, lane=Lane.URGENT)
    assert (routine.texts, routine.calls, urgent.texts) == (3, 2, 4)
    put(routine, State.HANDED_OVER, 2)
    put(routine, State.FAILED, 1, channel=TEXT)
    Tally.objects.create(send=routine, channel=EMAIL, state=State.HANDED_OVER, n=-1)  # a receipt moves one
    Tally.objects.create(send=routine, channel=EMAIL, state=State.DELIVERED, n=1)
    with CaptureQueriesContext(connection) as asked:
        found = queue.read()
    assert {key: n for key, n in found.waiting.items() if n} == {
        (Lane.ROUTINE, EMAIL): 3,
        (Lane.ROUTINE, TEXT): 2,
        (Lane.ROUTINE, VOICE): 2,
        (Lane.URGENT, TEXT): 4,
    }
    assert len(asked) == 2
    assert not any("FROM delivery " in query["sql"] or "JOIN delivery " in query["sql"] for query in asked)


def test_a_paused_send_is_held_and_a_recalled_or_finished_one_is_gone() -> None:
    paused, recalled, done = send_to(emails=3), send_to(emails=5), send_to(emails=7)
    actions.pause(send_id=paused.pk, by=SYSTEM)
    actions.recall(send_id=recalled.pk, by=SYSTEM)
    put(done, State.HANDED_OVER, 7)
    done.batches.update(done_at=clock.now())
    found = queue.read()
    assert (found.total, found.total_held, found.since) == (0, 3, None)


def test_codes_that_wait_are_jobs() -> None:
    address = Address.objects.create(kind=Address.Kind.MOBILE, value="+447700900123")
    given = {"renderer": "delivery.test", "object_id": 1, "address_id": address.pk}
    job = jobs.enqueue("delivery.transactional", queue=jobs.TRANSACTIONAL, **given)
    assert queue.read().waiting == {(Lane.TRANSACTIONAL, TEXT): 1}
    actions.open_single(job_id=job, **given)  # the job has begun, and counts once still
    found = queue.read()
    assert found.waiting == {(Lane.TRANSACTIONAL, TEXT): 1}
    assert found.oldest[Lane.TRANSACTIONAL] <= clock.now()


def test_the_oldest_is_the_first_opened_of_what_goes() -> None:
    old, held, new = send_to(emails=1), send_to(emails=1), send_to(emails=1)
    for send, hours in ((old, 3), (held, 9), (new, 1)):
        Send.objects.filter(pk=send.pk).update(created_at=clock.now() - timedelta(hours=hours))
    actions.pause(send_id=held.pk, by=SYSTEM)
    assert queue.read().since == Send.objects.get(pk=old.pk).created_at


# How fast, and how the carriers are -----------------------------------------------------------------------------------


def carrier(name: str = "outbox", channel: Channel = EMAIL) -> Carrier:
    registry.row_ids()
    return Carrier.objects.get(name=name, channel=channel)


def taken(one: Carrier, minutes_ago: int, number: int, what: str = shifting.TAKEN) -> None:
    starts = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=minutes_ago)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_counter (key, starts, ends, n) VALUES (%s, %s, %s, %s)",
            [shifting.key(one.pk, what), starts, starts + timedelta(hours=1), number],
        )


def test_the_last_hour_minute_by_minute() -> None:
    one = carrier()
    for minutes_ago, number in ((0, 7), (1, 60), (5, 40), (6, 1_000), (59, 9), (61, 5_000)):
        taken(one, minutes_ago, number)
    taken(one, 2, 3, shifting.TROUBLE)
    found = pace.read([one])
    assert len(found.minutes) == 60
    assert [found.minutes[at].total for at in (0, -7, -6, -2, -1)] == [9, 1_000, 40, 60, 7]
    assert found.recent() == 20  # of five whole minutes, without the one that runs
    assert found.did(one) == (7 + 60 + 40 + 1_000 + 9, 3)


def test_the_counts_of_a_minute_are_kept_for_the_page() -> None:
    one = carrier()
    shifting.count({(one.pk, shifting.TAKEN): 12})
    with connection.cursor() as cursor:  # as if it were three quarters of an hour ago
        ago = "date_trunc('minute', {0}) - interval '45 minutes'"
        cursor.execute(f"UPDATE core_counter SET starts = {ago.format('starts')}, ends = {ago.format('ends')}")
    limits.forget_old()
    assert sum(minute.total for minute in pace.read([one]).minutes) == 12


def test_carriers_that_no_setting_names_are_not_shown(settings) -> None:
    settings.PEELIAN_TEXT_CARRIERS = "simulator://?name=one simulator://?name=two"
    registry.row_ids()
    settings.PEELIAN_TEXT_CARRIERS = "simulator://?name=two"
    registry.row_ids()
    assert [one.name for one in health.carriers()] == ["outbox", "two", "simulator"]


def test_a_carrier_in_trouble_is_said_first_and_its_shifts_are_listed(client: PageClient, analyst, settings) -> None:
    settings.PEELIAN_TEXT_CARRIERS = "simulator://?name=one simulator://?name=two"
    one = carrier("one", TEXT)
    shifting.shift(one.pk, weight=0, problem=shifting.NOTHING_TAKEN)
    page = client.page(PAGE)
    assert "one, which carries texts, is not well" in page.text()
    assert shifting.NOTHING_TAKEN in page.text()
    assert "one (text) from 51% to 0%, because messages failed" in page.text()
    rows = {row[0].text_content().split()[0]: row for row in page.document.cssselect("tbody tr")}
    cells = [[" ".join(cell.text_content().split()) for cell in rows[name]] for name in ("one", "two")]
    assert [row[1:4] for row in cells] == [["not well", "0%", "51%"], ["not checked yet", "100%", "49%"]]


def test_limits_show_their_use_and_only_administrators_may_change_them(client: PageClient, analyst) -> None:
    one = carrier()
    Limit.objects.create(carrier=one, per_day=200)
    Limit.objects.create(mail_domain="slow.example", per_day=900, ramp_from=clock.today(), ramp_first=50)
    limits.count(f"carrier:{one.pk}:day", window=timedelta(days=1), by=120)
    page = client.page(PAGE)
    assert any("outbox (email)" in row and " of 200 today" in row for row in page.texts("tr"))
    assert any("slow.examplestarts slowly" in row and "0 of 50 today" in row for row in page.texts("tr"))
    assert not any("/limits/" in link for link in page.links())
    sign_in(client, make_staff(Role.ADMINISTRATOR))
    assert sum("/limits/" in link for link in client.page(PAGE).links()) == 5


# The page -------------------------------------------------------------------------------------------------------------


def test_an_installation_that_has_done_nothing_says_so(client: PageClient, analyst) -> None:
    text = client.page(PAGE).text()
    said = ("No worker is at work", "There is no backup", "Nothing waits", "No carrier yet", "Everything arrived")
    for words in (*said, "No message went out in the last hour", "each carrier gets as many as it takes"):
        assert words in text, words


def test_a_backup_is_remembered_and_an_old_one_is_a_warning(client: PageClient, analyst, monkeypatch) -> None:
    record("backup.made", "backup", "", by=COMMAND_LINE, bytes=7_000_000)
    assert "backup is more than a day old" not in (text := client.page(PAGE).text())
    assert "There is no backup" not in text
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=25))
    found = health.last_backup()
    assert found is not None
    assert (found.size, found.is_old) == (7_000_000, True)


def test_a_worker_is_seen_for_a_minute(client: PageClient, analyst) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()), (now() - '2 min'::interval)")
    assert health.workers().queues == 1
    assert "No worker is at work" not in client.page(PAGE).text()


def test_the_part_that_moves_is_a_part_only_for_htmx(client: PageClient, analyst) -> None:
    assert client.get(f"{PAGE}now/").url == PAGE
    part = client.get(f"{PAGE}now/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="moving" hx-get="/staff/delivery/now/" hx-trigger="every 10s"')
    assert '<div id="minutes" hx-swap-oob="true">' in part
    assert "What did not arrive" not in part
    page = client.page(PAGE)
    assert page.document.get_element_by_id("minutes").get("hx-swap-oob") is None


@pytest.mark.parametrize("sends", [1, 12])
def test_however_much_goes_on_the_page_asks_as_much(client: PageClient, analyst, sends, django_assert_max_num_queries):
    for _ in range(sends):
        send = send_to(emails=4, texts=4)
        put(send, State.FAILED, 2, reason=Reason.BOUNCED)
        put(send, State.UNKNOWN, 1, channel=TEXT)
    registry.row_ids()
    client.page(PAGE)
    with django_assert_max_num_queries(26):
        client.page(PAGE)
    with django_assert_max_num_queries(20) as asked:
        client.get(f"{PAGE}now/", headers={"HX-Request": "true"})
    assert not any("FROM delivery " in query["sql"] or '"delivery"' in query["sql"] for query in asked)


# What did not arrive --------------------------------------------------------------------------------------------------


def table(found: failures.Failures) -> dict[tuple[State, str], tuple[int, int]]:
    return {(row.state, row.reason): (row.day, row.week) for row in found.rows}


def test_reasons_are_counted_of_a_day_and_of_a_week() -> None:
    new, older, old = send_to(emails=9, texts=4), send_to(emails=5), send_to(emails=5)
    Send.objects.filter(pk=older.pk).update(created_at=clock.now() - timedelta(days=3))
    Send.objects.filter(pk=old.pk).update(created_at=clock.now() - timedelta(days=8))
    put(new, State.FAILED, 2, reason=Reason.BOUNCED)
    put(new, State.FAILED, 1, reason=Reason.FULL)
    put(new, State.NOT_SENT, 3, reason=Reason.LEFT)
    put(new, State.UNKNOWN, 2, channel=TEXT)
    for send in (older, old):
        put(send, State.FAILED, 4, reason=Reason.BOUNCED)
    assert table(failures.by_reason()) == {
        (State.FAILED, "bounced"): (2, 6),
        (State.FAILED, "full"): (1, 1),
        (State.NOT_SENT, "left"): (3, 3),
        (State.UNKNOWN, ""): (2, 2),
    }


def test_a_send_is_counted_again_only_when_its_tallies_have_changed(monkeypatch) -> None:
    send = send_to(emails=9)
    put(send, State.FAILED, 2, reason=Reason.BOUNCED)
    failures.by_reason()
    with CaptureQueriesContext(connection) as asked:
        assert table(failures.by_reason()) == {(State.FAILED, "bounced"): (2, 2)}
    assert not any("FROM delivery " in query["sql"] for query in asked)
    put(send, State.FAILED, 3, reason=Reason.BOUNCED)
    assert table(failures.by_reason()) == {(State.FAILED, "bounced"): (2, 2)}  # for a minute at most
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=2))
    assert table(failures.by_reason()) == {(State.FAILED, "bounced"): (5, 5)}


def test_one_page_counts_so_much_and_the_next_goes_on(monkeypatch) -> None:
    monkeypatch.setattr(failures, "COUNTED_AT_ONCE", 10)
    for _ in range(3):
        put(send_to(emails=6), State.FAILED, 1, reason=Reason.BOUNCED)
    assert [failures.by_reason().uncounted for _ in range(3)] == [2, 1, 0]
    assert table(failures.by_reason()) == {(State.FAILED, "bounced"): (3, 3)}


def listed(client: PageClient, query: str) -> list[list[str]]:
    """All rows, page after page."""
    rows: list[list[str]] = []
    path = f"{PAGE}failed/?{query}"
    for _ in range(20):
        page = client.page(path)
        rows += [[" ".join(cell.text_content().split()) for cell in row] for row in page.document.cssselect("tbody tr")]
        more = [link for link in page.links() if "page=" in link]
        if not more:
            return rows
        path = f"{PAGE}failed/{more[-1]}"
    raise AssertionError("the pages never end")


@pytest.mark.parametrize("at_once", [1_000_000, 40, 1])
def test_single_deliveries_are_listed_once_each_and_masked(client: PageClient, analyst, monkeypatch, at_once) -> None:
    monkeypatch.setattr(failures, "READ_AT_ONCE", at_once)
    for _ in range(3):
        put(send_to(emails=30), State.FAILED, 20, reason=Reason.BOUNCED)
    send_to(emails=2)
    rows = listed(client, "what=failed&why=bounced&days=7")
    assert len(rows) == 60
    assert {row[0] for row in rows} == {"p…@home.example"}
    assert len(client.page(f"{PAGE}failed/?what=failed&why=bounced&days=7").texts("tbody tr")) in (20, 25)
    assert listed(client, "what=failed&why=full&days=7") == []
    assert listed(client, "what=failed&why=bounced&days=1&page=nonsense") == rows


def test_a_list_is_stable_while_rows_come(client: PageClient, analyst) -> None:
    send = send_to(emails=60)
    put(send, State.FAILED, 30, reason=Reason.BOUNCED)
    first = client.page(f"{PAGE}failed/?what=failed&why=bounced&days=7")
    more = next(link for link in first.links() if "page=" in link)
    put(send_to(emails=9), State.FAILED, 9, reason=Reason.BOUNCED)
    assert len(client.page(f"{PAGE}failed/{more}").texts("tbody tr")) == 5


@pytest.mark.parametrize(("role", "shown"), [(Role.ANALYST, False), (Role.COMMUNICATIONS, True)])
def test_who_may_not_read_residents_never_sees_their_numbers(client: PageClient, role, shown) -> None:
    sign_in(client, make_staff(role))
    member = make_member()
    send = send_to(emails=1)
    put(send, State.FAILED, 1, reason=Reason.BOUNCED)
    type(member).objects.filter(pk=member.pk).update(id=member.pk)
    Delivery.objects.filter(send=send).update(member_id=member.pk)
    page = client.page(f"{PAGE}failed/?what=failed&why=bounced&days=7")
    assert ("Resident" in page.texts("th")) == shown
    assert (page.document.cssselect('td[data-label="Resident"]') != []) == shown


def test_who_works_in_some_areas_sees_the_deliveries_there_only(client: PageClient) -> None:
    inside, outside = make_area("W01"), make_area("W02", at=1)
    sign_in(client, make_staff(Role.COMMUNICATIONS, inside))
    send = send_to(emails=3)
    put(send, State.FAILED, 3, reason=Reason.BOUNCED)
    for area, row in zip((inside, outside), Delivery.objects.filter(send=send).order_by("address_id")[:2], strict=True):
        member = make_member(f"{area.code.lower()}@home.example")
        type(member).objects.filter(pk=member.pk).update(area=area)
        Delivery.objects.filter(send=send, address_id=row.address_id).update(member_id=member.pk)
    assert len(listed(client, "what=failed&why=bounced&days=7")) == 1


@pytest.mark.parametrize("query", ["", "what=delivered&why=&days=7", "what=failed&why=x&days=7", "what=failed&days=90"])
def test_what_cannot_be_asked_for_leads_back(client: PageClient, analyst, query) -> None:
    assert client.get(f"{PAGE}failed/?{query}").url == PAGE
