"""Nothing under five is told, and nothing told gives it back."""

import itertools
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.insight.reach.hiding import Families, Node, hidden_everywhere, hidden_in_row


def test_a_small_number_takes_another_with_it_where_the_total_is_told():
    assert hidden_in_row({"a": 3, "b": 50, "c": 9}) == {"a", "c"}
    assert hidden_in_row({"a": 3, "b": 2, "c": 9}) == {"a", "b"}
    assert hidden_in_row({"a": 1, "b": 1, "c": 9}) == {"a", "b", "c"}
    assert hidden_in_row({"a": 0, "b": 50, "c": 9}) == set()
    assert hidden_in_row({"a": 0, "b": 50}, forced={"b"}) == {"a", "b"}  # a nought hides where nothing else can


def test_those_who_did_not_say_hide_last():
    assert hidden_in_row({"": 8, "a": 3, "b": 50}) == {"a", "b"}
    assert hidden_in_row({"": 3, "a": 30, "b": 50}) == {"", "a"}


@settings(max_examples=200)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=8))
def test_what_a_row_hides_is_two_or_more_and_five_or_more_where_there_is_so_much(counts):
    named = {str(at): count for at, count in enumerate(counts)}
    hidden = hidden_in_row(named)
    assert all(count == 0 or count >= 5 for name, count in named.items() if name not in hidden)
    if hidden:
        assert len(hidden) >= 2
        assert sum(counts) < 5 or sum(named[name] for name in hidden) >= 5


def grown(rng: random.Random, depth: int, keys: itertools.count, groups: str) -> Node:
    """A tree of areas with members of each group at the ends."""
    node = Node(next(keys))
    if depth:
        node.below = [grown(rng, depth - 1, keys, groups) for _ in range(rng.randint(2, 4))]
        node.counts = {group: sum(child.counts[group] for child in node.below) for group in groups}
    else:
        node.counts = {group: rng.choice([0, 1, 2, 4, 6, 9, 20, 60]) for group in groups}
    return node


def every(node: Node):
    yield node
    for child in node.below:
        yield from every(child)


def test_no_area_above_gives_back_what_an_area_below_hides():
    """For each group the areas below, told or not, against the area above: never exactly one unknown."""
    for seed in range(40):
        root = grown(random.Random(seed), 2, itertools.count(1), "abcdef")
        hidden = hidden_everywhere(root)
        for node in every(root):
            told = {group: count for group, count in node.counts.items() if group not in hidden[node.key]}
            assert all(count == 0 or count >= 5 for count in told.values())
            assert len(told) != len(node.counts) - 1
            for group in node.counts if node.below else ():
                unknown = [child.counts[group] for child in node.below if group in hidden[child.key]]
                if group in told:
                    assert len(unknown) != 1, (seed, node.key, group)
                    assert not unknown or sum(unknown) >= 5
                else:
                    assert unknown, "or they could be added up"


def test_the_same_people_in_fewer_groups_give_nothing_back():
    """Five ethnic groups on one page and nineteen on another: Asian less the other Asian groups."""
    families = {"a1": "A", "a2": "A", "a3": "A", "b1": "B", "b2": "B"}
    for seed in range(25):
        root = grown(random.Random(seed), 2, itertools.count(1), list(families))
        fewer = in_fewer_groups(root, families)
        wide = hidden_everywhere(fewer)
        hidden = hidden_everywhere(root, Families(families, wide))
        for node in every(root):
            for family in "AB":
                groups = {one: node.counts[one] for one, of in families.items() if of == family}
                unknown = [count for one, count in groups.items() if one in hidden[node.key]]
                assert family in wide[node.key] or len(unknown) != 1, (seed, family)
                assert all(count == 0 or count >= 5 for one, count in groups.items() if one not in hidden[node.key])


def in_fewer_groups(node: Node, families: dict[str, str]) -> Node:
    counts = Families(families, {}).counts(node.counts)
    return Node(node.key, counts, [in_fewer_groups(child, families) for child in node.below])
