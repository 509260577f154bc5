"""The stored audience: what it means, and each sentence when it means nothing."""

import pytest

from peelian.alerts import actions, audience
from peelian.alerts.errors import AudienceProblem, NobodyThere
from peelian.alerts.tests import factories as make
from peelian.contacts.models import Address
from peelian.members import audience as members_audience
from peelian.members.models import Topic

pytestmark = pytest.mark.django_db
EMPTY = {"type": "Polygon", "coordinates": []}
POINT = {"type": "Point", "coordinates": [-2, 52]}


def said(stored):
    with pytest.raises(AudienceProblem) as refused:
        audience.parse(stored)
    return [(problem.clause, problem.value, problem.sentence) for problem in refused.value.problems]


@pytest.fixture
def force():
    return make.make_force()


@pytest.mark.parametrize("stored", [{}, {"clauses": []}, None, [], {"clauses": "W00"}])
def test_an_audience_without_an_include_clause_asks_for_one(db, stored):
    assert said(stored) == [(None, "", "Choose at least one area or group that should get this alert.")]


def test_excluding_alone_is_not_an_audience(force):
    assert said({"clauses": [make.inside("W00", effect="exclude")]})[0][0] is None


@pytest.mark.parametrize(
    ("clause", "value", "sentence"),
    [
        ({"kind": "areas", "values": ["W99"]}, "W99", "There is no area of the code W99."),
        ({"kind": "groups", "values": ["cats"]}, "cats", "There is no group “cats”."),
        ({"kind": "languages", "values": ["tlh"]}, "tlh", "“tlh” is not the code of a language, such as ur for Urdu."),
        ({"kind": "received", "values": ["zzz"]}, "zzz", "There is no alert zzz."),
        ({"kind": "areas", "values": []}, "", "Choose at least one area, or take the condition out."),
        ({"kind": "postcodes", "values": ["B1"]}, "postcodes", "There is no audience by “postcodes”."),
        ({"kind": "polygon"}, "", "The shape is empty. Draw a line around the place."),
        ({"kind": "polygon", "polygon": EMPTY}, "", "The shape is empty. Draw a line around the place."),
        ({"kind": "polygon", "polygon": POINT}, "", "The shape must be a polygon, and this is a Point."),
    ],
)  # fmt: skip
def test_each_mistake_has_its_sentence(force, clause, value, sentence):
    assert said({"clauses": [make.inside("W00"), {"effect": "include", **clause}]}) == [(1, value, sentence)]


def test_a_bow_tie_and_swapped_coordinates_are_refused_with_the_place(force):
    bow_tie = [[-2.0, 52.0], [-1.99, 52.01], [-1.99, 52.0], [-2.0, 52.01], [-2.0, 52.0]]
    metres = [[400000, 280000], [401000, 280000], [401000, 281000], [400000, 280000]]
    for ring, part in ((bow_tie, "crosses itself near"), (metres, "not in degrees")):
        clause = {"effect": "include", "kind": "polygon", "polygon": {"type": "Polygon", "coordinates": [ring]}}
        [(number, _, sentence)] = said({"clauses": [clause]})
        assert (number, part in sentence) == (0, True)


def test_what_is_not_a_clause_is_refused(force):
    assert said({"clauses": ["W00"]}) == [(0, "", "A condition of the audience could not be read.")]
    assert said({"clauses": [make.inside("W00", effect="perhaps")]})[0][0] == 0
    assert "more than 50" in said({"clauses": [make.inside("W00")] * 51})[0][2]


def test_an_alert_that_was_not_sent_has_nobody_who_got_it(force):
    draft = make.make_draft(force)
    assert said(audience.received(draft.ref)) == [
        (0, draft.ref, f"The alert {draft.ref} has not been sent, so nobody got it.")
    ]


def test_all_mistakes_are_said_at_once(force):
    stored = {"clauses": [make.inside("W98", "W99"), {"effect": "must", "kind": "groups", "values": ["cats"]}]}
    assert [(number, value) for number, value, _ in said(stored)] == [(0, "W98"), (0, "W99"), (1, "cats")]


def test_counts_by_area_polygon_group_language_and_everybody(force):
    dogs = make.make_group(force.members["W00"][0], force.members["W10"][0])
    urdu = make.make_member("W00", language="ur")
    members_audience.refresh([urdu.pk])

    def count(*clauses):
        return audience.forecast(make.make_draft(force, *clauses)).people

    group = {"kind": "groups", "values": [dogs.slug]}
    assert count(make.inside("W00")) == 11
    assert count(make.inside("P0")) == 17
    assert count(make.drawn(0, 0, 1, 2)) == 17
    assert count({"effect": "include", "kind": "everybody"}) == 22
    assert count(make.inside("F")) == 22
    assert count({"effect": "include", **group}) == 2
    assert count(make.inside("W00"), {"effect": "must", **group}) == 1
    assert count(make.inside("W00"), {"effect": "exclude", **group}) == 10
    assert count(make.inside("W00"), {"effect": "must", "kind": "languages", "values": ["ur"]}) == 1
    assert count(make.inside("W00"), make.inside("W10")) == 16


def test_people_without_a_place_are_counted_apart(force):
    nowhere = make.make_member()
    members_audience.refresh([nowhere.pk])
    found = audience.forecast(make.make_draft(force))
    assert (found.people, found.without_place, found.by_channel) == (10, 1, {"email": 10})


def test_a_clause_that_matches_nothing_is_an_error_even_when_others_match(force):
    draft = make.make_draft(force, make.inside("W00"), make.inside("W21"))
    with pytest.raises(AudienceProblem, match=r"Nobody is registered in Ward 21\. Take this condition out\."):
        audience.checked(draft)
    draft = make.make_draft(force, make.inside("W00"), make.inside("W20", effect="exclude"))
    with pytest.raises(AudienceProblem, match="Ward 20"):
        audience.checked(draft)


def test_an_audience_of_nobody_is_refused(force):
    draft = make.make_draft(force, make.inside("W00"), make.inside("W00", effect="exclude"))
    with pytest.raises(NobodyThere, match="reaches nobody"):
        audience.checked(draft)


@pytest.mark.parametrize("priority", ["routine", "urgent"])
def test_no_clause_role_or_urgency_reaches_those_who_may_not_be_reached(force, priority):
    first, second, third, fourth, fifth = force.members["W10"]
    Address.objects.filter(pk=first.email_id).update(suppression="stopped", suppressed_at=make.CONFIRMED)
    for member, changes in (
        (second, {"confirmed_at": None}),
        (third, {"organisations": 2}),
        (fourth, {"interests": ~Topic.objects.get(slug="vehicle-crime").mask}),
    ):
        type(member).objects.filter(pk=member.pk).update(**changes)
    members_audience.refresh()
    draft = make.make_draft(force, make.inside("W10"), by=force.communications, priority=priority)
    assert audience.forecast(draft).people == 1
    group = make.make_group(first, second, third, fourth, fifth)
    draft = make.make_draft(force, {"effect": "include", "kind": "groups", "values": [group.slug]}, priority=priority)
    assert audience.forecast(draft).people == 1


def test_counting_leaves_shape_and_number_in_the_trail(force):
    draft = make.make_draft(force)
    other = {"clauses": [make.drawn(1, 0, 2, 1)]}
    counted = actions.count_audience(alert=draft, by=force.officer, stored=other)
    verb, label, data = make.audit_of(draft)[-1]
    assert (counted.people, counted.said) == (5, "5 people")
    assert (verb, label, data["people"], data["audience"]) == ("alert.counted", "officer", 5, other)
    draft.refresh_from_db()
    assert draft.audience == {"clauses": [make.inside("W00")]}


def test_the_audience_in_words(force):
    stored = {
        "clauses": [
            make.inside("W00", "W01"),
            make.drawn(0, 0, 1, 1),
            make.inside("W10", effect="exclude"),
            {"effect": "must", "kind": "languages", "values": ["ur", "pl"]},
        ]
    }
    assert audience.sentences(stored) == [
        "People in Ward 00 and Ward 01.",
        "People in the area drawn on the map.",
        "Not people in Ward 10.",
        "Only people who chose Urdu and Polish.",
    ]
