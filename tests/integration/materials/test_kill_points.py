"""Killed at fifty steps of disk and database, an intake leaves no row without its file, nothing in clear, nothing lost."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake import IntakeOutcome, MaterialIntake
from lian_desk.services.materials.intake_plan import intake_plans
from lian_desk.services.upkeep.stored_files import Fault, check_materials
from lian_desk.services.workspace.workspace import open_workspace
from tests import material_corpus as corpus
from tests.desk_fixture import MONDAY
from tests.desk_world import World

POINTS = 50
SCRIPT = Path(__file__).with_name("kill_at_steps.py")
ROOT = Path(__file__).resolve().parents[3]
OFFERED = {
    "a.pdf": corpus.pdf(2),
    "b.jpg": corpus.picture("JPEG"),
    "c/d.zip": corpus.archive({"e.pdf": corpus.pdf(3), "f.tif": corpus.tiff(2)}),
}


def run(folder: Path, file_id: int, sources: Path, counts: list[int], scratch: Path) -> list[str]:
    scratch.mkdir(exist_ok=True)
    found = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), str(file_id), str(sources), *map(str, counts)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout.split()


def in_clear(*folders: Path) -> list[str]:
    """Names of files that hold the marker of the corpus, or a piece of it as it stands in a ZIP."""
    return [
        path.name
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and corpus.MARKER.encode() in path.read_bytes()
    ]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="makes each process from one that has loaded everything")
@pytest.mark.timeout(400)
def test_fifty_kills(tmp_path: Path, desk: Desk, world: World) -> None:
    file_id = world.open_file()
    clock = desk.clock
    desk.opened.close()
    prepared = tmp_path / "workspace"
    folder, sources, scratch = tmp_path / "killed", tmp_path / "offered", tmp_path / "scratch"

    def lay_out(count: int) -> None:
        shutil.copytree(prepared, folder / str(count))
        for name, content in OFFERED.items():
            path = sources / str(count) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    lay_out(0)
    steps, ended = run(folder, file_id, sources, [0], scratch)
    assert ended == "ended"
    assert int(steps) > 2 * POINTS
    points = sorted({1 + place * (int(steps) - 2) // (POINTS - 1) for place in range(POINTS)})
    assert len(points) == POINTS
    for count in points:
        lay_out(count)
    assert run(folder, file_id, sources, points, scratch) == ["killed"] * POINTS
    seen_orphan = seen_left_over = 0
    for count in points:
        workspace = folder / str(count)
        assert in_clear(workspace, scratch) == []
        opened = open_workspace(workspace, by_throw_away_key(), MONDAY)
        try:
            again = Desk(opened, clock)
            orphans = [finding.fault for finding in check_materials(again).findings]
            assert set(orphans) <= {Fault.ORPHAN}
            seen_orphan += bool(orphans)
            seen_left_over += go_on(again, file_id)
            with again.read() as session:
                rows = session.scalar(select(func.count(Material.id)))
                kinds = session.scalar(select(func.count(Material.sha256.distinct())))
            # whatever was planned is here in the end, once; before the plan was written nothing had begun
            assert rows == kinds
            assert rows in {0, 4}
            assert {finding.fault for finding in check_materials(again).findings} <= {Fault.ORPHAN}
        finally:
            opened.close()
    assert seen_orphan
    assert seen_left_over > POINTS // 2


def go_on(desk: Desk, file_id: int) -> bool:
    left = intake_plans(desk).left_over(file_id)
    intake = MaterialIntake(desk, file_id, MaterialSource.BUTTON)
    for job in left:
        plan = intake_plans(desk).resume(job.job_id)
        assert len(plan.items) == job.waiting_count
        for item in plan.items:
            assert intake.take_in(item).outcome is IntakeOutcome.ADDED
        intake_plans(desk).end(job.job_id)
    intake.close()
    assert intake_plans(desk).left_over(file_id) == []
    return bool(left)
