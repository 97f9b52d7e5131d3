import pytest

from lian_desk.benchmarks.figures import Figure, figure, times_of


def test_a_figure_is_the_median_beside_the_median_of_its_floor():
    found = figure("list", [30.0, 10.0, 20.0], "plain", [2.0, 8.0, 5.0], aim_ms=25)
    assert (found.value_ms, found.worst_ms, found.floor_ms, found.runs) == (20.0, 30.0, 5.0, 3)
    assert found.ratio == 4.0
    assert found.is_met is True


@pytest.mark.parametrize(
    ("aims", "met"),
    [
        ({"aim_ms": 20.0}, True),
        ({"aim_ms": 19.9}, False),
        ({"aim_ratio": 4.0}, True),
        ({"aim_ratio": 3.9}, False),
        ({}, None),
    ],
)
def test_an_aim_is_met_missed_or_absent(aims, met):
    found = Figure("x", 20.0, 20.0, "floor", 5.0, 1, **aims)
    assert found.is_met is met
    assert found.as_facts()["met"] is met


def test_the_first_call_warms_up_and_is_not_counted():
    calls = []
    assert len(times_of(lambda: calls.append(1), 4)) == 4
    assert len(calls) == 5
