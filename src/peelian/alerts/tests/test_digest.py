"""What residents get together: when it goes, what is in it, and what dropped out."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from peelian.accounts.models import Organisation
from peelian.alerts import actions, translated
from peelian.alerts.digest.opening import open_due
from peelian.alerts.digest.renderer import DigestRenderer
from peelian.alerts.models import Alert, Digest
from peelian.alerts.reading import where
from peelian.alerts.tests.factories import inside, make_force, make_frozen, make_member
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.messages import TOKEN
from peelian.delivery import claim, queries, tokens
from peelian.delivery.models import Channel, Delivery, DigestItem, Reason, Send, State
from peelian.members import audience
from peelian.members.models import Member, Pace

pytestmark = pytest.mark.django_db

FRIDAY = clock.today() + dt.timedelta(days=(4 - clock.today().weekday()) % 7 + 7)
FIVE = clock.london(FRIDAY, dt.time(17))


@pytest.fixture
def force():
    """Everybody in W00 wants everything in a weekly digest."""
    found = make_force({"W00": 6, "W10": 6})
    Pace.objects.bulk_create(Pace(member=one, weekly_limit=0) for one in found.members["W00"])
    return found


def claim_all(alert: Alert) -> None:
    for channel in Channel:
        given = {"send": alert.send_id, "after": 0, "last": 10**12, "channel": channel, "most": 500, "carrier": None}
        with connection.cursor() as cursor:
            cursor.execute(claim.CLAIM, given | claim.moment(clock.now()))


def digested(force, *clauses, **fields) -> Alert:
    alert = make_frozen(force, *clauses, by=force.communications, **fields)
    claim_all(alert)
    return alert


def sent(digest: Send) -> dict[int, str]:
    """Member → the text of their email."""
    members = list(Delivery.objects.filter(send=digest).values_list("member_id", flat=True))
    return {pk: parts.text for pk, parts in DigestRenderer().emails(digest.object_id, members).items()}


def test_one_email_newest_first_with_areas_and_types_as_headings(force):
    first = digested(force, title="Older vans")
    second = digested(force, title="Newer vans")
    third = digested(force, inside("W00", "W10"), title="In both wards")
    [send] = open_due(FIVE)
    assert (send.recipients, send.counted, send.renderer) == (6, False, "alerts.digest")
    assert set(Delivery.objects.filter(send=send).values_list("member_id", flat=True)) == {
        one.pk for one in force.members["W00"]
    }
    renderer, members = DigestRenderer(), [one.pk for one in force.members["W00"]]
    parts = renderer.emails(send.object_id, members)
    assert parts[members[0]] is parts[members[1]]
    email = parts[members[0]]
    places = [f"== {where(alert)}\n" for alert in (third, second)]
    assert email.subject == "3 messages from near you: In both wards"
    order = ["3 messages you", places[0], "Vehicle crime", "In both wards", places[1], "Newer vans", "Older vans"]
    assert [email.text.index(words) for words in order] == sorted(email.text.index(words) for words in order)
    for alert in (first, second, third):
        assert f"http://testserver/alerts/{alert.ref}/" in email.text
        assert f"/alerts/{alert.ref}/" in email.html
    assert f"/m/{TOKEN}/less/" in email.html
    assert email.unsubscribe
    assert "person" not in email.text
    assert set(DigestItem.objects.values_list("digest_id", "reason")) == {(send.pk, "")}
    assert not DigestItem.objects.filter(settled_at=None).exists()


def test_nothing_goes_twice_however_often_it_is_due(force):
    digested(force)
    assert len(open_due(FIVE)) == 1
    assert open_due(FIVE) == open_due(FIVE + dt.timedelta(hours=3)) == open_due(FIVE + dt.timedelta(days=1)) == []
    assert Send.objects.filter(renderer="alerts.digest").count() == 1
    later = digested(force, title="Next week")
    DigestItem.objects.filter(send_id=later.send_id).update(at=FIVE)  # came as it was opened
    assert open_due(FIVE + dt.timedelta(hours=1)) == []
    [send] = open_due(FIVE + dt.timedelta(days=7))
    assert all("Next week" in text and "Vans" not in text for text in sent(send).values())


def test_when_they_are_due(force):
    daily = force.members["W00"][0]
    Pace.objects.filter(member=daily).update(digest="daily")
    digested(force)
    DigestItem.objects.update(at=FIVE - dt.timedelta(days=5))
    monday = FIVE - dt.timedelta(days=4)
    assert open_due(monday.replace(hour=12)) == []  # not five yet
    assert [send.recipients for send in open_due(monday + dt.timedelta(hours=1))] == [1]
    assert open_due(FIVE - dt.timedelta(days=1)) == []
    # Nobody was at work on Friday evening: the weekly one goes on Saturday
    assert [send.recipients for send in open_due(FIVE + dt.timedelta(days=1))] == [5]
    assert list(Digest.objects.filter(send__isnull=False).values_list("kind", flat=True)) == ["daily", "weekly"]


def test_what_is_taken_back_drops_out_with_the_reason(force):
    good = digested(force, title="Still good")
    recalled, withdrawn, ended = (digested(force, title=f"Gone {n}") for n in range(3))
    actions.recall(alert=recalled, by=force.communications)
    actions.withdraw(alert=withdrawn, reason="It was wrong.", by=force.communications)
    Alert.objects.filter(pk=ended.pk).update(ends_on=clock.today() - dt.timedelta(days=1))
    [send] = open_due(FIVE)
    assert all("Still good" in text and "Gone" not in text for text in sent(send).values())
    reasons = {alert.send_id: reason for alert, reason in (
        (good, ""), (recalled, Reason.RECALLED), (withdrawn, Reason.WITHDRAWN), (ended, Reason.ENDED)
    )}  # fmt: skip
    assert dict(DigestItem.objects.values_list("send_id", "reason")) == reasons
    assert not DigestItem.objects.filter(settled_at=None).exists()


def test_what_is_taken_back_while_it_goes_drops_out_too(force):
    alert = digested(force)
    other = digested(force, title="Another")
    [send] = open_due(FIVE)
    actions.withdraw(alert=alert, reason="It was wrong.", by=force.communications)
    assert all("Another" in text and "Vans" not in text for text in sent(send).values())
    assert set(DigestItem.objects.filter(send_id=alert.send_id).values_list("reason", "digest_id")) == {
        (Reason.WITHDRAWN, None)
    }
    actions.withdraw(alert=other, reason="It was wrong.", by=force.communications)
    assert sent(send) == {}  # and nobody gets an empty one


def test_who_wants_no_more_of_it_gets_none_of_it(force):
    digested(force)
    one, two, *others = force.members["W00"]
    Member.objects.filter(pk=one.pk).update(organisations=0)
    Member.objects.filter(pk=two.pk).update(interests=0)
    [send] = open_due(FIVE)
    assert set(sent(send)) == {other.pk for other in others}
    assert set(DigestItem.objects.filter(member__in=[one, two]).values_list("reason", flat=True)) == {Reason.LEFT}


def test_without_email_one_text_with_a_link_to_a_list(force, client):
    mobile = Address.objects.create(kind=2, value="+447700900123")
    one = make_member("W00", email=None, mobile=mobile)
    audience.refresh([one.pk])
    Pace.objects.create(member=one, weekly_limit=0)
    public, restricted = digested(force), digested(force, title="For few", restricted=True)
    gone = digested(force, title="Gone since")
    [send] = open_due(FIVE)
    delivery = Delivery.objects.get(send=send, member=one)
    assert (delivery.address_id, delivery.channel) == (mobile.pk, Channel.TEXT)
    text = DigestRenderer().texts(send.object_id, [one.pk])[one.pk]
    assert text == f"Your police force: 3 more messages for you. Read here: http://testserver/m/{TOKEN}/"
    actions.withdraw(alert=gone, reason="It was wrong.", by=force.communications)
    token = tokens.make(send.pk, mobile.pk)
    page = client.page(f"/m/{token}/")
    assert page.texts("h1") == ["Messages you have not had yet"]
    assert f"/alerts/{public.ref}/" in page.response.content.decode()
    assert restricted.ref not in page.response.content.decode()
    assert "Gone since" not in page.text()
    assert "7700" not in page.text()
    client.page(f"/m/{token}/rate/5/", expect=404)


def test_a_restricted_alert_is_in_the_email_in_full(force):
    digested(force, title="For few", restricted=True)
    [send] = open_due(FIVE)
    text = next(iter(sent(send).values()))
    assert "Take your tools indoors." in text
    assert "/alerts/" not in text


def test_a_household_gets_one_with_what_waited_for_any_of_them(force):
    one, two = force.members["W00"][:2]
    first = digested(force, title="For one")
    DigestItem.objects.filter(member=two).delete()
    second = digested(force, title="For two")
    DigestItem.objects.filter(member=one, send=second.send_id).delete()
    Member.objects.filter(pk=two.pk).update(email=one.email)
    [send] = open_due(FIVE)
    assert send.recipients == 5
    text = sent(send)[one.pk]
    assert "For one" in text
    assert "For two" in text
    assert first.send_id


def test_who_can_be_reached_by_neither_waits_two_weeks(force):
    one = force.members["W00"][0]
    digested(force)
    Address.objects.filter(pk=one.email_id).update(suppression="bounced", suppressed_at=clock.now())
    audience.refresh([one.pk])
    [send] = open_due(FIVE)
    assert one.pk not in sent(send)
    assert DigestItem.objects.get(member=one).settled_at is None
    DigestItem.objects.filter(member=one).update(at=clock.now() - dt.timedelta(days=1))
    open_due(FIVE + dt.timedelta(days=14))
    assert DigestItem.objects.get(member=one).reason == Reason.LIMIT


def test_a_correction_reaches_those_who_read_it_in_a_digest(force):
    alert = digested(force)
    sql, values = queries.members_handed_sql(alert.send_id)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.fetchall() == []
        open_due(FIVE)
        cursor.execute(sql, values)
        assert {row[0] for row in cursor.fetchall()} == {one.pk for one in force.members["W00"]}


def test_one_click_stops_whoever_is_in_it(force, client):
    digested(force)
    [send] = open_due(FIVE)
    one = force.members["W00"][0]
    token = tokens.make(send.pk, one.email_id)
    client.page(f"/unsubscribe/{token}/", post=True)
    one.refresh_from_db()
    assert one.organisations & Organisation.objects.get(slug="police").mask == 0


@pytest.mark.parametrize(("choice", "limit"), [("limit", 2), ("digest", 0)])
def test_less_instead_of_leaving(force, client, choice, limit):
    alert = make_frozen(force, inside("W10"), by=force.communications)
    one = force.members["W10"][0]
    token = tokens.make(alert.send_id, one.email_id)
    asked = client.page(f"/m/{token}/less/", {"choice": choice})
    assert asked.texts("button")[-1] == "Yes, change this"
    client.page(f"/m/{token}/less/", asked.form(), post=True)
    pace = Pace.objects.get(member=one)
    assert (pace.weekly_limit, pace.digest) == (limit, "weekly")
    one.refresh_from_db()
    assert one.organisations == 1
    assert not alert.responses.exists()  # nobody left
    claim_all(alert)
    expected = State.DIGEST if choice == "digest" else State.CLAIMED
    assert Delivery.objects.get(send=alert.send_id, member=one).state == expected


def test_what_is_translated_stands_in_the_language_with_the_original_below(force):
    alert = digested(force)
    reader = force.members["W00"][0]
    type(reader).objects.filter(pk=reader.pk).update(language="ur")
    words = {"title": "مل لین پر وینیں کھولی گئیں", "happening": "اوزار چوری ہوئے۔", "doing": "گشت", "can_do": "101"}
    made = {"state": "machine", "fingerprint": translated.fingerprint(alert), **words}
    alert.translations.create(language="ur", **made)
    open_due(FIVE)
    digest = Digest.objects.get(send__isnull=False)
    members = list(Delivery.objects.filter(send=digest.send).values_list("member_id", flat=True))
    rendered = DigestRenderer().emails(digest.pk, members)
    text = rendered[reader.pk].text
    assert text.index(words["title"]) < text.index(alert.title)
    assert 'lang="ur" dir="rtl"' in rendered[reader.pk].html
    others = [parts for member, parts in rendered.items() if member != reader.pk]
    assert others
    assert all(words["title"] not in parts.text for parts in others)
