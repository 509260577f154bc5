"""Every page under /staff/, for every role, with something in the person's area and something outside it: opened, or
not found, exactly as accounts.roles and the scope say.

A new page is found by itself. When its address names something (a reference, a number), say in EXAMPLES how that
something is made; until then the test fails and says so.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from peelian.accounts import middleware
from peelian.accounts.models import Staff, Team
from peelian.accounts.roles import FOR_THE_FORCE, PERMISSIONS, Role, allows
from peelian.accounts.tests.factories import make_area, make_staff, make_team, sign_in
from peelian.audit.door import WHOLE_FORCE
from peelian.core import clock
from peelian.places.models import Area

OPENED = {200, 302, 409}  # 409: the person may, a rule forbids it now (nobody approves their own)


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


@dataclass(frozen=True)
class Example:
    """How to make what an address names, given the team (and ward) it is to belong to. `scoped=False`: everybody who
    has the permission sees all of them. `posted`: what a form needs. `opened`: what a page that opens may answer."""

    make: Callable[[World, Team, Area], list[Any]]
    scoped: bool = True
    posted: dict[str, Any] = field(default_factory=dict)
    opened: frozenset[int] = frozenset(OPENED)


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


SAVED = Example(saved_text, scoped=False)
JARGON = Example(jargon, scoped=False)


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


STREET = Example(a_street)
REQUEST, HOLD = Example(a_request), Example(a_hold)


def a_campaign(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.members.tests.factories import make_campaign

    return [make_campaign(team=team, by=world.neighbour).pk]


CAMPAIGN = Example(a_campaign)


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


KEY = Example(a_key_individual)


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


def some_weights(world: World, team: Team, area: Area) -> list[Any]:
    from peelian.core import clock
    from peelian.insight.models import OverlayWeights

    given = {"weights": {}, "saved_at": clock.now()}
    return [OverlayWeights.objects.get_or_create(name="Watch week", defaults=given)[0].pk]


PAPER = Example(a_paper)
MEASURE, COMMENTARY = Example(a_measure, scoped=False), Example(a_commentary)
GROUP = Example(a_group)
LIMIT = Example(a_limit, scoped=False)
ASIDE = Example(a_message_kept_aside)
ALERT, THREAD, COLLEAGUE = Example(an_alert), Example(a_thread), Example(a_colleague)

# URL name → how to make what the address names. Addresses without a name in them need no example.
EXAMPLES: dict[str, Example] = {
    "accounts_staff:edit": COLLEAGUE,
    "accounts_staff:disable": COLLEAGUE,
    "accounts_staff:enable": COLLEAGUE,
    "accounts_staff:link": COLLEAGUE,
    "accounts_staff:team_edit": Example(a_team),
    "members_staff:campaign": CAMPAIGN,
    "members_staff:campaign_file": Example(lambda *given: [*a_campaign(*given), "qr.svg"]),
    "members_staff:campaign_end": CAMPAIGN,
    "members_staff:network_person": KEY,
    "members_staff:network_log": Example(a_key_individual, posted={"how": "met"}),
    "members_staff:network_edit": KEY,
    "members_staff:group": GROUP,
    "members_staff:group_edit": GROUP,
    "members_staff:group_end": GROUP,
    "members_staff:group_take_out": Example(somebody_in_a_group, posted={"why": "mistake"}),
    "members_staff:group_put_back": Example(somebody_taken_out),
    "members_staff:group_invite": GROUP,
    "insight_staff:engagement_area": Example(an_area),
    "insight_staff:engagement_team": Example(a_team),
    "insight_staff:measure": MEASURE,
    "insight_staff:measure_define": MEASURE,
    "insight_staff:measure_ask": MEASURE,
    "insight_staff:commentary": COMMENTARY,
    "insight_staff:outreach_plan": Example(a_plan_of_outreach),
    "insight_staff:outreach_plan_pdf": Example(a_plan_of_outreach),
    "insight_staff:outreach_record": Example(a_plan_of_outreach),
    "insight_staff:overlay_remove": Example(some_weights, scoped=False),
    "insight_staff:paper": PAPER,
    "insight_staff:paper_progress": PAPER,
    "insight_staff:paper_sign": PAPER,
    "insight_staff:paper_file": Example(lambda *given: [*a_paper(*given), "paper.pdf"]),
    "insight_staff:paper_accept": Example(a_finding, posted={"reason": "It does"}),
    "insight_staff:commentary_sign": COMMENTARY,
    "places_staff:detail": Example(an_area),
    "places_staff:population": Example(an_area),
    "members_staff:street": STREET,
    "members_staff:street_knock": STREET,
    "members_staff:street_later": STREET,
    "members_staff:street_finish": STREET,
    "members_staff:street_again": STREET,
    "members_staff:street_forget": Example(a_door),
    "members_staff:rights_request": REQUEST,
    "members_staff:rights_identity": REQUEST,
    "members_staff:rights_extend": REQUEST,
    "members_staff:rights_close": REQUEST,
    "members_staff:rights_copy": REQUEST,
    "members_staff:rights_correct": REQUEST,
    "members_staff:rights_erase": REQUEST,
    "members_staff:rights_restrict": REQUEST,
    "members_staff:hold_review": HOLD,
    "members_staff:hold_end": HOLD,
    "delivery_staff:free": Example(a_stopped_address),
    "delivery_staff:limit_change": LIMIT,
    "delivery_staff:limit_remove": LIMIT,
    "conversations_staff:thread": THREAD,
    "conversations_staff:answer": THREAD,
    "conversations_staff:translate": Example(a_message),
    "conversations_staff:close": THREAD,
    "conversations_staff:assign": THREAD,
    "conversations_staff:aside_one": ASIDE,
    "conversations_staff:aside_attach": ASIDE,
    "conversations_staff:aside_discard": ASIDE,
    "conversations_staff:whole": Example(an_email),
    "conversations_staff:file": Example(a_file_in_it),
    "alerts_staff:word": JARGON,
    "alerts_staff:saved_new": Example(lambda world, team, area: ["template"], scoped=False),
    "alerts_staff:saved_change": SAVED,
    "alerts_staff:saved_remove": SAVED,
    "alerts_staff:word_remove": JARGON,
    "conversations_staff:raised_seen": Example(a_raised_thread),
    "conversations_staff:insert": THREAD,
    "conversations_staff:reopen": Example(a_closed_thread),
    "conversations_staff:tags": THREAD,
    "conversations_staff:sensitive": THREAD,
    "conversations_staff:contact": THREAD,
    "conversations_staff:hand_over": THREAD,
    "conversations_staff:pass_on": THREAD,
    "conversations_staff:take_back": Example(a_thread_passed_on),
    "conversations_staff:receive": Example(a_thread_passed_on),
    "conversations_staff:saved_edit": Example(a_saved_answer),
    "conversations_staff:saved_remove": Example(a_saved_answer),
    "conversations_staff:desk": Example(a_team),
    "conversations_staff:duty_add_team": Example(a_team),
    "conversations_staff:duty_remove": Example(a_duty_contact),
    "conversations_staff:word_remove": Example(a_trigger, scoped=False),
    "alerts_staff:detail": ALERT,
    "alerts_staff:edit": ALERT,
    "alerts_staff:audience": ALERT,
    "alerts_staff:preview": ALERT,
    "alerts_staff:check": ALERT,
    "alerts_staff:approve": ALERT,
    "alerts_staff:send_back": ALERT,
    "alerts_staff:send": ALERT,
    "alerts_staff:schedule": ALERT,
    "alerts_staff:unschedule": ALERT,
    "alerts_staff:pause": ALERT,
    "alerts_staff:resume": ALERT,
    "alerts_staff:recall": ALERT,
    "alerts_staff:withdraw": ALERT,
    "alerts_staff:follow_up": ALERT,
    "alerts_staff:test": ALERT,
    "alerts_staff:progress": ALERT,
    "alerts_staff:enclosures": ALERT,
    "alerts_staff:enclosure_remove": Example(an_enclosure),
    "alerts_staff:social": ALERT,
    "alerts_staff:social_card": ALERT,
    "alerts_staff:autosave": ALERT,
    "alerts_staff:discard": ALERT,
    "alerts_staff:preview_email": ALERT,
    "alerts_staff:preview_page": ALERT,
    "alerts_staff:ask": ALERT,
    "alerts_staff:take_back": ALERT,
    "alerts_staff:outcome": ALERT,
    "alerts_staff:end_date": ALERT,
    "alerts_staff:languages": ALERT,
    "alerts_staff:language": Example(a_translation),
    "alerts_staff:language_remove": Example(a_translation),
    "alerts_staff:translation": Example(a_translation),
    "alerts_staff:translation_reject": Example(a_translation),
}

# Pages without a permission: allauth's own (the middleware's lists say who may open which) and the one-time link
WITHOUT_PERMISSION = {"accounts_staff:set_up"}
ALLAUTH = "staff/account/"


@dataclass(frozen=True)
class StaffUrl:
    name: str
    route: str
    view: Any

    @property
    def names_something(self) -> bool:
        return "<" in self.route or "(?P" in self.route


def walk(patterns: list[URLPattern | URLResolver], route: str = "", namespace: str = "") -> Iterator[StaffUrl]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, here, inner)
        elif here.startswith("staff/") or hasattr(pattern.callback, "permission"):
            yield StaffUrl(f"{namespace}{pattern.name}", here, pattern.callback)


ALL = list(walk(get_resolver().url_patterns))
OURS = [url for url in ALL if not url.route.startswith(ALLAUTH)]
GUARDED = [url for url in OURS if url.name not in WITHOUT_PERMISSION]
UNDER_STAFF = [
    url for url in GUARDED if url.route.startswith("staff/")
]  # the outbox is not, and only there in demo mode


@pytest.fixture
def world(db) -> World:
    inside, outside = make_area("W01", "Elm Bridge"), make_area("W02", "Castle Vale", at=1)
    team, other = make_team("Elm Bridge team", inside), make_team("Castle Vale team", outside)
    neighbour = make_staff(Role.OFFICER, inside, teams=[team])
    stranger = make_staff(Role.OFFICER, outside, teams=[other])
    found = World(inside, outside, team, other, neighbour, stranger)
    for role in Role.values:
        areas = [] if role in FOR_THE_FORCE else [inside]
        found.people[role] = make_staff(role, *areas, teams=[team])
    return found


def answer(person: Staff, url: StaffUrl, arguments: list[Any], posted: dict[str, Any]) -> int:
    """What the page answers to the person; a page that only takes forms is sent one. What it does is undone."""
    client = Client()
    sign_in(client, person)
    path = reverse(url.name, args=arguments)
    with transaction.atomic():
        status = client.get(path).status_code
        if status == 405:
            status = client.post(path, posted).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("url", UNDER_STAFF, ids=lambda url: url.name)
def test_every_staff_page_opens_for_the_right_people_only(world, url):
    permission = getattr(url.view, "permission", None)
    assert permission, f"{url.name} ({url.route}) has no permission: decorate its view with needs(…)."
    example = EXAMPLES.get(url.name)
    if example is None and url.names_something:
        pytest.fail(f"{url.name} ({url.route}) has no example: say in EXAMPLES how to make what its address names.")
    example = example or Example(lambda *_: [], scoped=False)
    near = example.make(world, world.team, world.inside)
    wrong = []
    for role, person in world.people.items():
        expected = example.opened if allows(role, permission) else {404}
        if (status := answer(person, url, near, example.posted)) not in expected:
            wrong.append(f"{role}, in their area: {status}, not {sorted(expected)}")
    if example.scoped:
        far = example.make(world, world.other_team, world.outside)
        for role, person in world.people.items():
            expected = example.opened if role in FOR_THE_FORCE and allows(role, permission) else {404}
            if (status := answer(person, url, far, example.posted)) not in expected:
                wrong.append(f"{role}, outside their area: {status}, not {sorted(expected)}")
    assert wrong == [], f"{url.name} ({permission})"


@pytest.mark.parametrize("role", sorted(FOR_THE_FORCE))
def test_somebody_with_areas_whose_role_has_none_opens_nothing_beyond_them(world, role):
    """Accounts like this are not made any more; there may be some from before."""
    person = make_staff(role, world.inside, teams=[world.team])
    for url in UNDER_STAFF:
        example = EXAMPLES.get(url.name) or Example(lambda *_: [], scoped=False)
        if url.view.permission in WHOLE_FORCE or example.scoped:
            with transaction.atomic():
                far = example.make(world, world.other_team, world.outside)
                assert answer(person, url, far, example.posted) == 404, f"{role}: {url.name}"
                transaction.set_rollback(True)


def test_the_roles_without_areas_are_those_that_see_what_no_area_cuts():
    assert {role for permission in WHOLE_FORCE for role in PERMISSIONS[permission]} == FOR_THE_FORCE


def test_the_list_of_areas_names_those_in_scope_only(world):
    for role, person in world.people.items():
        client = Client()
        sign_in(client, person)
        page = client.get(reverse("places_staff:list")).content.decode()
        assert "Elm Bridge" in page, role
        assert ("Castle Vale" in page) == (role in FOR_THE_FORCE), role


@pytest.mark.parametrize("url", GUARDED, ids=lambda url: url.name)
def test_nobody_comes_in_without_signing_in(client, db, url):
    arguments = ["x" if part.startswith(("str:", "slug:")) else 1 for part in url.route.split("<")[1:]]
    for response in (client.get(reverse(url.name, args=arguments)), client.post(reverse(url.name, args=arguments))):
        assert response.status_code in (302, 405), url.name
        assert response.status_code == 405 or response.url.startswith("/staff/account/login/?next=")


def test_every_permission_that_a_view_names_is_in_the_table():
    assert {url.view.permission for url in GUARDED if hasattr(url.view, "permission")} <= set(PERMISSIONS)


def test_of_allauths_pages_only_the_listed_ones_open(client, db):
    listed = middleware.OPEN | middleware.SETTING_UP | middleware.OWN_SIGN_IN
    assert listed - {url.name for url in ALL} == set(), "the lists in accounts.middleware name pages that do not exist"
    sign_in(client, make_staff())
    for url in ALL:
        if url.route.startswith(ALLAUTH) and url.name not in listed and not url.names_something:
            assert client.get(reverse(url.name)).status_code == 404, url.name
