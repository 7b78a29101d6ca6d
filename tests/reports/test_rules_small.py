"""Nothing that a page shows tells a count that is under five."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.reports.rules.small_counts import (
    HELD,
    UNDER,
    Figure,
    K,
    Shown,
    count,
    median,
    ninetieth,
    parts,
    ratio,
    share,
)

SOME = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 14), min_size=1)


@given(SOME)
def test_from_the_total_and_what_is_shown_nobody_works_out_a_small_count(of):
    shown = parts(of)

    assert all(figure.value is None or figure.value >= K for figure in shown.values())
    fits = [
        dict(zip(of, way, strict=True))
        for way in product(*(_ways(shown[name], sum(of.values())) for name in of))
        if sum(way) == sum(of.values())
    ]
    for name, n in of.items():
        if 0 < n < K and any(m >= K for m in of.values()):
            assert len({way[name] for way in fits}) > 1


def _ways(figure, total):
    """What a count may be, as far as its own cell tells."""
    if figure.shown == Shown.UNDER:
        return range(K)
    return range(K, total + 1) if figure.shown == Shown.HELD else [int(figure.value)]


@given(SOME)
def test_no_more_is_held_back_than_must_be(of):
    shown = parts(of)

    if all(n >= K for n in of.values()):
        assert shown == {name: Figure(n) for name, n in of.items()}
    assert [name for name in of if shown[name] == UNDER] == [name for name in of if of[name] < K]


@pytest.mark.parametrize(
    ("of", "shown"),
    [
        ({"a": 12, "b": 7}, {"a": Figure(12), "b": Figure(7)}),
        ({"a": 12, "b": 7, "c": 1}, {"a": Figure(12), "b": HELD, "c": UNDER}),  # else 20 - 12 - 7
        ({"a": 12, "b": 4, "c": 4}, {"a": HELD, "b": UNDER, "c": UNDER}),  # 8 is twice the most it can be
        ({"a": 12, "b": 3, "c": 1}, {"a": Figure(12), "b": UNDER, "c": UNDER}),
        ({"a": 12, "b": 0, "c": 0}, {"a": HELD, "b": UNDER, "c": UNDER}),
        ({"a": 2}, {"a": UNDER}),
        ({}, {}),
    ],
)
def test_parts_beside_their_total(of, shown):
    assert parts(of) == shown


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_share_tells_neither_who_is_in_it_nor_who_is_not_when_they_are_few(some, others):
    of, figure = some + others, share(some, some + others)

    alike = [n for n in range(of + 1) if share(n, of) == figure]
    if min(some, others) < K and max(some, others) >= K:
        assert len(alike) >= min(K, of - K + 1)
    if figure.value is not None:
        true = 100 * some / of
        match figure.shown:
            case Shown.AT_LEAST:
                assert true >= figure.value
            case Shown.AT_MOST:
                assert true <= figure.value
            case _:
                assert figure == Figure(round(true))


@pytest.mark.parametrize(
    ("some", "of", "shown"),
    [
        (10, 20, Figure(50)),
        (11, 12, Figure(66, Shown.AT_LEAST)),
        (12, 12, Figure(66, Shown.AT_LEAST)),
        (1, 12, Figure(34, Shown.AT_MOST)),
        (4, 8, UNDER),
        (0, 0, UNDER),
    ],
)
def test_a_share_with_few_on_one_side_is_only_bounded(some, of, shown):
    assert share(some, of) == shown


def test_counts_ratios_and_times_need_enough_behind_them():
    assert (count(4), count(5)) == (UNDER, Figure(5))
    assert (ratio(12, 5), ratio(12, 4), ratio(4, 6)) == (Figure(2.4), UNDER, UNDER)
    assert (median(3.4, 5), median(3.4, 4), median(None, 9)) == (Figure(3), UNDER, UNDER)
    assert (ninetieth(9.6, 10), ninetieth(9.6, 9), ninetieth(None, 20)) == (Figure(10), UNDER, UNDER)
