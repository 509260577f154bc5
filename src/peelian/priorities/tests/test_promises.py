"""Promises: public with a day, followed to their end, and told once to everybody who raised it."""

import io
from datetime import datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from PIL import Image

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import sign_in
from peelian.alerts.models import Alert
from peelian.contacts.models import Address
from peelian.conversations.models import Thread
from peelian.conversations.tests.factories import make_address, make_thread
from peelian.core import clock
from peelian.delivery import tokens
from peelian.delivery.models import Delivery, Send
from peelian.members import audience
from peelian.members.models import Member
from peelian.members.tests.factories import make_member
from peelian.priorities import actions, errors, queries
from peelian.priorities.actions.issues import Heard
from peelian.priorities.actions.promises import _when
from peelian.priorities.models import Promise, PromiseChange, PromiseTold, Raiser
from peelian.priorities.renderer import PromiseRenderer
from peelian.priorities.tests.factories import make_issue, make_priority, make_promise, publish, say, told_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def raised(ground):
    """An issue that two members and an address raised, one of them twice, over two issues that were merged."""
    one, two = make_member("one@home.example"), make_member("two@home.example")
    bare = make_address("bare@home.example")
    issue, same = make_issue(ground.ward, ground.officer), make_issue(ground.ward, ground.officer, "Cars again.")
    actions.add_report(issue=issue, heard=told_by(one.pk), by=ground.officer)
    actions.add_report(issue=same, heard=told_by(one.pk, two.pk, source_id=2), by=ground.officer)
    heard = Heard("A message to the team", clock.today(), "conversations.thread", 3, None, (), (bare.pk,))
    actions.add_report(issue=same, heard=heard, by=ground.officer)
    actions.merge_issue(issue=same, into=issue, by=ground.officer)
    return issue, one, two, bare


def told(change):
    assert actions.tell(change_id=change.pk)
    send = PromiseTold.objects.get(change=change).send
    return sorted(Delivery.objects.filter(send=send).values_list("address_id", flat=True)) if send else []


def test_everybody_who_raised_it_is_told_once_of_each_change(ground, raised):
    issue, one, two, bare = raised
    promise = make_promise(ground.ward, ground.officer, issue)
    assert queries.audience_of(promise).count() == 3
    first = publish(promise, ground.supervisor)
    everybody = sorted([one.email_id, two.email_id, bare.pk])
    assert told(first) == everybody
    assert not actions.tell(change_id=first.pk)  # a job may run twice
    assert told(say(promise, "kept", ground.supervisor)) == everybody
    assert Send.objects.filter(renderer="priorities.promise", counted=True, lane="routine").count() == 2


def test_nobody_is_told_who_left_withdrew_asked_to_stop_or_is_suppressed(ground, raised):
    issue, one, two, bare = raised
    promise = make_promise(ground.ward, ground.officer, issue, publisher=ground.supervisor)
    Member.objects.filter(pk=one.pk).update(left_at=clock.now())
    Member.objects.filter(pk=two.pk).update(organisations=0)
    audience.refresh([one.pk, two.pk])
    assert queries.audience_of(promise).count() == 1
    Address.objects.filter(pk=bare.pk).update(suppression="complained", suppressed_at=clock.now())
    assert queries.audience_of(promise).count() == 0
    change = say(promise, "progress", ground.supervisor)
    assert told(change) == []
    assert PromiseTold.objects.get(change=change).people == 0


def test_an_address_that_is_a_members_stands_for_them_and_of_one_who_left_for_nobody(ground):
    here, gone = make_member("here@home.example"), make_member("gone@home.example")
    issue = make_issue(ground.ward, ground.officer)
    heard = Heard("Reply", clock.today(), "x", 1, None, (here.pk,), (here.email_id, gone.email_id))
    actions.add_report(issue=issue, heard=heard, by=ground.officer)
    type(gone).objects.filter(pk=gone.pk).update(left_at=clock.now())
    found = queries.audience_of(make_promise(ground.ward, ground.officer, issue))
    assert (found.member_ids, found.address_ids, found.count()) == ([here.pk], [], 1)


@pytest.mark.parametrize("since", [{"sensitive": True}, {"emptied_at": clock.now()}])
def test_of_a_conversation_that_became_sensitive_or_left_as_intelligence_nobody_is_told(ground, since):
    member = make_member("a@home.example")
    thread = make_thread(ground.team, member.email)
    issue = make_issue(ground.ward, ground.officer)
    actions.add_report(issue=issue, heard=told_by(member.pk, source_id=thread.pk), by=ground.officer)
    promise = make_promise(ground.ward, ground.officer, issue)
    assert queries.audience_of(promise).count() == 1
    Thread.objects.filter(pk=thread.pk).update(**since)
    assert queries.audience_of(promise).count() == 0


def test_a_member_with_two_channels_is_told_by_one(ground):
    member = make_member(
        "a@home.example", mobile=Address.objects.create(kind=Address.Kind.MOBILE, value="+447700900123"), channels=3
    )
    issue = make_issue(ground.ward, ground.officer)
    actions.add_report(issue=issue, heard=told_by(member.pk), by=ground.officer)
    promise = make_promise(ground.ward, ground.officer, issue)
    assert told(publish(promise, ground.supervisor)) == [member.email_id]


@pytest.mark.parametrize(
    ("local", "goes"),
    [("2026-05-04T12:00", None), ("2026-05-04T23:30", "2026-05-05T08:00"), ("2026-05-04T03:00", "2026-05-04T08:00")],
)
def test_messages_wait_for_the_end_of_quiet_hours(settings, local, goes):
    settings.PEELIAN_QUIET_HOURS = (time(21), time(8))
    found = _when(datetime.fromisoformat(local).replace(tzinfo=clock.LONDON))
    assert (found and found.astimezone(clock.LONDON).strftime("%Y-%m-%dT%H:%M")) == goes


def test_a_promise_without_a_day_is_refused_with_a_sentence(client, ground):
    with pytest.raises(errors.NeedsDay):
        make_promise(ground.ward, ground.officer, due_on=None)
    with pytest.raises(errors.DayPassed):
        make_promise(ground.ward, ground.officer, due_on=clock.today() - timedelta(days=1))
    sign_in(client, ground.officer)
    new = {"said": "Cars race.", "channel": "At a meeting", "area": "W01", "will_do": "We check speed."}
    page = client.post("/staff/priorities/promises/new/", new).content.decode()
    assert "A promise needs a day: say by when we will do it" in page
    assert "We check speed." in page  # nothing of it is lost
    assert not Promise.objects.exists()


def test_an_officer_writes_and_somebody_else_publishes(client, ground, raised):
    issue = raised[0]
    sign_in(client, ground.officer)
    begun = client.get(f"/staff/priorities/promises/new/?issue={issue.ref}").content.decode()
    assert "Told to an officer, A message to the team" in begun
    new = {"said": issue.words, "channel": "In messages", "area": "W01", "will_do": "We check speed weekly."}
    new |= {"due_on": str(clock.today() + timedelta(days=20)), "issues": issue.ref}
    page = client.post("/staff/priorities/promises/new/", new, follow=True).content.decode()
    assert "fewer than 5 people who raised it are told" in page.lower()
    assert "Somebody else publishes it" in page
    promise = Promise.objects.get()
    link = f"/staff/priorities/promises/{promise.ref}/publish/"
    change = promise.changes.get()
    assert client.post(link, {"change": change.seen}).status_code == 404
    assert client.get(f"/promises/{promise.ref}/").status_code == 404
    sign_in(client, ground.supervisor)
    assert "Promises to publish" in client.get("/staff/").content.decode()
    (read,) = client.page(link).document.cssselect("input[name=change]")
    actions.change_draft(
        promise=promise, by=ground.officer, issues=[issue], area=promise.area, said=promise.said, channel="In messages",
        will_do="We check speed daily.", due_on=promise.due_on, owner=promise.owner, priority=None,
    )  # fmt: skip
    refused = client.post(link, {"change": read.get("value")})  # nobody publishes words that they have not read
    assert "changed, published or discarded meanwhile" in refused.content.decode()
    assert client.get(f"/promises/{promise.ref}/").status_code == 404
    (read,) = client.page(link).document.cssselect("input[name=change]")
    client.post(link, {"change": read.get("value")})
    assert "We check speed daily." in client.get(f"/promises/{promise.ref}/").content.decode()


def test_a_promise_for_a_priority_begins_in_the_sector_or_for_who_works_in_a_ward_where_it_was_raised(client, ground):
    issue = make_issue(ground.ward, ground.officer)
    priority = make_priority(ground.sector, ground.officer, issues=[issue])
    for who, code in ((ground.officer, "S1"), (ground.person(Role.OFFICER, ground.ward), "W01")):
        sign_in(client, who)
        page = client.page(f"/staff/priorities/promises/new/?priority={priority.ref}")
        (chosen,) = page.document.cssselect("select[name=area] option[selected]")
        assert chosen.get("value") == code


def test_what_residents_read_is_not_changed_by_anybody(ground):
    promise = make_promise(ground.ward, ground.officer, publisher=ground.supervisor)
    rows = PromiseChange.objects.filter(promise=promise)
    for change in (lambda: rows.update(text="Other"), lambda: rows._raw_delete("default")):
        with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
            change()
    with pytest.raises(errors.IsPublic):
        actions.change_draft(promise=promise, by=ground.officer, issues=[], due_on=clock.today(), area=ground.ward)


def test_its_states_follow_what_is_published_and_its_first_day_stays(ground):
    promise = make_promise(ground.ward, ground.officer, publisher=ground.supervisor)
    first = promise.due_on
    with pytest.raises(errors.NeedsDay):
        actions.write_change(promise=promise, what="later", text="Rain.", by=ground.officer)
    actions.write_change(promise=promise, what="progress", text="Begun.", by=ground.officer)
    with pytest.raises(errors.ChangeWaits):
        actions.write_change(promise=promise, what="kept", text="Done.", by=ground.officer)
    promise.refresh_from_db()
    assert promise.did == ""  # nobody has published it
    publish(promise, ground.supervisor)
    later = first + timedelta(days=10)
    say(promise, "later", ground.supervisor, "It rains.", due_on=later)
    assert (promise.state, promise.due_on, promise.first_due_on, promise.did) == ("open", later, first, "Begun.")
    say(promise, "could-not", ground.supervisor, "The council owns the road.")
    assert (promise.state, promise.did, promise.ended_on) == ("could-not", "The council owns the road.", clock.today())
    with pytest.raises(errors.PromiseEnded):
        actions.write_change(promise=promise, what="kept", text="x", by=ground.officer)
    say(promise, "reopened", ground.supervisor, "Now we may.", due_on=later)
    assert (promise.state, promise.ended_on) == ("open", None)
    say(promise, "kept", ground.supervisor)
    assert promise.in_time
    assert not Promise(state="kept", ended_on=later, first_due_on=first).in_time


def test_an_overdue_promise_is_public_with_its_age_and_first(client, ground):
    on_time = make_promise(ground.near, ground.officer, publisher=ground.supervisor, will_do="Later thing.")
    late = make_promise(ground.ward, ground.officer, publisher=ground.supervisor, will_do="Late thing.")
    Promise.objects.filter(pk=late.pk).update(due_on=clock.today() - timedelta(days=12))
    page = client.get("/promises/").content.decode()
    assert "Overdue by 12 days" in page
    assert page.index("Late thing.") < page.index("Later thing.")
    assert "Overdue by 12 days" in client.get(f"/promises/{late.ref}/").content.decode()
    of_ward = client.get("/promises/?area=W02").content.decode()
    assert "Late thing." not in of_ward
    assert "You said, we did in Lower Hollins" in of_ward
    assert client.get("/promises/?area=NOWHERE").status_code == 404
    assert [one.pk for one in queries.public_promises(ground.sector)] == [late.pk, on_time.pk]
    assert queries.public_promises(ground.far).count() == 0
    sign_in(client, ground.officer)
    assert "Overdue by 12 days" in client.get("/staff/").content.decode()


def test_you_said_we_did_is_what_was_kept_of_late(ground):
    kept, partly, failed = (make_promise(ground.ward, ground.officer, publisher=ground.supervisor) for _ in range(3))
    for promise, what in ((kept, "kept"), (partly, "partly"), (failed, "could-not")):
        say(promise, what, ground.supervisor)
    assert set(queries.kept_lately(ground.force)) == {kept, partly}
    Promise.objects.filter(pk=kept.pk).update(ended_on=clock.today() - timedelta(days=190))
    assert set(queries.kept_lately()) == {partly}


def test_public_pages_are_cached_set_no_cookie_and_name_no_officer(client, ground):
    ground.officer.name = "Undine Quarrington"
    ground.officer.save()
    promise = make_promise(ground.ward, ground.officer, publisher=ground.supervisor)
    for path in ("/promises/", f"/promises/{promise.ref}/"):
        answer = client.get(path)
        assert "max-age=60" in answer["Cache-Control"]
        assert answer["ETag"]
        assert not answer.cookies
        assert "Quarrington" not in answer.content.decode()


def a_photo():
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(kept, "JPEG")
    return kept.getvalue()


def test_a_photograph_needs_words_is_made_anew_and_is_public_with_its_change_alone(client, ground):
    promise = make_promise(ground.ward, ground.officer, publisher=ground.supervisor)
    sign_in(client, ground.officer)
    page = f"/staff/priorities/promises/{promise.ref}/change/"
    said = {"what": "kept", "text": "The bollards stand."}
    photo = lambda content: SimpleUploadedFile("p.jpg", content, "image/jpeg")  # noqa: E731
    assert (
        "Say in words what the photograph shows"
        in client.post(page, {**said, "photo": photo(a_photo())}).content.decode()
    )
    shown = {**said, "alt": "Three bollards"}
    assert "no picture we can open" in client.post(page, {**shown, "photo": photo(b"GIF89a...")}).content.decode()
    client.post(page, {**shown, "photo": photo(a_photo())})
    change = promise.changes.get(published_at=None)
    assert (change.width, change.height, change.alt) == (40, 30, "Three bollards")
    assert client.get(f"/promises/picture/{change.key}/").status_code == 404
    assert client.get(f"/staff/priorities/promises/{promise.ref}/picture/")["Content-Type"] == "image/jpeg"
    publish(promise, ground.supervisor)
    assert client.get(f"/promises/picture/{change.key}/")["Content-Type"] == "image/jpeg"
    assert "Three bollards" in client.get(f"/promises/{promise.ref}/").content.decode()


def test_the_message_says_the_public_words_and_stops_by_its_link(client, ground, raised):
    issue, one, _, bare = raised
    promise = make_promise(ground.ward, ground.officer, issue, publisher=ground.supervisor)
    change = say(promise, "kept", ground.supervisor, "We fined 12 drivers.")
    parts = PromiseRenderer().email(change.pk)
    assert parts.subject == "You said, we did"
    for words in ("Cars race at night.", "We check speed weekly.", "We fined 12 drivers."):
        assert words in parts.text
        assert words in parts.html
    assert "آپ" in PromiseRenderer().email(change.pk, "ur").text
    assert "We fined 12 drivers." in PromiseRenderer().text(change.pk)
    assert "We fined" in PromiseRenderer().voice(change.pk)
    assert PromiseRenderer().topic(change.pk).about == f"promise:{promise.ref}"
    told(change)
    send = PromiseTold.objects.get(change=change).send
    link = f"/promises/told/{tokens.make(send.pk, bare.pk)}/"
    page = client.get(link)
    assert "bare@home.example" not in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert Raiser.objects.filter(stopped_at__isnull=False).count() == 0
    client.post(link)
    assert queries.audience_of(promise).address_ids == []
    client.post(f"/promises/told/{tokens.make(send.pk, one.email_id)}/")
    assert one.pk not in queries.audience_of(promise).member_ids
    assert client.get(f"/promises/told/{'x' * 28}/").status_code == 404


def test_an_alert_is_drafted_from_it_in_one_press(client, ground):
    promise = make_promise(ground.ward, ground.officer, publisher=ground.supervisor)
    say(promise, "kept", ground.supervisor, "We fined 12 drivers.")
    sign_in(client, ground.officer)
    answer = client.post(f"/staff/priorities/promises/{promise.ref}/alert/")
    alert = Alert.objects.get()
    assert answer["Location"].endswith(f"/staff/alerts/{alert.ref}/edit/")
    assert (alert.title, alert.topic.slug) == ("You said, we did: Cars race at night.", "local-news")
    assert alert.doing == "We fined 12 drivers."
    assert alert.audience == {"clauses": [{"effect": "include", "kind": "areas", "values": ["W01"]}]}


def test_what_was_never_published_is_thrown_away_whole(client, ground):
    promise = make_promise(ground.ward, ground.officer)
    sign_in(client, ground.officer)
    asked = client.get(f"/staff/priorities/promises/{promise.ref}/discard/").content.decode()
    assert "Throw this promise away?" in asked
    assert Promise.objects.exists()
    client.post(f"/staff/priorities/promises/{promise.ref}/discard/")
    assert not Promise.objects.exists()


def test_a_promise_for_a_priority_begins_with_its_issues(client, ground, raised):
    issue = raised[0]
    priority = make_priority(ground.sector, ground.officer, issues=[issue])
    sign_in(client, ground.officer)
    page = client.get(f"/staff/priorities/promises/new/?priority={priority.ref}").content.decode()
    assert issue.words in page
    made = make_promise(ground.sector, ground.officer, issue, priority=priority)
    assert made.will_do in client.get(f"/staff/priorities/priority/{priority.ref}/").content.decode()


def test_queries_of_the_public_list_and_the_staff_list_do_not_grow(client, ground):
    make_promise(ground.ward, ground.officer, publisher=ground.supervisor)
    sign_in(client, ground.communications)
    for path in ("/promises/", "/staff/priorities/promises/"):
        client.get(path)
        with CaptureQueriesContext(connection) as few:
            client.get(path)
        for _ in range(4):
            make_promise(ground.near, ground.officer, publisher=ground.supervisor)
        with CaptureQueriesContext(connection) as many:
            client.get(path)
        assert len(many) == len(few), path
