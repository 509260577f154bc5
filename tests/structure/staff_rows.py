"""How to make what the addresses of staff pages name: a row in a team's area, or in another's."""

from dataclasses import dataclass, field
from typing import Any

from peelian.accounts.models import Staff, Team
from peelian.core import clock
from peelian.places.models import Area


@dataclass
class World:
    """A ward in which all the people of the test work, save those whose role has no areas; another next to it, and a
    team and somebody in each."""

    inside: Area
    outside: Area
    team: Team
    other_team: Team
    neighbour: Staff
    stranger: Staff
    people: dict[str, Staff] = field(default_factory=dict)


def a_colleague(world: World, team: Team, area: Area) -> list[Any]:
    return [world.neighbour.pk if area == world.inside else world.stranger.pk]


def a_team(world: World, team: Team, area: Area) -> list[Any]:
    return [team.slug]


def an_area(world: World, team: Team, area: Area) -> list[Any]:
    return [area.code]


def a_thread(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.conversations.tests.factories import make_address, make_thread

    return [make_thread(team, make_address(f"{area.code.lower()}@home.example")).pk]


def a_message(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.conversations.models import Message

    return [Message.objects.get(thread=a_thread(world, team, area)[0]).pk]


def a_message_kept_aside(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.conversations.models import Inbound
    from peelian.core import clock

    given = {"way": 1, "state": "aside", "key": area.code, "team": team, "size": 0, "received_at": clock.now()}
    return [Inbound.objects.get_or_create(key=area.code, defaults=given)[0].pk]


def an_issue(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.priorities.models import Issue

    row = {"words": "Cars race at night.", "area": area, "first_raised": clock.today(), "made_at": clock.now()}
    return [Issue.objects.get_or_create(ref=f"iss{area.code.lower()}", defaults=row)[0].ref]


def a_merged_issue(world: World, team: Team, area: Area) -> list[Any]:
    """The one that went, which can be undone."""
    from peelian.priorities.models import Issue, Merge

    kept = Issue.objects.get(ref=an_issue(world, team, area)[0])
    row = {"words": "Cars race.", "area": area, "first_raised": clock.today(), "made_at": clock.now()}
    gone, made = Issue.objects.get_or_create(ref=f"gon{area.code.lower()}", defaults={**row, "merged_into": kept})
    if made:
        Merge.objects.create(kept=kept, gone=gone, moved=[gone.pk], at=clock.now())
    return [gone.ref]


def a_priority(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.priorities.models import Priority

    row = {"sector": area, "title": "Racing cars", "source": "community", "proposed_at": clock.now()}
    return [Priority.objects.get_or_create(ref=f"pri{area.code.lower()}", defaults=row)[0].ref]


def a_list(world: World, team: Team, area: Area) -> list[Any]:
    return [area.pk]


def a_promise(world: World, team: Team, area: Area) -> list[Any]:
    """One that is public."""
    from peelian.priorities.models import Promise

    owner = world.neighbour if area == world.inside else world.stranger
    day, now = clock.today(), clock.now()
    row = {
        "area": area, "said": "Cars race.", "channel": "By phone", "will_do": "We check.", "due_on": day, "team": team,
        "first_due_on": day, "state": "open", "owner": owner, "made_at": now, "published_at": now, "changed_at": now,
    }  # fmt: skip
    return [Promise.objects.get_or_create(ref=f"pro{area.code.lower()}", defaults=row)[0].ref]


def a_waiting_change(world: World, team: Team, area: Area) -> list[Any]:
    """The promise, about which something waits to be published, with a picture."""
    from peelian.core import files
    from peelian.priorities.models import Promise, PromiseChange

    promise = Promise.objects.get(ref=a_promise(world, team, area)[0])
    shown = {"picture": files.keep(b"x", "image/png"), "key": "x", "alt": "A bollard", "width": 1, "height": 1}
    row = {"what": "kept", "text": "Done.", "written_by": promise.owner, "written_at": clock.now(), **shown}
    PromiseChange.objects.get_or_create(promise=promise, published_at=None, defaults=row)
    return [promise.ref]


def a_paper_of_a_promise(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.core import files
    from peelian.priorities.models import PromiseChange, PromisePaper

    ref = a_waiting_change(world, team, area)[0]
    change = PromiseChange.objects.get(promise__ref=ref, published_at=None)
    row = {"file": files.keep(b"%PDF-1.7", "application/pdf"), "state": "shown", "title": "Checks", "key": f"k{ref}"}
    PromisePaper.objects.get_or_create(change=change, defaults=row)
    return [ref, change.pk]


def a_problem_profile(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.priorities.models import Priority, Profile

    priority = Priority.objects.get(ref=a_priority(world, team, area)[0])
    row = {"owner": world.neighbour, "objectives": "Fewer.", "review_on": clock.today(), "opened_on": clock.today()}
    Profile.objects.get_or_create(priority=priority, defaults=row)
    return [priority.ref]


def a_task_of_a_profile(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.priorities.models import Profile

    ref = a_problem_profile(world, team, area)[0]
    row = {"what": "Check", "who": "PCSO", "due_on": clock.today()}
    return [ref, Profile.objects.get(priority__ref=ref).tasks.get_or_create(what="Check", defaults=row)[0].pk]


def a_measure_of_a_profile(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.priorities.models import Profile

    ref = a_problem_profile(world, team, area)[0]
    row = {"kind": "output", "baseline": 1, "baseline_of": "May", "target": 2}
    return [ref, Profile.objects.get(priority__ref=ref).measures.get_or_create(name="Checks", defaults=row)[0].pk]


def an_email(world: World, team: Team, area: Area) -> list[Any]:
    """A conversation and the message in it that came by email."""
    from peelian.conversations.models import Inbound, Thread
    from peelian.core import clock

    thread = Thread.objects.get(pk=a_thread(world, team, area)[0])
    message = thread.messages.get()
    given = {"way": 1, "state": "taken", "message": message, "size": 0, "received_at": clock.now()}
    Inbound.objects.create(key=f"{area.code}-{message.pk}", **given)
    return [thread.pk, message.pk]


def a_file_in_it(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.conversations.models import Attachment, Inbound
    from peelian.core import files

    thread, message = an_email(world, team, area)
    file = files.keep(b"a note", "text/plain")
    inbound = Inbound.objects.get(message=message)
    row = Attachment.objects.create(inbound=inbound, number=0, name="note.txt", state="shown", size=6, file=file)
    return [thread, row.pk]


def a_raised_thread(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.conversations.models import Raised
    from peelian.core import clock

    (thread,) = a_thread(world, team, area)
    return [Raised.objects.create(thread_id=thread, why="words", at=clock.now()).pk]


def a_saved_answer(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.conversations.models import SavedAnswer

    return [SavedAnswer.objects.create(team=team, title="Parking", text="Thank you. [street]").pk]


def a_duty_contact(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.contacts.models import Address
    from peelian.conversations.models import DutyContact

    address, _ = Address.objects.get_or_create(kind=1, value="duty@heartshire.example")
    return [DutyContact.objects.create(team=team, name="Control room", address=address).pk]


def a_trigger(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.conversations.models import Trigger

    return [Trigger.objects.get_or_create(language="en", words="weapon")[0].pk]


def a_thread_passed_on(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.conversations.models import PassedOn
    from peelian.core import clock

    (thread,) = a_thread(world, team, area)
    by = world.neighbour if area == world.inside else world.stranger
    PassedOn.objects.create(thread_id=thread, asked_by=by, asked_at=clock.now(), receiver=by)
    return [thread]


def a_closed_thread(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.conversations.models import Thread

    (thread,) = a_thread(world, team, area)
    given = {"state": "closed", "closed_reason": "Done.", "waiting_since": None, "due_at": None}
    Thread.objects.filter(pk=thread).update(**given)
    return [thread]


def an_alert(world: World, team: Team, area: Area) -> list[Any]:
    """A draft by somebody of the team that the test does not sign in as."""
    from peelian.alerts.models import Alert

    author = world.neighbour if area == world.inside else world.stranger
    written = {"title": "Vans broken into", "happening": "Six vans.", "doing": "Patrols.", "can_do": "Call 101."}
    clauses = {"clauses": [{"effect": "include", "kind": "areas", "values": [area.code]}]}
    ref = f"{area.code.lower()}abc"
    return [Alert.objects.create(ref=ref, team=team, author=author, audience=clauses, **written).ref]


def a_translation(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.alerts.models import Alert, Translation
    from peelian.core import clock

    ref = an_alert(world, team, area)[0]
    alert = Alert.objects.get(ref=ref)
    Translation.objects.create(alert=alert, language="ur", state="machine", title="وین", made_at=clock.now())
    return [ref, "ur"]


def a_stopped_address(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.contacts.models import Address
    from peelian.core import clock
    from peelian.members.tests.factories import make_member

    member = make_member(f"{area.code.lower()}@home.example", mobile=None)
    type(member).objects.filter(pk=member.pk).update(area=area)
    Address.objects.filter(pk=member.email_id).update(suppression="bounced", suppressed_at=clock.now())
    return [member.email_id]


def a_resident(area: Area) -> Any:
    from peelian.members.tests.factories import make_member

    member = make_member(f"{area.code.lower()}@home.example")
    type(member).objects.filter(pk=member.pk).update(area=area)
    return member


def a_request(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.members.models import RightsRequest

    day = clock.today()
    made = {"asked_by": "The person", "how": "letter", "received_on": day, "due_on": day, "identity_check": "Passport"}
    return [RightsRequest.objects.create(kind="access", member=a_resident(area), **made).pk]


def a_hold(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.members.models import LegalHold

    day = clock.today()
    return [LegalHold.objects.create(member=a_resident(area), reason="Case 7", begun_on=day, review_on=day).pk]


def a_limit(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.delivery.models import Limit

    return [Limit.objects.get_or_create(mail_domain=f"{area.code.lower()}.example", per_day=100)[0].pk]


def jargon(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.alerts.models import Jargon

    return [Jargon.objects.get_or_create(words=f"RTC{area.code}", instead="“a crash”")[0].pk]


def saved_text(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.alerts.models import SavedText

    return [SavedText.objects.get_or_create(kind="template", name=area.code)[0].pk]


def an_enclosure(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.alerts.models import Alert, Enclosure
    from peelian.core import files

    [ref] = an_alert(world, team, area)
    file = files.keep(b"%PDF-1.7 " + ref.encode(), "application/pdf")
    given = {"file": file, "kind": "paper", "title": "Paper", "days": 7}
    return [ref, Enclosure.objects.create(alert=Alert.objects.get(ref=ref), key=f"key{ref}", **given).key]


def a_street(world: World, team: Team, area: Area) -> list[Any]:
    """On the list of the area's team, whoever looks after it."""
    from peelian.core import clock
    from peelian.members.models import Street

    where = {"postcode": "AB12CD", "longitude": -18_950_000, "latitude": 524_050_000}
    found, _ = Street.objects.get_or_create(team=team, name="Elm Grove", defaults={"added_on": clock.today(), **where})
    return [found.pk]


def a_door(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.members.models import Door

    street = a_street(world, team, area)
    return [*street, Door.objects.get_or_create(street_id=street[0], number="12")[0].pk]


def a_campaign(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.members.tests.factories import make_campaign

    return [make_campaign(team=team, by=world.neighbour).pk]


def a_group(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.members.models import Group

    found = Group.objects.get_or_create(slug=f"group-{area.code.lower()}", defaults={"team": team, "open": False})
    return [found[0].pk]


def somebody_in_a_group(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.members.models import GroupMembership, Member
    from peelian.members.tests.factories import make_member

    (group,) = a_group(world, team, area)
    member = make_member(f"in-{area.code.lower()}-{Member.objects.count()}@home.example")
    Member.objects.filter(pk=member.pk).update(area=area)
    GroupMembership.objects.create(group_id=group, member=member)
    return [group, member.pk]


def somebody_taken_out(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.core import clock
    from peelian.members import queries
    from peelian.members.models import GroupInvitation

    group, member = somebody_in_a_group(world, team, area)
    now = clock.now()
    said = {"answered_at": now, "accepted": True, "withdrawn_at": now, "removed_why": "mistake"}
    invitation = GroupInvitation.objects.create(
        group_id=group, member_id=member, wording=queries.wording("group"), invited_at=now, **said
    )
    invitation.group.memberships.filter(member=member).delete()
    return [group, invitation.pk]


def a_key_individual(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.members import actions
    from peelian.members.models import KeyIndividual
    from peelian.members.tests.factories import make_member

    member = make_member(f"key-{area.code.lower()}@home.example")
    type(member).objects.filter(pk=member.pk).update(area=area)
    given = {"name": "Network", "team": team, "open": False, "network": True}
    network = actions.make_group(by=world.neighbour, **given)
    known = {"community": "Choir", "role": "Leads it"}
    invitation = actions.invite(group=network, member=member, by=world.neighbour, **known)
    actions.answer_invitation(invitation=invitation, yes=True, by=actions.MemberActor(member.pk))
    return [KeyIndividual.objects.get(member=member).pk]


def a_measure(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.insight.models import Measure

    if not Measure.objects.filter(code="burglary").exists():
        from peelian.insight.measures.tests.factories import make_measure

        make_measure("burglary")
    return ["burglary"]


def a_commentary(world: World, team: Team, area: Area) -> list[Any]:
    """Written by somebody that the test does not sign in as."""
    from peelian.core import clock
    from peelian.core.periods import Period
    from peelian.insight.models import Commentary, Measure

    measure = Measure.objects.get(code=a_measure(world, team, area)[0])
    period = Period.parse("2018-09")
    given = {"kind": "commentary", "measure": measure, "area": area, "start": period.start, "end": period.end}
    due = {"author": world.neighbour, "due_on": period.after, "text": "It fell.", "written_at": clock.now()}
    return [Commentary.objects.create(**given, **due).pk]


def a_paper(world: World, team: Team, area: Area) -> list[Any]:
    """Made for somebody that the test does not sign in as."""
    from peelian.core import clock, files
    from peelian.core.periods import Period
    from peelian.insight.models import BoardPaper

    period = Period.parse("2018-09")
    kept = {"html": files.keep(b"<p>", "text/html"), "pdf": files.keep(b"%PDF-", "application/pdf")}
    given = {"start": period.start, "end": period.end, "made_by": world.neighbour, "data": {}, "made_at": clock.now()}
    row = BoardPaper.objects.create(state="waiting", **given, **kept)
    row.areas.set([area])
    return [row.pk]


def a_finding(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.insight.models import PaperFinding

    (paper,) = a_paper(world, team, area)
    return [paper, PaperFinding.objects.create(paper_id=paper, place="line 1", kind="direction", why="It fell.").pk]


def a_plan_of_outreach(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.core import clock
    from peelian.insight.models import OutreachPlan

    given = {"team": team, "area": area, "day": clock.today(), "source": "door", "topic": "sex"}
    return [OutreachPlan.objects.create(**given, session_hours=2.0, made_at=clock.now()).pk]


def a_shape_of_outreach(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.core import clock
    from peelian.insight.models import OutreachShape

    row, _ = OutreachShape.objects.get_or_create(
        name="The estate", team=team, defaults={"geometry": area.outline, "drawn_at": clock.now()}
    )
    return [row.pk]


def some_weights(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.core import clock
    from peelian.insight.models import OverlayWeights

    given = {"weights": {}, "saved_at": clock.now()}
    return [OverlayWeights.objects.get_or_create(name="Watch week", defaults=given)[0].pk]


def a_token(world: World, team: Team, area: Area) -> list[Any]:
    """For somebody of the team, who belongs to the area's administrators."""
    from datetime import timedelta

    from peelian.accounts.roles import Role
    from peelian.accounts.tests.factories import make_staff
    from peelian.api import actions
    from peelian.core import clock

    person = make_staff(Role.OFFICER, area, teams=[team])
    given = {"name": "A token", "scopes": ["alerts:read"], "expires_on": clock.today() + timedelta(days=1)}
    token, _ = actions.make_token(staff=person, by=person, **given)
    return [token.pk]


def an_event(world: World, team: Team, area: Area) -> list[Any]:
    """To come, and published."""
    from peelian.events.tests.factories import make_event

    return [make_event(team, area).ref]


def somebody_named(world: World, team: Team, area: Area) -> list[Any]:
    """An event that is over, and somebody who agreed to be named."""
    ref, event = _an_event_that_is_over(team, area)
    return [ref, event.attendees.create(name="Ann", wording="We keep it.", at=clock.now()).pk]


def something_raised(world: World, team: Team, area: Area) -> list[Any]:
    ref, event = _an_event_that_is_over(team, area)
    return [ref, event.raised.create(said="Bins on fire", area=area, at=clock.now()).pk]


def an_action_to_do(world: World, team: Team, area: Area) -> list[Any]:
    ref, event = _an_event_that_is_over(team, area)
    return [ref, event.actions.create(text="Ask the council", partner="Council", due_on=clock.today()).pk]


def _an_event_that_is_over(team: Team, area: Area) -> tuple[str, Any]:
    from datetime import timedelta

    from peelian.events.tests.factories import make_event

    over = clock.now() - timedelta(days=1)
    event = make_event(team, area, starts_at=over, ends_at=over + timedelta(hours=1))
    return event.ref, event


def a_webhook(world: World, team: Team, area: Area) -> list[Any]:
    """Of an administrator of the area, with something it was told."""
    from peelian.accounts.roles import Role
    from peelian.accounts.tests.factories import make_staff
    from peelian.api import actions

    given = {"name": "A webhook", "url": "https://hooks.example/", "kinds": ["alert.sent"]}
    webhook, _ = actions.make_webhook(by=make_staff(Role.ADMINISTRATOR, area), **given)
    return [webhook.pk]


def something_told(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.api.models import Webhook
    from peelian.api.webhooks import happening
    from peelian.core import clock

    (pk,) = a_webhook(world, team, area)
    webhook = Webhook.objects.get(pk=pk)
    happening.note("test", str(pk), {}, at=clock.now(), team_id=None, among=[webhook])
    return [pk, webhook.tellings.get().pk]


def a_talk(world: World, team: Team, area: Area) -> list[Any]:
    """Logged by somebody of the team."""
    from peelian.events import actions

    by = world.neighbour if team == world.team else world.stranger
    return [actions.log_contact(by=by, team=team, kind="talk", size="1", area=area).pk]


def a_survey(world: World, team: Team, area: Area, **fields: Any) -> list[Any]:
    from peelian.surveys.tests.factories import make_survey

    author = world.neighbour if team == world.team else world.stranger
    return [make_survey(team=team, author=author, **{"state": "draft", **fields}).ref]


def a_survey_that_is_open(world: World, team: Team, area: Area) -> list[Any]:
    return a_survey(world, team, area, state="open")


def a_round_of_a_survey(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.surveys.doorstep import actions, listing
    from peelian.surveys.models import Survey

    (ref,) = a_survey_that_is_open(world, team, area)
    survey = Survey.objects.get(ref=ref)
    listed = listing.read("Elm Grove: 1, 2")
    made = actions.make_round(survey=survey, by=survey.author, name="March", listed=listed)
    return [ref, made.pk]


def a_street_of_a_round(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.surveys.models import RoundStreet

    return [RoundStreet.objects.get(round=a_round_of_a_survey(world, team, area)[1]).pk]


def a_comment_on_a_survey(world: World, team: Team, area: Area) -> list[Any]:
    from datetime import date

    from peelian.surveys.models import Answer, Comment, Survey

    (ref,) = a_survey_that_is_open(world, team, area)
    survey = Survey.objects.get(ref=ref)
    answer = Answer.objects.create(survey=survey, version_id=survey.live_id, day=date(2019, 5, 1), how="link")
    return [ref, Comment.objects.create(survey=survey, answer=answer, question="why", text="Too dark").pk]


def a_survey_and_its_page(world: World, team: Team, area: Area) -> list[Any]:
    return [*a_survey(world, team, area), "p1"]


def a_survey_and_its_question(world: World, team: Team, area: Area) -> list[Any]:
    return [*a_survey(world, team, area), "safe"]


def a_survey_in_urdu(world: World, team: Team, area: Area) -> list[Any]:
    return [*a_survey(world, team, area, languages=["ur"]), "ur"]


def a_web_page(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.website.tests.factories import make_page

    return [make_page(f"Page {area.code}").pk]


def a_picture_of_a_web_page(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.core import files
    from peelian.website.models import Page, Picture

    page = Page.objects.get(pk=a_web_page(world, team, area)[0])
    file = files.keep(b"\x89PNG", "image/png")
    key = f"key-{area.code}"
    Picture.objects.create(page=page, file=file, key=key, alt="A van", width=1, height=1)
    return [page.pk, key]


def an_invitation_to_a_survey(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.surveys.models import Survey

    (ref,) = a_survey_that_is_open(world, team, area)
    survey = Survey.objects.get(ref=ref)
    stored = {"clauses": [{"effect": "include", "kind": "areas", "values": [area.code]}]}
    return [ref, survey.mailings.create(by=survey.author, audience=stored).pk]


def a_list_of_a_survey(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.surveys.frames.tests.factories import bring_in, row
    from peelian.surveys.models import Survey

    (ref,) = a_survey_that_is_open(world, team, area)
    return [ref, bring_in(Survey.objects.get(ref=ref), [row() for _ in range(12)]).frame.pk]


def a_profile(world: World, team: Team, area: Area) -> list[Any]:
    """With one version."""
    from peelian.events import actions

    by = world.neighbour if team == world.team else world.stranger
    profile = actions.begin_profile(area=area, by=by)
    texts = {"people": "About 9,000", "aims": "Hear from tenants"}
    if not profile.versions.exists():
        actions.finish_profile(profile=profile, edit=0, texts=texts, owner=by, by=by)
    return [area.code]


def a_cafe(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.events.tests.factories import make_event

    return [make_event(team, area, kind="cafe").ref]


def a_note_of_a_cafe(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.events.models import CafeNote, Event

    event = Event.objects.get(ref=a_cafe(world, team, area)[0])
    table = event.tables.create(number=1, host="PCSO", key=event.ref)
    question = event.rounds.create(number=1, question="What would you change?")
    return [event.ref, CafeNote.objects.create(round=question, table=table, said="Light", at=clock.now()).pk]


def an_insight_of_a_cafe(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.events.models import Event

    event = Event.objects.get(ref=a_cafe(world, team, area)[0])
    return [event.ref, event.insights.create(learned="Light matters").pk]
