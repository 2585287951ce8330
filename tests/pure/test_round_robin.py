"""Turns are exact: nobody gets two more than another who was there all the time."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from escala_mail_sync.round_robin import deal, get_turns

QUEUES = st.lists(st.integers(0, 9), unique=True, max_size=8)
AWAY = st.sets(st.integers(0, 9))
COUNTS = st.integers(0, 40)


def take(queue, last, away, count):
    """Deal, and return who got what with the one who had the last turn."""
    got = deal(get_turns(list(queue), last, lambda each: each not in away), count)
    return got, (got[-1] if got else last)


def test_turns_go_round():
    assert take("abc", None, "", 7)[0] == list("abcabca")
    assert take("abc", "a", "", 4)[0] == list("bcab")


def test_who_is_away_is_passed_over():
    assert take("abcd", "a", "bd", 3)[0] == list("cac")
    assert take("abcd", "d", "d", 2)[0] == list("ab")
    assert take("ab", "a", "ab", 3)[0] == []


def test_who_had_the_last_turn_may_be_away_or_gone():
    assert take("abc", "b", "b", 2)[0] == list("ca")
    assert take("abc", "x", "", 2)[0] == list("ab")


@given(QUEUES, AWAY, st.lists(COUNTS, max_size=6))
def test_counts_differ_by_one_at_most_however_the_batches_fall(queue, away, counts):
    got, last = [], None
    for count in counts:
        batch, last = take(queue, last, away, count)
        got += batch
    present = [each for each in queue if each not in away]
    assert len(got) == (sum(counts) if present else 0)
    shares = [Counter(got)[each] for each in present]
    assert not present or max(shares) - min(shares) <= 1
    assert got == take(queue, None, away, sum(counts))[0]


@given(QUEUES, st.data(), st.lists(AWAY, max_size=12))
def test_each_turn_passes_over_those_who_are_away_and_nobody_else(queue, data, absences):
    last = data.draw(st.sampled_from(queue)) if queue else None
    for away in absences:
        [following] = take(queue, last, away, 1)[0] or [None]
        if following is None:
            assert away.issuperset(queue)
            continue
        order = queue * 2
        start = order.index(last)
        assert away.issuperset(order[start + 1 : order.index(following, start + 1)])
        last = following


@given(QUEUES.filter(lambda queue: len(queue) > 1), st.data(), COUNTS)
def test_a_new_order_keeps_the_turns_apart(queue, data, count):
    """After the queue has been put in another order, nobody has two turns in a row."""
    before, last = take(queue, None, (), count)
    after, _last = take(data.draw(st.permutations(queue)), last, (), len(queue))
    assert sorted(after) == sorted(queue)
    assert all(one != other for one, other in pairwise([*before, *after]))
