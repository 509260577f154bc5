"""A sample of an audience: so many people, by lot within strata, each with the chance that the page says."""

from collections import Counter
from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from peelian.alerts.tests.factories import inside, make_force
from peelian.delivery.models import Delivery, Lane, Send
from peelian.members import audience
from peelian.members.models import Member
from peelian.surveys import actions, doors, inviting, sampling
from peelian.surveys.analysis import designs, weighting
from peelian.surveys.analysis.results import results
from peelian.surveys.analysis.tallies import Tallies, questions, tallies
from peelian.surveys.analysis.weighting import Dimension
from peelian.surveys.models import Answer, Mailing, Sampled, Survey
from peelian.surveys.sampling import EQUAL, LANGUAGE, Plan, Stratum, allocate, together
from peelian.surveys.tests.factories import make_officer, make_survey

STRATA = st.lists(st.integers(1, 5_000), min_size=1, max_size=40)


@given(STRATA, st.integers(1, 100_000), st.booleans())
def test_never_more_than_there_are_and_the_whole_size_wherever_there_are_enough(people, size, equal):
    found = allocate(people, size, equal=equal)
    assert sum(found) == min(size, sum(people))
    assert all(0 <= drawn <= number for drawn, number in zip(found, people, strict=True))


@given(STRATA, st.integers(1, 100_000))
def test_in_proportion_is_less_than_one_person_off(people, size):
    size = min(size, sum(people))
    for drawn, number in zip(allocate(people, size), people, strict=True):
        assert abs(drawn - size * number / sum(people)) < 1


@given(STRATA, st.integers(1, 100_000))
def test_as_many_of_each_but_what_a_small_one_lacks_comes_from_the_others(people, size):
    found = allocate(people, size, equal=True)
    left = [drawn for drawn, number in zip(found, people, strict=True) if drawn < number]
    assert max(left, default=0) - min(left, default=0) <= 1
    assert all(number <= max(left) + 1 for drawn, number in zip(found, people, strict=True) if left and drawn == number)


@given(STRATA, st.integers(1, 5_000))
def test_everybody_is_of_one_stratum_that_is_large_enough_or_the_only_one(people, least):
    groups = together(people, least)
    assert sorted(at for group in groups for at in group) == list(range(len(people)))
    assert len(groups) == 1 or all(sum(people[at] for at in group) >= least for group in groups)


@given(STRATA, st.integers(1, 100_000), st.booleans())
def test_nobody_is_without_a_chance(people, size, equal):
    cells = {(at, ""): number for at, number in enumerate(people)}
    groups = together(list(cells.values()), max(sampling.SMALLEST, -(-sum(people) // size)))
    assert all(allocate([sum(people[at] for at in group) for group in groups], size, equal=equal))


def test_chances_in_words():
    said = [Stratum("", people, drawn).chance_words for people, drawn in ((120, 10), (25, 10), (9, 9))]
    assert said == ["1 in 12", "1 in 2.5", "all of them"]


# On real rows -----------------------------------------------------------------------------------------------------


@pytest.fixture
def force(db):
    force = make_force({"W00": 40, "W01": 20, "W10": 30, "W20": 3})
    half = [one.pk for one in force.members["W00"]][:15]
    Member.objects.filter(pk__in=half).update(language="ur")
    audience.refresh()
    return force


@pytest.fixture
def survey(force):
    return make_survey(team=force.team, author=force.communications, mode="identified")


def choose(survey, plan, *codes):
    stored = {"clauses": [inside(*codes)]}
    return actions.choose_audience(survey=survey, by=survey.author, audience=stored, channels=3, sample=plan)


def drawn(mailing):
    """The people of a sample, and the count that came with them."""
    with transaction.atomic():
        counted = inviting.count(mailing)
        with connection.cursor() as cursor:
            cursor.execute(*counted.drawn.rows)
            return [row[1] for row in cursor.fetchall()], counted


def test_so_many_people_each_once_the_same_again_from_the_same_seed_and_others_from_another(force, survey):
    mailing = choose(survey, Plan(30, 7), "F")
    people, counted = drawn(mailing)
    assert (len(people), len(set(people)), counted.people, counted.frame) == (30, 30, 30, 93)
    assert drawn(mailing)[0] == people
    others, _ = drawn(choose(survey, Plan(30, 8), "F"))
    assert set(others) != set(people)
    more, _ = drawn(choose(survey, Plan(45, 7), "F"))
    assert set(people) < set(more)  # a larger sample from the same seed takes them in


def test_strata_of_area_and_language_with_small_ones_put_together(force, survey):
    people, counted = drawn(choose(survey, Plan(31, 1, "ward", LANGUAGE), "F"))
    found = {one.name: (one.people, one.chosen) for one in counted.strata}
    assert found == {
        "Ward 00: Urdu and Ward 20: English": (18, 6),
        "Ward 00: English": (25, 8),
        "Ward 01: English": (20, 7),
        "Ward 10: English": (30, 10),
    }
    where = Counter(Member.objects.filter(pk__in=people).values_list("area__code", "language"))
    assert (where["W00", "en"], where["W01", "en"], where["W10", "en"]) == (8, 7, 10)
    assert where["W00", "ur"] + where["W20", "en"] == 6


def test_as_many_of_each_and_a_size_beyond_everybody_takes_all(force, survey):
    _, counted = drawn(choose(survey, Plan(48, 1, "ward", "", EQUAL), "W00", "W01", "W10"))
    assert sorted(one.chosen for one in counted.strata) == [16, 16, 16]
    people, counted = drawn(choose(survey, Plan(500, 1, "ward"), "W00", "W01"))
    assert (len(people), counted.frame) == (60, 60)
    assert {one.chance_words for one in counted.strata} == {"all of them"}


def test_each_has_the_chance_that_is_said(force, survey):
    """Of 400 seeds: chi-square of how often each of 60 people was drawn, far above its mean of 59 only by a fault. The
    seeds are fixed, so it never fails by chance."""
    often = Counter()
    seeds = range(400)
    mailing = choose(survey, Plan(15, 0, "ward"), "W00", "W01")
    for seed in seeds:
        mailing.settings = sampling.stored(Plan(15, seed, "ward"))
        often.update(drawn(mailing)[0])
    expected = len(seeds) * 0.25
    chi_square = sum((often[one.pk] - expected) ** 2 / (expected * 0.75) for code in ("W00", "W01")
                     for one in force.members[code])  # fmt: skip
    assert 30 < chi_square < 100  # 58 degrees of freedom: outside it less than once in a thousand
    assert sum(often.values()) == 15 * len(seeds)


def test_what_was_drawn_is_kept_with_the_mailing_and_the_stratum_with_the_answer(force, survey):
    mailing = choose(survey, Plan(20, 5, "ward"), "W00", "W01")
    with transaction.atomic():
        actions.send_invitations(mailing=mailing, by=survey.author)
    mailing.refresh_from_db()
    kept = mailing.settings["sample"]
    assert (kept["seed"], kept["size"], mailing.people, kept["strata"][0]) == (
        5, 20, 20, {"name": "Ward 00", "people": 40, "chosen": 13}
    )  # fmt: skip
    invited = set(Delivery.objects.filter(send=mailing.send).values_list("member_id", flat=True))
    assert set(Sampled.objects.values_list("member_id", flat=True)) == invited
    row = Sampled.objects.get(member_id=min(invited))
    from peelian.delivery import tokens

    address = Delivery.objects.get(send=mailing.send, member_id=row.member_id).address_id
    door = doors.door(tokens.make(mailing.send_id, address))
    actions.answer(door=door, version=survey.live, given={"safe": "safe"})
    assert Answer.objects.get().stratum == f"{mailing.pk}:{row.stratum}"


def test_of_an_anonymous_survey_nobody_is_noted_and_chances_are_equal(force):
    survey = make_survey(team=force.team, author=force.communications)
    mailing = choose(survey, Plan(20, 5, "ward", "", EQUAL), "W00", "W01")
    assert "Draw in proportion" in " ".join(inviting.stops(mailing, people=20))
    mailing = choose(survey, Plan(20, 5, "ward"), "W00", "W01")
    assert inviting.stops(mailing, people=20) == []
    actions.send_invitations(mailing=mailing, by=survey.author)
    assert not Sampled.objects.exists()
    assert Mailing.objects.get().settings["sample"]["strata"]


def test_the_page_shows_strata_chances_and_the_seed_and_sends_to_the_sample(client, settings, force, survey):
    settings.PEELIAN_DEMO = True
    client.force_login(make_officer(force.team))
    url = f"/staff/surveys/{survey.ref}/invite/"
    filled = {"areas": ["W00", "W01"], "by": ["email"], "size": "24", "area": "ward", "seed": "77"}
    page = client.page(url, filled, post=True)
    assert page.texts(".p-audience__count") == ["24 people"]
    assert "of 60 people, drawn by lot" in page.text()
    assert page.texts("tbody td")[:3] == ["40", "16", "1 in 2.5"]
    check = client.page(url, filled | {"check": "1"}, post=True)
    assert check.texts(".p-sentence")[0].startswith("24 of 60 people, drawn by lot, get an invitation")
    assert "seed 77" in check.text()
    wrong = client.page(url, filled | {"size": "0"}, post=True)
    assert "Choose one person or more" in wrong.text()


# Weights ----------------------------------------------------------------------------------------------------------


def sampled_survey(**more):
    """A sample with chances of 1 in 10 and 1 in 2, of whom 40 and 20 answered; the first all say safe."""
    survey = make_survey(mode="identified", **more)
    strata = [{"name": "A", "people": 1_000, "chosen": 100}, {"name": "B", "people": 200, "chosen": 100}]
    settings = {"sample": {"size": 200, "seed": 1, "area": "ward", "group": "", "allocation": EQUAL, "strata": strata}}
    send = Send.objects.create(renderer="surveys.invitation", object_id=1, lane=Lane.ROUTINE, recipients=200)
    mailing = survey.mailings.create(by=survey.author, send=send, people=200, settings=settings)
    rows = [(f"{mailing.pk}:0", "safe")] * 40 + [(f"{mailing.pk}:1", "unsafe")] * 20
    Answer.objects.bulk_create(
        Answer(survey=survey, version=survey.live, day=date(2019, 5, 1), how="invitation", stratum=stratum,
               answers={"safe": code}) for stratum, code in rows
    )  # fmt: skip
    return survey


@pytest.mark.django_db
def test_unequal_chances_are_weighted_back():
    """40 answers that stand for 10 people each beside 20 that stand for 2: 400 of 440 are safe. Effective size by Kish:
    440² / (40·100 + 20·4)."""
    survey = sampled_survey()
    asked = questions(survey)
    design = designs.design(survey)
    found = tallies(survey, asked, strata=True)
    weights = weighting.weigh(found, [], design=design)
    assert weights.effective == pytest.approx(440**2 / 4_080)
    safe = next(one for one in results(asked, found, weights.weights) if one.key == "safe").rows[0]
    assert safe.share.value == pytest.approx(40 / 60)
    assert safe.weighted.estimate.value == pytest.approx(400 / 440)
    Answer.objects.bulk_create(
        Answer(survey=survey, version=survey.live, day=date(2019, 5, 1), how="link", answers={"safe": "unsafe"})
        for _ in range(30)
    )
    more = tallies(survey, asked, strata=True)
    weights = weighting.weigh(more, [], design=design)
    assert (weights.people, weights.without) == (60, 30)  # who came by the link has no known chance
    safe = next(one for one in results(asked, more, weights.weights) if one.key == "safe").rows[0]
    assert safe.weighted.estimate.value == pytest.approx(400 / 440)


@pytest.mark.django_db
def test_raking_begins_with_the_inverse_of_the_chances():
    """Targets that the weighted answers meet already leave the weights of the chances as they are."""
    cells = {("m", "7:0"): 20, ("f", "7:0"): 20, ("m", "7:1"): 10, ("f", "7:1"): 10}
    sex = Dimension("sex", "Sex", "sex", {"m": "Men", "f": "Women"}, {"m": 0.5, "f": 0.5}, "Census")
    design = designs.Design({"7:0": 10.0, "7:1": 2.0})
    found = weighting.weigh(Tallies(people=Counter(cells)), [sex], "none", design)
    assert found.weights["m", "7:0"] / found.weights["m", "7:1"] == pytest.approx(5)
    skewed = Dimension("sex", "Sex", "sex", {"m": "Men", "f": "Women"}, {"m": 0.25, "f": 0.75}, "Census")
    found = weighting.weigh(Tallies(people=Counter(cells)), [skewed], "none", design)
    whole = sum(found.weights[cell] * number for cell, number in cells.items())
    men = sum(found.weights[cell] * number for cell, number in cells.items() if cell[0] == "m")
    assert men / whole == pytest.approx(0.25)
    assert whole == pytest.approx(60)
    assert found.weights["f", "7:0"] / found.weights["f", "7:1"] == pytest.approx(5)


@pytest.mark.django_db
def test_results_say_how_the_sample_was_drawn(client, settings):
    settings.PEELIAN_DEMO = True
    survey = sampled_survey(title="By lot")
    client.force_login(make_officer(survey.team))
    page = client.page(f"/staff/surveys/{survey.ref}/results/")
    assert "200 people were drawn by lot from 1,200, in 2 strata: 1 in 2 to 1 in 10." in page.text()
    assert "Strata were asked with unequal chances" in page.text()
    Survey.objects.update(mode="anonymous")
    page = client.page(f"/staff/surveys/{survey.ref}/results/")
    assert "drawn by lot" in page.text()
    assert "unequal chances" not in page.text()


# A second person --------------------------------------------------------------------------------------------------


def test_more_than_the_role_may_send_to_is_put_to_somebody_else(client, settings, force, survey, monkeypatch):
    settings.PEELIAN_DEMO, settings.PEELIAN_MOST_PEOPLE = True, 25
    author, other = make_officer(force.team), make_officer(force.team)
    client.force_login(author)
    mailing = choose(survey, None, "W00")
    Mailing.objects.update(by=author)
    url = f"/staff/surveys/{survey.ref}/invite/{mailing.pk}/"
    page = client.page(url)
    assert "It reaches 40 people and your role may send to 25 by itself." in page.text()
    assert "It has not gone" in client.page(url, {"do": "send"}, post=True).text()
    client.page(url, {"do": "ask"}, post=True)
    assert "Waiting for approval" in client.page(url).text()
    assert "Nobody approves their own" in client.page(url, {"do": "approve"}, post=True).text()
    assert "Waiting for approval" in client.page(f"/staff/surveys/{survey.ref}/invite/").text()
    client.force_login(other)
    assert url in client.page("/staff/").links()
    page = client.page(url)
    assert "Approve these invitations?" in page.text()
    assert f"It reaches 40 people, more than {author} may send to alone." in page.text()
    sent = client.page(url, {"do": "approve"}, post=True)
    assert "on their way to 40 addresses" in sent.text()
    mailing.refresh_from_db()
    assert (mailing.people, mailing.asked_by, mailing.approved_by) == (40, author, other)


def test_what_was_asked_can_be_sent_back_and_taken_back(force, survey, settings):
    settings.PEELIAN_MOST_PEOPLE = 25
    other = make_officer(force.team)
    mailing = choose(survey, None, "W00")
    actions.ask_for_approval(mailing=mailing, by=survey.author)
    assert actions.send_back_invitation(mailing=mailing, by=other).asked_at is None
    actions.ask_for_approval(mailing=mailing, by=survey.author)
    mailing.refresh_from_db()
    assert not actions.may_decide(mailing, survey.author)
    assert actions.may_decide(mailing, other)
    actions.take_back_invitation(mailing=mailing, by=survey.author)
    mailing.refresh_from_db()
    assert not mailing.waits
