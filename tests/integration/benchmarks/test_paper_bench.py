"""The figures of paper, on a few records: each has its floor, and the aims stand in the figures."""

from __future__ import annotations

from lian_desk.adapters.paper_forms.drawing import draw
from lian_desk.benchmarks.paper import measure_papers
from lian_desk.benchmarks.paper_sample import sample_record


def test_a_record_of_the_bench_has_two_pages_and_each_is_another() -> None:
    (first, facts), (second, _other) = (draw(sample_record(number)) for number in (1, 2))
    assert facts.page_count == 2
    assert first != second
    assert facts.replaced == ()


def test_the_figures_stand_beside_their_floors() -> None:
    said: list[str] = []
    figures = measure_papers(4, said.append)
    record, *_rest, memory = figures
    assert record.name.startswith("a record of 2 pages")
    assert (record.aim_ratio, record.runs) == (2.0, 4)
    assert record.floor_ms > 0
    assert record.value_ms > 0
    other = [found for found in figures if "fpdf2" in found.floor_name]
    # without the other library the bench says so instead of a figure
    assert len(other) + sum("fpdf2 is not installed" in words for words in said) == 1
    assert all(found.aim_ratio is not None and abs(found.aim_ratio - 1 / 15) < 1e-9 for found in other)
    assert memory.unit in {"MB", "ms"}
