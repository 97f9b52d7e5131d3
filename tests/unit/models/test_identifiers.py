"""Keys: unique on a node, apart between nodes, in the order of time, whatever the clock does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lian_desk.models.identifiers import MAXIMUM_NODE, IdentifierFactory

NOW = datetime(2026, 9, 28, 2, 0, tzinfo=UTC)


def test_many_keys_of_one_moment_differ_and_rise() -> None:
    made = IdentifierFactory(3)
    keys = [made.next(NOW) for _ in range(10_000)]
    assert keys == sorted(set(keys))
    assert 0 < keys[0] < keys[-1] < 1 << 63


@given(st.lists(st.integers(-10_000, 10_000), min_size=1, max_size=50))
def test_a_clock_that_jumps_makes_no_key_twice(steps: list[int]) -> None:
    made = IdentifierFactory(1)
    keys = [made.next(NOW + timedelta(milliseconds=step)) for step in steps]
    assert keys == sorted(set(keys))


def test_a_clock_set_back_over_a_restart_does_no_harm() -> None:
    last = IdentifierFactory(1).next(NOW)
    assert IdentifierFactory(1, last=last).next(NOW - timedelta(days=300)) > last
    assert IdentifierFactory(1, last=last).next(NOW) > last


def test_nodes_never_meet() -> None:
    keys = {IdentifierFactory(node).next(NOW) for node in range(MAXIMUM_NODE + 1)}
    assert len(keys) == MAXIMUM_NODE + 1


@pytest.mark.parametrize("node", [-1, MAXIMUM_NODE + 1])
def test_a_node_out_of_range_is_refused(node: int) -> None:
    with pytest.raises(ValueError, match="node"):
        IdentifierFactory(node)


def test_a_clock_beyond_the_keys_is_refused() -> None:
    with pytest.raises(ValueError, match="clock"):
        IdentifierFactory(0).next(datetime(2300, 1, 1, tzinfo=UTC))


def test_threads_share_a_factory() -> None:
    made = IdentifierFactory(1)
    with ThreadPoolExecutor(4) as pool:
        keys = list(pool.map(lambda _: made.next(NOW), range(4000)))
    assert len(set(keys)) == 4000
