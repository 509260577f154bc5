"""Practice: the real composer and the real delivery, and nobody is reached, shown or counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from peelian.accounts.models import Staff, Team
from peelian.accounts.tests.factories import sign_in
from peelian.alerts import actions, dose, errors, leaving, queries
from peelian.alerts.actions import practising
from peelian.alerts.models import Alert, AlertArea, Decision
from peelian.alerts.renderer import AlertRenderer
from peelian.alerts.tests.factories import WORDS, Force, audit_of, hand_over, inside, make_draft, make_force, make_sent
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.errors import NotFound
from peelian.core.testing.html import PageClient
from peelian.delivery import tokens
from peelian.delivery.models import Delivery, Send, Spend, State, Tally
from peelian.delivery.tests.conftest import ledger, mailbox, until, unused_tcp_port, workers  # noqa: F401 (fixtures)
from peelian.members.models import Member, Topic

SAYS = "It goes to simulated addresses and to no resident"


def practised(force: Force, *, sent: bool = True, **fields: Any) -> Alert:
    """A practice alert to the ward W00; handed over unless it is to stay a draft."""
    alert = actions.create_draft(team=force.team, by=force.officer, practice=True)
    given = {"topic": Topic.objects.get(slug="vehicle-crime"), "channels": 7, **WORDS}
    given["audience"] = {"clauses": [inside("W00")]}
    actions.save_draft(alert=alert, version=1, by=force.officer, **given | fields)
    alert = Alert.objects.get(pk=alert.pk)
    if sent:
        actions.send_now(alert=alert, by=force.officer)
        assert actions.freeze(alert_id=alert.pk)
        alert = Alert.objects.select_related("send", "team", "topic").get(pk=alert.pk)
        hand_over(alert)
        alert.refresh_from_db()
    return alert


@pytest.fixture
def force(db: None) -> Force:
    cache.clear()
    return make_force()


def test_it_goes_to_stand_ins_and_to_no_member(force: Force) -> None:
    alert = practised(force)
    assert (alert.state, alert.people, alert.send.practice) == (Alert.State.SENT, 10, True)
    assert alert.by_channel == {"email": 8, "text": 1, "voice": 1}
    rows = Delivery.objects.filter(send=alert.send)
    assert set(rows.values_list("member", flat=True)) == {None}
    values = Address.objects.filter(pk__in=rows.values("address")).values_list("value", flat=True)
    assert {value.rpartition("@")[2] for value in values if "@" in value} == {"simulator.peelian.example"}
    assert {value[-4:] for value in values if "@" not in value} == {"0997"}
    assert not Member.objects.filter(email__value__in=values).exists()


def test_it_is_on_no_public_page_and_in_no_figure(client: PageClient, force: Force) -> None:
    real = make_sent(force)
    alert = practised(force)
    assert not AlertArea.objects.filter(alert=alert).exists()
    assert list(queries.public_alerts()) == [real]
    for page in (f"/alerts/{alert.ref}/", f"/s/{alert.ref}/"):
        assert client.get(page).status_code == 404
    assert alert.ref not in client.get("/alerts/feed.atom").content.decode()
    with pytest.raises(NotFound):
        queries.public_alert(alert.ref)
    dose.keep_up()
    assert dose.by_neighbourhood(force.officer)[0].doses.alerts == 10  # those of the real one
    assert leaving.forecast(None) is None
    assert not Spend.objects.filter(send=alert.send).exists()


def test_it_cannot_become_real_and_nothing_follows_from_it(force: Force) -> None:
    alert = practised(force)
    with pytest.raises(TypeError):
        actions.save_draft(alert=alert, version=2, by=force.officer, practice=False)
    with pytest.raises(errors.NotNow):
        actions.follow_up(alert=alert, relation="update", by=force.officer)
    later = make_draft(force, {"effect": "include", "kind": "received", "values": [alert.ref]})
    with pytest.raises(errors.AudienceProblem):
        actions.send_now(alert=later, by=force.officer)


def test_what_was_practised_may_be_sent_in_earnest(force: Force) -> None:
    practised(force)
    real = make_draft(force)
    actions.send_now(alert=real, by=force.officer)  # identical words, and no question about a repeat
    assert not real.practice


def test_every_message_says_that_it_is_practice_and_its_links_count_nothing(client: PageClient, force: Force) -> None:
    alert = practised(force)
    renderer = AlertRenderer(is_test=True)
    email = renderer.email(alert.pk)
    assert email.subject == "Practice: Vans broken into on Mill Lane"
    assert "Nothing in this has happened" in email.html
    assert email.text.startswith("Practice: nothing in this has happened.")
    assert renderer.text(alert.pk).startswith("Practice: ")
    assert renderer.voice(alert.pk).startswith("This is for practice.")
    token = tokens.make(alert.send_id, Delivery.objects.filter(send=alert.send).first().address_id)
    answer = client.post(f"/m/{token}/rate/5/")
    assert (answer.status_code, "for practice" in answer.content.decode()) == (409, True)
    assert client.post(f"/m/{token}/reply/", {"text": "Hello"}).status_code == 200
    assert queries.results(alert).replies == 0


def test_each_page_says_so_in_words(client: PageClient, force: Force) -> None:
    sign_in(client, force.officer)
    begin = client.page("/staff/alerts/new/", {"practice": "on"})
    assert begin.texts("h1") == ["Practise writing an alert"]
    edit = client.page("/staff/alerts/new/", {"practice": "on"}, post=True)
    assert SAYS in edit.text()
    draft = practised(force, sent=False)
    for step in ("edit", "check", "preview"):
        assert SAYS in client.page(f"/staff/alerts/{draft.ref}/{step}/").text(), step
    check = client.page(f"/staff/alerts/{draft.ref}/check/")
    assert check.texts("#go button") == ["Send it as practice"]
    assert check.texts(".p-sentence")[0].startswith("“Practice: Vans broken into on Mill Lane”")
    alert = practised(force, title="Another")
    results = client.page(f"/staff/alerts/{alert.ref}/")
    assert SAYS in results.text()
    assert "Public page" not in results.text()
    assert "Write an update" not in results.text()
    assert "Practice: Another" in client.page("/staff/alerts/").text()


def test_it_is_deleted_after_thirty_days_with_all_that_was_sent(force: Force) -> None:
    real, alert = make_sent(force), practised(force, priority="routine")
    Alert.objects.update(created_at=clock.now() - timedelta(days=29))
    assert actions.delete_practice() == 0
    Alert.objects.update(created_at=clock.now() - timedelta(days=31))
    draft = practised(force, sent=False, title="Another")
    assert actions.delete_practice() == 1
    assert set(Alert.objects.all()) == {real, draft}
    for table in (Send, Decision):
        assert not table.objects.filter(pk=alert.send_id if table is Send else 0).exists()
    assert not Delivery.objects.filter(send_id=alert.send_id).exists()
    assert not Tally.objects.filter(send_id=alert.send_id).exists()
    assert audit_of(alert)[-1][0] == "alert.practice_deleted"
    assert actions.freeze(alert_id=alert.pk) is False  # its job may come later


def test_a_real_send_is_never_deleted_this_way(force: Force) -> None:
    from peelian.delivery import actions as delivery

    with pytest.raises(ValueError, match="not for practice"):
        delivery.delete_practice(send_id=make_sent(force).send_id)


def test_a_worker_with_a_real_mail_server_gives_practice_to_the_simulator(workers, mailbox) -> None:  # noqa: F811
    by = Staff.objects.create(email="learner@heartshire.example", role="officer")
    alert = Alert.objects.create(
        ref="practice", team=Team.objects.get(slug="force"), author=by, topic=Topic.objects.first(), practice=True,
        channels=7, **WORDS,
    )  # fmt: skip
    send = practising.open_send(alert)
    workers.start(mailbox.url)
    rows = Delivery.objects.filter(send=send)
    until(lambda: set(rows.values_list("state", flat=True)) == {State.DELIVERED}, 60)
    until(lambda: Send.objects.get(pk=send.pk).state == Send.State.SENT, 30)
    assert mailbox.received == []
    assert rows.count() == 10
