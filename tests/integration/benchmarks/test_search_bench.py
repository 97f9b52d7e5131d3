"""The bench of the search on a few pages: made once, kept, every question answered from what was written."""

from pathlib import Path

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import SystemClock
from lian_desk.benchmarks.materials.full_text import QUESTIONS, measure_search
from lian_desk.benchmarks.materials.materials_suite import MEASURES, MaterialsBench
from lian_desk.services.desk.desk import Desk
from lian_desk.services.search.text_search import find_texts
from lian_desk.services.workspace.workspace import open_workspace


def test_pages_are_written_once_and_found(tmp_path: Path) -> None:
    told: list[str] = []
    bench = MaterialsBench(tmp_path, 2, 1, 240, told.append)
    first = measure_search(bench)
    assert [found.aim_ms for found in first] == [50.0, 50.0, None]
    assert all(found.floor_ms > 0 for found in first)
    written = len(told)
    assert measure_search(bench)
    assert len(told) == written
    desk = Desk(
        open_workspace(tmp_path / "full_text" / "pages-240", by_throw_away_key(), SystemClock().now()), SystemClock()
    )
    try:
        hits = {question: find_texts(desk, question).hits for question in QUESTIONS}
    finally:
        desk.close()
    assert hits["患院"] == ()
    for question in ("患者", "CA125", "mri", "乳腺 淋巴结"):
        hit = hits[question][0]
        assert hit.spans
        assert hit.material_id is not None


def test_the_bench_of_materials_measures_the_search() -> None:
    assert ("full_text", "measure_search") in {(module, function) for _words, module, function in MEASURES}
