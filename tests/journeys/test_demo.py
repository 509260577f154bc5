"""The demonstration force: the same from the same seed, nobody real in it, and never taken for a real installation."""

from __future__ import annotations

import csv
import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import shapely
from django.db import connection, transaction
from django.db.models import Count

from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.alerts import audience
from peelian.alerts.models import Alert, SavedText
from peelian.audit import queries as audit
from peelian.audit.models import Event
from peelian.config.demo import filling, names, staff
from peelian.contacts.models import Address
from peelian.conversations import queries as conversations
from peelian.conversations import triggers
from peelian.conversations.models import Message
from peelian.core import clock, installation
from peelian.core.periods import Period, last_whole_month
from peelian.core.postgres import Cluster
from peelian.core.testing.prepared import copy_home
from peelian.delivery.models import Send, State
from peelian.insight.crime import queries as crime
from peelian.members import queries as members
from peelian.members import queries_network, queries_sources
from peelian.members.categories import DISABILITY, ETHNIC_GROUP, LANGUAGES, SEX
from peelian.members.models import Campaign, EqualityAnswers, Group, GroupInvitation, Member, Topic
from peelian.places import queries as places
from peelian.places.models import Area, Postcode
from peelian.surveys import reading, reminding
from peelian.surveys.actions.mailing import RENDERERS
from peelian.surveys.frames import comparing, keeping
from peelian.surveys.frames.models import Frame
from peelian.surveys.models import Answered, Survey

MEMBERS = 800
# What a seed decides, table by table; never what a clock decides (passwords are salted, audit ids go on counting)
FACTS = {
    "places_area": "kind, code, name, boundary, by_membership, parent_id IS NULL",
    "places_postcode": "code, longitude, latitude",
    "contacts_address": "id, kind, value, suppression",
    "members_member": "id, first_name, last_name, email_id, mobile_id, landline_id, street_address, postcode,"
    " longitude, latitude, cell, language, interests, channels, organisations, promotion, young, source, joined_on,"
    " confirmed_at",
    "members_equalityanswers": "member_id, birth_year, sex, ethnic_group, disability",
    "members_campaign": "code, kind, name, starts, ends, created_at",
    "members_sourcetally": "source, month, campaign_id IS NULL, joined, confirmed, measured, stayed",
    "members_groupinvitation": "member_id, community, role, invited_at, accepted",
    "members_place": "member_id, label, postcode, longitude, latitude",
    "places_population": "area_id - (SELECT min(id) FROM places_area), category, people, rank, score",
    "insight_crimepoint": "kind, longitude, latitude, n",
    "accounts_staff": "email, name, job_title, role, show_name",
    "accounts_team": "slug, name",
    "alerts_alert": "id, ref, title, happening, doing, can_do, audience, state, relation, people, sent_at, created_at",
    "delivery": "send_id, address_id, member_id, channel, state, reason",
    "delivery_tally": "send_id, channel, state, n",
    "alerts_rating": "alert_id, address_id, value, at",
    "alerts_response": "alert_id, kind, n",
    "conversations_thread": "id, address_id, about, state, opened_at",
    "conversations_message": "thread_id, how, text, at",
    "surveys_survey": "ref, title, wave, state, opened_on",
    "surveys_answer": "id, day, how, answers::text",
    "surveys_comment": "answer_id, question, text",
}


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[filling.Filled]:
    """A small demonstration force for the tests of this file, taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield filling.fill(members=MEMBERS, seed=7)
        transaction.set_rollback(True)


def facts() -> dict[str, str]:
    """A digest of each table's facts."""
    found = {}
    with connection.cursor() as cursor:
        for table, columns in FACTS.items():
            cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {columns}")
            rows = [
                [bytes(cell) if isinstance(cell, memoryview) else cell for cell in row] for row in cursor.fetchall()
            ]
            assert rows, f"{table} is empty"
            found[table] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


def made(seed: int) -> dict[str, str]:
    """The facts of a force that is taken back at once."""
    with transaction.atomic():
        filling.fill(members=300, seed=seed)
        found = facts()
        transaction.set_rollback(True)
    return found


# The seed -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_force_and_another_seed_another() -> None:
    first = made(3)
    assert made(3) == first
    other = made(4)
    assert [table for table in FACTS if other[table] == first[table]] == []


def test_a_year_of_surveys_says_what_the_force_has_heard(demo: filling.Filled, db: None) -> None:
    waves = Survey.objects.filter(title="How are we doing?").order_by("wave")
    assert [(one.wave, one.state) for one in waves] == [(1, "closed"), (2, "closed"), (3, "closed"), (4, "draft")]
    for survey in Survey.objects.filter(pulse=None).exclude(state="draft"):  # whose marks go with each round
        assert reading.problems_of(survey.live.definition) == []
        answered = Answered.objects.filter(survey=survey).count()
        assert answered == survey.answers.count() >= 10
        assert not survey.is_anonymous or not survey.answers.exclude(member=None, area=None, language="").exists()


def test_a_list_of_victims_was_asked_reminded_and_answered(demo: filling.Filled, db: None) -> None:
    frame = Frame.objects.select_related("survey").get()
    survey, people = frame.survey, keeping.people_of(frame)
    assert (frame.people, people.count()) == (60, 60)
    assert keeping.deleted_by(frame) > clock.today()
    assert [one.title[:13] for one in comparing.against_the_list(survey)] == [
        "Type of crime",
        "Area: how man",
        "Month of the ",
    ]
    due = reminding.due_now(survey, reminding.sent(survey, frame), frame)
    assert due is not None
    assert (due.invited, due.answered) == (60, survey.answers.count())
    assert Frame.objects.exclude(by__is_demo=True).count() == 0


# The ground -----------------------------------------------------------------------------------------------------------


def test_the_wards_tile_the_force_exactly(demo: filling.Filled, db: None) -> None:
    shapes = [places.shape(ward) for ward in places.current_areas("ward")]
    assert len(shapes) == 60
    assert bool(shapely.coverage_is_valid(shapes))
    force = places.shape(places.force())
    assert shapely.union_all(shapes).symmetric_difference(force).area == 0
    assert force.geom_type == "Polygon"
    assert len(force.interiors) == 0


def test_sectors_and_policing_areas_are_made_of_wards_and_impact_areas_are_not(demo: filling.Filled, db: None) -> None:
    kinds = dict(Area.objects.values_list("kind").annotate(Count("pk")))
    assert kinds == {"force": 1, "policing-area": 3, "sector": 9, "ward": 60, "impact-area": 2, "small-area": 240}
    outside_the_tree = set(Area.objects.filter(by_membership=False).values_list("kind", flat=True))
    assert outside_the_tree == {"impact-area", "small-area"}
    one, other = (places.shape(area) for area in places.current_areas("impact-area"))
    assert one.intersection(other).area > 0
    crossed = [ward for ward in places.current_areas("ward") if places.shape(ward).intersects(one)]
    assert len(crossed) > 1


def test_every_ward_has_an_invented_name_and_one_has_60_characters(demo: filling.Filled, db: None) -> None:
    called = list(places.current_areas("ward").values_list("name", flat=True))
    assert len(set(called)) == 60
    assert max(map(len, called)) == 60
    profile = Path(os.environ["PEELIAN_TEST_DATA"]) / "census" / "DERIVED_ward_profile.csv"
    if profile.exists():
        with profile.open(encoding="utf-8") as file:
            assert {row["ward_name"] for row in csv.DictReader(file)} & set(called) == set()


def test_postcodes_are_of_an_area_that_no_real_one_has(demo: filling.Filled, db: None) -> None:
    codes = list(Postcode.objects.values_list("code", flat=True))
    assert len(codes) > 2_000
    assert [code for code in codes if not re.fullmatch(r"ZY\d\d[ABD-HJLNP-UW-Z]{2}", code)] == []


# Who lives there -----------------------------------------------------------------------------------------------------


def test_more_people_live_there_than_are_members_whatever_they_are_asked(demo: filling.Filled, db: None) -> None:
    answered = EqualityAnswers.objects.exclude(ethnic_group="").values_list("member__area_id", "ethnic_group")
    members = Counter(answered)
    for (area_id, group), n in members.items():
        if area_id:
            assert places.population(area_id, "ethnic-group-19").people(group) > n
    force = places.force()
    totals = {topic.code: places.population(force.pk, topic.code).total for topic in places.topics()}
    homes = totals.pop("households")
    assert len(set(totals.values())) == 1
    assert totals["sex"] / 3 < homes < totals["sex"] / 2
    assert {topic.source for topic in places.topics()} == {"Invented for the demonstration"}


def test_the_wards_population_is_known_and_little_of_it_an_estimate(demo: filling.Filled, db: None) -> None:
    wards = places.populations([ward.pk for ward in places.current_areas("ward")], "age")
    assert len(wards) == 60
    assert max(people.estimated for people in wards.values()) < 0.01
    assert all(people.covered > 0.999 for people in wards.values())
    impact = [places.population(area.pk, "sex") for area in places.current_areas("impact-area")]
    assert all(people.total > 1_000 and people.estimated > 0 for people in impact)


def test_crime_of_two_years_concentrates_in_the_impact_areas(demo: filling.Filled, db: None) -> None:
    month = last_whole_month(clock.today())
    months = Period(clock.months_after(month.start, -24), month.end)
    assert crime.crime_counts(None, None, months).total > 20_000
    assert crime.neighbourhood_crime(None, month).total > 100
    found = crime.impact([area.pk for area in places.current_areas("impact-area")], None, months)
    assert found.times > 1.5


# Nobody real ----------------------------------------------------------------------------------------------------------


def test_addresses_are_nobodys(demo: filling.Filled, db: None) -> None:
    patterns = {
        Address.Kind.EMAIL: r"[a-z]+(\.[a-z]+)?\.\d+@[a-z-]+\.example",
        Address.Kind.MOBILE: r"\+447700900\d{3}",
        Address.Kind.LANDLINE: r"\+441632960\d{3}",
    }
    seen = set()
    for kind, value in Address.objects.values_list("kind", "value"):
        seen.add(kind)
        assert re.fullmatch(patterns[Address.Kind(kind)], value), value
    assert seen == set(patterns)
    emails = list(Staff.objects.values_list("email", flat=True))
    assert all(email.endswith("@heartshire.example") for email in emails)


def test_every_name_is_from_the_invented_lists(demo: filling.Filled, db: None) -> None:
    first = {name for pool in names.FIRST_NAMES.values() for name in pool}
    for pair in Member.objects.values_list("first_name", "last_name"):
        assert pair == ("", "") or (pair[0] in first and pair[1] in names.LAST_NAMES)
    for name in Staff.objects.values_list("name", flat=True):
        assert name.split(" ", 1)[0] in first
        assert name.split(" ", 1)[1] in names.LAST_NAMES


# The people -----------------------------------------------------------------------------------------------------------


def test_members_differ_as_residents_do(demo: filling.Filled, db: None) -> None:
    members = Member.objects.all()
    assert members.count() == MEMBERS
    assert members.filter(email=None, landline=None, mobile__isnull=False).exists()
    assert members.filter(email=None, mobile=None, landline__isnull=False).exists()
    assert members.filter(confirmed_at=None).exists()
    assert members.filter(cell=None, postcode="").exists()
    assert members.filter(email__suppression="bounced").exists()
    assert members.filter(places__isnull=False).exists()
    assert members.exclude(interests=-1).exists()
    shared = (
        members.values("email", "longitude", "latitude").exclude(email=None).annotate(n=Count("pk")).filter(n__gt=1)
    )
    assert shared.exists()
    assert set(members.values_list("language", flat=True)) <= set(LANGUAGES)


def test_equality_answers_use_the_census_words_and_minors_gave_none(demo: filling.Filled, db: None) -> None:
    answers = EqualityAnswers.objects.values_list("sex", "ethnic_group", "disability")
    for sex, ethnic_group, disability in answers:
        assert sex in {"", *SEX}
        assert ethnic_group in {"", *ETHNIC_GROUP}
        assert disability in {"", *DISABILITY}
    assert answers.count() > MEMBERS / 2
    assert not EqualityAnswers.objects.filter(member__young=True).exists()


def test_staff_have_every_role_and_one_password(demo: filling.Filled, db: None) -> None:
    assert set(Staff.objects.values_list("role", flat=True)) == set(Role.values)
    assert not Staff.objects.filter(is_demo=False).exists()
    by_email = {email: (role, where) for email, role, where in demo.signs_in}
    officer = Staff.objects.get(email="pcso@heartshire.example")
    assert officer.check_password(staff.PASSWORD)
    assert [area.kind for area in officer.scope.all()] == ["ward"]
    assert by_email[officer.email][1] == officer.scope.get().name
    assert set(by_email) <= set(Staff.objects.values_list("email", flat=True))


# The year -------------------------------------------------------------------------------------------------------------


def test_a_year_of_alerts_of_every_type_and_state(demo: filling.Filled, db: None) -> None:
    assert Alert.objects.count() == demo.alerts > 400
    assert set(Alert.objects.values_list("topic__slug", flat=True)) == set(Topic.objects.values_list("slug", flat=True))
    states = dict(Alert.objects.values_list("state").annotate(Count("pk")))
    assert {"draft", "waiting", "scheduled", "sent", "recalled", "withdrawn"} == set(states)
    relations = dict(Alert.objects.values_list("relation").annotate(Count("pk")))
    assert (relations["update"], relations["correction"]) == (8, 2)
    for alert in Alert.objects.all():
        assert "{" not in f"{alert.title}{alert.happening}{alert.doing}{alert.can_do}"


def test_the_audiences_that_are_stored_can_be_read(demo: filling.Filled, db: None) -> None:
    for alert in Alert.objects.select_related("team__organisation", "topic"):
        audience.parse(alert.audience)
    waiting = Alert.objects.select_related("team__organisation", "topic").get(state="waiting")
    assert audience.forecast(waiting).people > 0


# What a tour shows ----------------------------------------------------------------------------------------------------


def test_how_people_joined_is_told_of_four_campaigns(demo: filling.Filled, db: None) -> None:
    sergeant, pcso = (Staff.objects.get(email=f"{name}@{staff.HOST}") for name in ("sergeant", "pcso"))
    campaigns = Campaign.objects.all()
    assert sorted(one.over for one in campaigns) == [False, False, False, True]
    assert len({one.team_id for one in campaigns}) == 2
    assert campaigns.filter(team__in=pcso.teams.all()).count() == 2
    found = queries_sources.counted_for(sergeant)
    numbers = queries_sources.tell(found.counts, found.parents)
    rows = [row for key, row in numbers.items() if key[0] == "campaign"]
    told = [(joined, confirmed) for joined, confirmed, *_ in rows if joined is not None]  # small numbers are not
    assert len(rows) > len(told) or sum(joined for joined, _ in told) == Member.objects.exclude(campaign=None).count()
    assert all(confirmed is None or joined > 2 * (joined - confirmed) for joined, confirmed in told)  # most did
    for member in Member.objects.exclude(campaign=None).select_related("campaign"):
        assert member.campaign is not None
        assert member.source == "web"
        assert member.campaign.starts <= member.joined_on <= (member.campaign.ends or clock.today())


def test_groups_are_looked_after_and_the_network_has_gaps(demo: filling.Filled, db: None) -> None:
    sergeant = Staff.objects.get(email=f"sergeant@{staff.HOST}")
    kept = Group.objects.filter(owner=sergeant).exclude(purpose="").exclude(review_on=None)
    assert sorted(kept.values_list("open", "network")) == [(False, False), (False, True), (True, False), (True, False)]
    keys = list(queries_network.keys_for(sergeant))
    assert len(keys) == 8
    assert [key.overdue for key in keys] == [True, *[False] * 7]
    for key in keys:
        assert key.invitation.accepted
        assert key.invitation.wording == members.wording("network")
        assert key.contacts.latest("on").on == key.last_contact
        assert key.group.memberships.filter(member=key.member).exists()
    coverage = queries_network.coverage_for(sergeant)
    assert len({key.member.area_id for key in keys}) == 2
    assert coverage.empty_wards == len(coverage.wards) - 2 > 0
    assert coverage.empty_communities == 1


def test_conversations_wait_and_answers_are_kept(demo: filling.Filled, db: None) -> None:
    pcso, sergeant = (Staff.objects.get(email=f"{name}@{staff.HOST}") for name in ("pcso", "sergeant"))
    waiting = list(conversations.waiting_for(pcso))
    assert len(waiting) >= 3
    assert [thread.due_at < clock.now() for thread in waiting if thread.due_at and not thread.about].count(True) == 1
    assert conversations.waiting_for(sergeant).count() > len(waiting)
    raised = conversations.raised_rows(sergeant)
    said = Message.objects.get(thread=raised[0].pk)
    assert triggers.found(said.text, "en", list(conversations.triggers()))
    assert conversations.saved_answers(pcso).count() == 3
    assert SavedText.objects.filter(kind=SavedText.Kind.TEMPLATE).count() >= 2


def test_the_ledger_adds_up(demo: filling.Filled, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id FROM delivery_send s"
            " WHERE s.renderer NOT LIKE 'surveys.%' AND"  # whose rows the demonstration leaves out
            " (s.recipients <> (SELECT count(*) FROM delivery d WHERE d.send_id = s.id)"
            " OR s.recipients <> (SELECT sum(n) FROM delivery_tally t WHERE t.send_id = s.id)"
            " OR s.recipients <> (SELECT sum(size) FROM delivery_batch b WHERE b.send_id = s.id))"
        )
        assert cursor.fetchall() == []
        # Ratings and replies only from those who were handed it
        for table in ("alerts_rating r", "conversations_thread r"):
            on = "r.alert_id = a.id" if "rating" in table else "r.about = 'alert:' || a.ref"
            cursor.execute(
                f"SELECT count(*), count(d.address_id) FROM {table} JOIN alerts_alert a ON {on} LEFT JOIN delivery d"
                " ON d.send_id = a.send_id AND d.address_id = r.address_id AND d.state = ANY(%s)",
                [[State.HANDED_OVER, State.DELIVERED]],
            )
            every, handed = cursor.fetchone()
            assert every == handed > 0
    assert set(Send.objects.values_list("renderer", flat=True).distinct()) == {"alerts.alert", *RENDERERS.values()}


def test_the_trail_is_sealed_and_the_database_marked(demo: filling.Filled, db: None) -> None:
    assert installation.is_demo()
    assert audit.verify() == []
    members = Member.objects.filter(source="web")
    told = dict(Event.objects.values_list("verb").annotate(Count("pk")))
    assert told["member.registered"] == members.count()
    assert told["member.confirmed"] == members.exclude(confirmed_at=None).count()
    assert told["group.accepted"] == GroupInvitation.objects.filter(accepted=True).count() > 0
    assert told["group.invited"] == GroupInvitation.objects.count()
    assert not Event.objects.filter(at__gt=clock.now()).exists()


# As processes ---------------------------------------------------------------------------------------------------------


def environment(home: Path, **settings: str) -> dict[str, str]:
    """Of a command on the database embedded in HOME, whichever one the tests themselves are using."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return kept | {"PEELIAN_HOME": str(home)} | settings


def run(home: Path, *words: object, demo: str = "") -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    done = subprocess.run(
        [sys.executable, "-m", "peelian.config.cli", *map(str, words)],
        env=environment(home, PEELIAN_DEMO=demo), capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    copy_home(tmp_path / "home")
    yield tmp_path / "home"
    assert run(tmp_path / "home", "stop")[0] == 0


def test_a_killed_demo_leaves_nothing_and_a_finished_one_is_not_filled_again(home: Path) -> None:
    kill_in_the_middle(home)

    code, said, told = run(home, "demo", "--members", 60)
    assert code == 0
    assert "a year of alerts" in told
    assert re.search(r"pcso@heartshire\.example +officer \(PCSO\) +\w", said)
    assert staff.PASSWORD in said

    code, said, problem = run(home, "demo", "--if-empty", "--members", 60)
    assert (code, problem) == (0, "")
    assert re.search(r"already\.\n(.|\n)*pcso@heartshire\.example +Officer +\w", said)
    assert "residents" not in said
    assert run(home, "migrate", "website", "zero")[0] == 0  # as an older version left it
    assert run(home, "web", "--port", 1, demo="1")[2].endswith("Run peelian migrate first.\n")
    assert run(home, "demo", "--if-empty")[0] == 0
    code, said, problem = run(home, "demo", "--members", 60)
    assert (code, said) == (1, "")
    assert "This database is not empty" in problem

    code, _, problem = run(home, "web", "--port", 1)
    assert code == 1
    assert "This database holds the demonstration force. Set PEELIAN_DEMO=1" in problem


def kill_in_the_middle(home: Path) -> None:
    """Start a demo and kill it when its transaction has been open for a while."""
    command = [sys.executable, "-m", "peelian.config.cli", "demo", "--members", "60000"]
    process = subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL)
    until = time.monotonic() + 300
    try:
        while not in_a_transaction(home):
            assert process.poll() is None, "the demo ended before it could be killed"
            assert time.monotonic() < until, "the demo never began to write"
            time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def in_a_transaction(home: Path) -> bool:
    """Whether somebody has written for a second without having committed."""
    try:
        with psycopg.connect(Cluster(home).dsn()) as other:
            asked = other.execute(
                "SELECT 1 FROM pg_stat_activity"
                " WHERE backend_xid IS NOT NULL AND xact_start < now() - interval '1 second'"
                " AND to_regclass('core_installation') IS NOT NULL"
            )
            return asked.fetchone() is not None
    except psycopg.OperationalError:
        return False


def test_what_is_no_demonstration_is_not_taken_for_one(home: Path) -> None:
    assert run(home, "staff", "add", "chief@force.example", "--role", "administrator")[0] == 0
    for words in (("demo",), ("demo", "--if-empty")):
        code, _, problem = run(home, *words, demo="1")
        assert code == 1
        assert "This database is not empty" in problem
    code, _, problem = run(home, "web", "--port", 1, demo="1")
    assert code == 1
    assert "PEELIAN_DEMO=1 serves demonstration databases only" in problem
