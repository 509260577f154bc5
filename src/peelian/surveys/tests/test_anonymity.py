"""Anonymous, truly: somebody with a full dump, every log and the list of the invited in the order in which they
answered, but without the secret key, ties answers to people no better than by guessing."""

import math
import random
import subprocess
import uuid
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from peelian.core import clock
from peelian.core.postgres_machine import clean_environment, find_binaries
from peelian.delivery.models import Delivery, Send
from peelian.members.tests.factories import make_member
from peelian.surveys import actions, doors, sealing
from peelian.surveys import tokens as link_tokens
from peelian.surveys.actions import emptying
from peelian.surveys.doorstep import actions as at_doors
from peelian.surveys.doorstep import listing
from peelian.surveys.doorstep.models import RoundDoor
from peelian.surveys.models import Answer, Answered, Begun, Boxed, Comment, How, Survey
from peelian.surveys.tests.factories import invite, make_survey

ASKED = 60
TWO_QUESTIONS = {
    "pages": [
        {
            "key": "p1",
            "questions": [
                {"key": "grade", "kind": "rating", "text": {"en": "How are we doing?"}},
                {"key": "why", "kind": "text", "text": {"en": "Why?"}},
            ],
        }
    ]
}


def most_by_chance(tried: int, chance: float, beyond: float = 1e-6) -> int:
    """The most that guessing gets right, but for one time in a million (binomial)."""
    left, k = 1.0, 0
    while left > beyond:
        left -= math.comb(tried, k) * chance**k * (1 - chance) ** (tried - k)
        k += 1
    return k


def dumped() -> str:
    """The whole database as pg_dump writes it, rows in the order in which they lie."""
    given = connection.settings_dict
    parts = {"dbname": given["NAME"], "user": given["USER"], "host": given["HOST"], "port": given["PORT"]}
    where = " ".join(f"{key}={value}" for key, value in parts.items() if value)
    command = [find_binaries().program("pg_dump"), "--data-only", f"--dbname={where}"]
    environment = clean_environment() | ({"PGPASSWORD": str(given["PASSWORD"])} if given.get("PASSWORD") else {})
    return subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout


def rows_of(dump: str, table: str) -> list[dict[str, str]]:
    head, _, rest = dump.partition(f"COPY public.{table} (")[2].partition(") FROM stdin;\n")
    body = rest.partition("\\.\n")[0].splitlines()
    return [dict(zip(head.split(", "), line.split("\t"), strict=True)) for line in body]


def telltale(number: int) -> str:
    return f"word{number:02d}"


def guesses(answers, comments, marks):
    """Every order that an attacker could take for the order of answering: as the rows lie, by id, by comments."""
    said = {one["answer_id"]: one["text"] for one in comments}
    lie = [said[one["id"]] for one in answers]
    yield "rows", lie
    yield "rows backwards", lie[::-1]
    yield "ids", [said[one["id"]] for one in sorted(answers, key=lambda row: row["id"])]
    yield "comments", [one["text"] for one in sorted(comments, key=lambda row: int(row["id"]))]
    yield "comments as they lie", [one["text"] for one in comments]
    by_mark = sorted(range(len(marks)), key=lambda at: marks[at])
    yield "marks beside rows", [lie[at] for at in by_mark] if len(marks) == len(lie) else []


def hits(guess, truth):
    return sum(left == right for left, right in zip(guess, truth, strict=False))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_nobody_with_a_dump_the_logs_and_the_list_of_the_invited_ties_answers_to_people(client, monkeypatch, capfd):
    survey = make_survey(TWO_QUESTIONS, opens=clock.today() - timedelta(days=9))
    tokens = invite(survey, ASKED)
    first_day, second_day = clock.today() - timedelta(days=1), clock.today()
    truth = [telltale(number) for number in random.Random(7).sample(range(ASKED), ASKED)]
    for number, (token, word) in enumerate(zip(tokens, truth, strict=True)):
        monkeypatch.setattr(clock, "today", lambda number=number: first_day if number < ASKED // 2 else second_day)
        if number % 15 == 0:
            client.post(f"/q/{token}/1/", {"grade": "5", "why": word})
            assert client.post(f"/q/{token}/check/").status_code == 302
        else:
            door = doors.door(token)
            actions.answer(door=door, version=survey.live, given={"grade": number % 11, "why": word})
    before = dumped()
    assert not any(word in before for word in truth)  # in the box nothing can be read
    assert len(rows_of(before, "surveys_boxed")) == ASKED
    assert {len(one["sealed"]) for one in rows_of(before, "surveys_boxed")} == {
        len(rows_of(before, "surveys_boxed")[0]["sealed"])
    }
    assert actions.empty_due() == ASKED
    after = dumped()
    answers, comments = rows_of(after, "surveys_answer"), rows_of(after, "surveys_comment")
    marks = [one["mark"] for one in rows_of(after, "surveys_answered")]
    assert len(answers) == len(marks) == ASKED
    assert marks == sorted(marks)
    for name, guess in guesses(answers, comments, marks):
        assert hits(guess, truth) < most_by_chance(ASKED, 1 / ASKED), name
    # Somebody who knows also on which day each of them answered has thirty to choose from
    half = {one["id"] for one in answers if one["day"] == first_day.isoformat()}
    assert len(half) == ASKED // 2
    for name, guess in guesses(
        [one for one in answers if one["id"] in half], [c for c in comments if c["answer_id"] in half], []
    ):
        assert hits(guess, truth[: ASKED // 2]) < most_by_chance(ASKED // 2, 2 / ASKED), name
    assert_nothing_shared(after, answers, comments, tokens)
    assert_same_for_everybody(answers)
    logged = capfd.readouterr()
    assert not any(token in logged.err + logged.out for token in tokens)
    assert not any(token in after for token in tokens)
    assert "survey" not in "".join(line for line in after.splitlines() if "answered" in line and "audit" in line)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_nobody_with_a_dump_and_the_list_of_doors_in_the_order_of_the_visits_ties_answers_to_doors():
    survey = make_survey(TWO_QUESTIONS, opens=clock.today() - timedelta(days=9))
    listed = listing.read(f"Elm Grove: 1 to {ASKED}")
    at_doors.make_round(survey=survey, by=survey.author, name="March", listed=listed)
    visited = random.Random(3).sample(list(RoundDoor.objects.all()), ASKED)
    truth = [telltale(number) for number in random.Random(7).sample(range(ASKED), ASKED)]
    for door, word in zip(visited, truth, strict=True):
        said = {"grade": 5, "why": word}
        at_doors.answer(survey=survey, number=uuid.uuid4(), version=survey.live, given=said, language="")
        at_doors.visit(door=door, outcome="done", by=survey.author)
    before = dumped()
    assert not any(word in before for word in truth)
    assert actions.empty_due() == ASKED
    after = dumped()
    answers, comments = rows_of(after, "surveys_answer"), rows_of(after, "surveys_comment")
    doors_now = rows_of(after, "surveys_rounddoor")
    assert [int(row["id"]) for row in doors_now] == [door.pk for door in visited]  # the table does keep the order
    for name, guess in guesses(answers, comments, [row["mark"] for row in rows_of(after, "surveys_answered")]):
        assert hits(guess, truth) < most_by_chance(ASKED, 1 / ASKED), name
    known = {value for row in doors_now for name, value in row.items() if name != "day"}
    for row in answers:
        assert not {value for name, value in row.items() if name not in ("survey_id", "version_id")} & (
            known - {"\\N", ""}
        )
    assert_same_for_everybody(answers)
    assert not any("visit" in line or "done" in line for line in after.splitlines() if "survey_round" in line)


def assert_nothing_shared(dump, answers, comments, tokens):
    """No value of an answer's row stands in a row about an invitation, a mark or a message, but the survey's own."""
    about = [*rows_of(dump, "surveys_answered"), *rows_of(dump, "delivery"), *rows_of(dump, "contacts_address")]
    known = {value for row in about for name, value in row.items() if name not in ("survey_id", "state", "channel")}
    for row in answers:
        for name in ("id", "source", "stratum", "language", "area_id", "member_id", "address_id"):
            assert row[name] in ("", "\\N") or row[name] not in known, name
    assert {row["answer_id"] for row in comments} & known == set()


def assert_same_for_everybody(answers):
    for name in ("source", "stratum", "language", "area_id", "member_id", "address_id", "how"):
        assert len({row[name] for row in answers}) == 1, name


def test_the_attacker_of_these_tests_would_find_what_is_kept_in_order():
    answers = [{"id": f"{number:04d}"} for number in range(ASKED)]
    comments = [{"id": str(n), "answer_id": f"{n:04d}", "text": telltale(n)} for n in range(ASKED)]
    truth = [telltale(number) for number in range(ASKED)]
    marks = [str(number) for number in range(10, 10 + ASKED)]
    found = {name: hits(guess, truth) for name, guess in guesses(answers, comments, marks)}
    assert found == dict.fromkeys(found, ASKED) | {"rows backwards": 0}
    assert most_by_chance(ASKED, 1 / ASKED) <= 12


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_reminders_show_of_who_answered_does_not_show_what(monkeypatch):
    """Twelve answer before the first reminder, three between it and the second, nobody after. The ledger shows who the
    three are; their answers come out at the end, fewer than ten at once, and lie among the others."""
    survey = make_survey(TWO_QUESTIONS, opens=clock.today() - timedelta(days=20))
    members = [make_member(f"asked{number}@home.example") for number in range(20)]
    tokens = invite(survey, members=members)
    truth = [telltale(number) for number in range(15)]
    start = clock.now()

    def later(days):
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(days=days))
        Send.objects.update(created_at=start - timedelta(days=10 - days))

    later(0)
    for number, (token, word) in enumerate(zip(tokens, truth, strict=False)):
        if number == 12:
            assert actions.empty_due() == 12
            first = reminded(actions.remind(survey=survey, by=survey.author, number=1))
            later(4)
        actions.answer(door=doors.door(token), version=survey.live, given={"grade": 3, "why": word})
    second = reminded(actions.remind(survey=survey, by=survey.author, number=2))
    between = {one.pk for one in members[12:15]}
    assert first - second == between  # this much the ledger tells anybody who has it
    actions.close_survey(survey=survey, by=survey.author)
    assert actions.empty_boxes(survey_id=survey.pk) == 3
    dump = dumped()
    answers, comments = rows_of(dump, "surveys_answer"), rows_of(dump, "surveys_comment")
    assert {one["day"] for one in answers} == {survey.opened_on.isoformat()}
    assert [one["id"] for one in answers] == sorted(one["id"] for one in answers)  # random ids, and no other order
    assert [int(one["id"]) for one in comments] == sorted(int(one["id"]) for one in comments)
    assert min(int(one["id"]) for one in comments) > 2**42  # by no sequence
    assert_same_for_everybody(answers)
    assert_nothing_shared(dump, answers, comments, tokens)


def reminded(send):
    return set(Delivery.objects.filter(send=send).values_list("member_id", flat=True))


@pytest.mark.django_db
def test_the_invited_and_the_others_are_counted_apart():
    """The way stands with an answer, and who was invited is known: of eleven by the link one by invitation is one."""
    survey = make_survey(TWO_QUESTIONS)
    (token,) = invite(survey)
    actions.answer(door=doors.door(token), version=survey.live, given={"grade": 1})
    for _ in range(11):
        own = doors.door(link_tokens.make(survey.pk, How.LINK))
        actions.answer(door=own, version=survey.live, given={"grade": 2})
    assert actions.empty_due() == 11
    Survey.objects.update(state=Survey.State.CLOSED, closed_on=clock.today())
    assert actions.empty_due() == 0
    assert set(Answer.objects.values_list("how", flat=True)) == {"link"}


@pytest.mark.django_db
def test_nine_wait_in_the_box_and_the_tenth_brings_them_out():
    survey = make_survey(TWO_QUESTIONS)
    for number, token in enumerate(invite(survey, 10)):
        actions.answer(door=doors.door(token), version=survey.live, given={"grade": number})
        assert actions.empty_due() == (10 if number == 9 else 0)
    assert (Answer.objects.count(), Answered.objects.count(), Boxed.objects.count()) == (10, 10, 0)
    assert actions.empty_due() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "left", "read"), [(0, 9, 0), (10, 3, 13), (0, 10, 10)])
def test_what_is_left_when_it_closes_comes_out_where_ten_have_answered_in_all(before, left, read):
    survey = make_survey(TWO_QUESTIONS)
    tokens = invite(survey, before + left)
    for at, token in enumerate(tokens, 1):
        actions.answer(door=doors.door(token), version=survey.live, given={"grade": 3, "why": "Because"})
        if at == before:
            actions.empty_due()
    Survey.objects.update(state=Survey.State.CLOSED, closed_on=clock.today())
    actions.empty_due()
    assert (Answer.objects.count(), Comment.objects.count()) == (read, read)
    assert Boxed.objects.count() == before + left - read


@pytest.mark.django_db
def test_what_was_begun_reads_nothing_without_its_link_and_goes_when_it_is_sent(client):
    survey = make_survey(TWO_QUESTIONS)
    (token,) = invite(survey)
    client.post(f"/q/{token}/1/", {"why": "Telltale words", "go": "later"})
    begun = Begun.objects.get()
    assert b"Telltale" not in bytes(begun.sealed)
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal(begun.sealed, survey.pk)  # the key of the boxes does not open it
    client.post(f"/q/{token}/check/")
    assert not Begun.objects.exists()
    assert Boxed.objects.count() == 1


@pytest.mark.django_db
def test_a_box_of_another_key_stays_and_says_so_without_saying_which(monkeypatch, settings, capfd):
    survey = make_survey(TWO_QUESTIONS)
    for number, token in enumerate(invite(survey, 11)):
        if number == 10:
            settings.SECRET_KEY = "another-key-that-came-later-0123456789"
            token = invite(survey)[0]
        actions.answer(door=doors.door(token), version=survey.live, given={"grade": 1})
    settings.SECRET_KEY_FALLBACKS = []
    assert actions.empty_due() == 0  # one can be opened, and one is not ten
    assert Boxed.objects.count() == 11


@given(st.lists(st.integers(0, 70), max_size=120))
def test_a_day_stays_only_where_ten_share_it(offsets):
    begins = date(2026, 3, 2)
    days = [begins + timedelta(days=offset) for offset in offsets]
    found = emptying.coarse(days, begins)
    assert len(found) == len(days)
    for day, count in Counter(found).items():
        assert count >= sealing.TOGETHER or day == begins or day.weekday() == 0 or day.day == 1
    exact = Counter(days)
    assert all(kept == day for kept, day in zip(found, days, strict=True) if exact[day] >= sealing.TOGETHER)


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=300), max_size=5))
def test_a_box_opens_to_what_was_put_in_and_says_nothing_by_its_length(content):
    box = sealing.seal(content, 7, b"me")
    assert sealing.unseal(box, 7, b"me") == content
    assert (len(box) - 28).bit_count() == 1
    for survey, identity in ((8, b"me"), (7, b"you")):
        with pytest.raises(sealing.CannotOpen):
            sealing.unseal(box, survey, identity)
