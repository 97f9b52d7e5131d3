"""Every format by every way, and whatever else may lie on a disk: one sentence each, nothing hangs, nothing is lost."""

import errno
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lian_desk.adapters.rendering.renderer import BytesSource, Renderer
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.vocabulary import IntakeState, MaterialSource
from lian_desk.services.commands.settings import ChangeIntakeSettings
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake import IntakeOutcome, IntakeResult, MaterialIntake
from lian_desk.services.materials.intake_plan import intake_plans
from lian_desk.services.materials.intake_sources import IntakeItem, items_from
from lian_desk.services.materials.views import load_material_view, render_source
from lian_desk.services.upkeep.stored_files import check_materials
from tests import material_corpus as corpus

FORMATS = {
    "a.pdf": (corpus.pdf(2), "application/pdf", 2),
    "a.jpg": (corpus.picture("JPEG", orientation=6), "image/jpeg", 1),
    "a.jpeg": (corpus.picture("JPEG"), "image/jpeg", 1),
    "large.jpg": (corpus.picture("JPEG", (3_000, 2_000)), "image/jpeg", 1),
    "a.png": (corpus.picture("PNG"), "image/png", 1),
    "large.png": (corpus.picture("PNG", (3_000, 2_000)), "image/png", 1),
    "a.heic": (corpus.heic(), "image/heic", 1),
    "a.tif": (corpus.tiff(4), "image/tiff", 4),
    "a.webp": (corpus.picture("WEBP"), "image/webp", 1),
    "a.bmp": (corpus.picture("BMP"), "image/bmp", 1),
    "a.gif": (corpus.picture("GIF"), "image/gif", 1),
    "a.dcm": (corpus.dicom(), "application/dicom", 1),
    "film.dcm": (corpus.dicom(3), "application/dicom", 3),
}
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="such files exist elsewhere only")


def row_of(desk: Desk, result: IntakeResult) -> Material:
    assert result.outcome is IntakeOutcome.ADDED, result.sentence
    with desk.read() as session:
        return session.scalars(select(Material).where(Material.id == result.material_id)).one()


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_comes_in_and_is_shown(desk: Desk, intake: MaterialIntake, tmp_path: Path, name: str) -> None:
    content, media_type, pages = FORMATS[name]
    path = tmp_path / name
    path.write_bytes(content)
    result = intake.take_in(IntakeItem(name, path))
    row = row_of(desk, result)
    assert (row.media_type, row.page_count, result.sentence) == (media_type, pages, "")
    assert desk.materials.fetch(row.sha256) == content
    source = render_source(desk, load_material_view(desk, row.id))
    image = desk.renderer.render_page(source, pages - 1, 0.5)
    assert len(image.pixels) == image.stride * image.height
    assert len(set(image.pixels)) > 1


CUT = ["a.pdf", "a.jpg", "large.jpg", "a.png", "large.png", "a.heic", "a.tif", "a.dcm", "film.dcm"]


@pytest.mark.parametrize("name", CUT)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.97])
def test_a_cut_file_never_passes_for_a_whole_one(desk: Desk, intake: MaterialIntake, name: str, share: float) -> None:
    """It comes in with a note of what is missing, or is refused where nobody can open it."""
    result = intake.take_in(IntakeItem(name, corpus.cut(FORMATS[name][0], share)))
    assert result.sentence.endswith("。")
    if result.outcome is IntakeOutcome.ADDED:
        row = row_of(desk, result)
        assert row.flaw is not None
        assert row.flaw_page >= 1
    else:
        assert result.outcome is IntakeOutcome.REFUSED
        assert list(desk.materials.names()) == []
    may_open = name.endswith((".jpg", ".png")) and share >= 0.5
    assert result.outcome is (IntakeOutcome.ADDED if may_open else result.outcome)


def test_without_the_extra_a_dicom_is_kept_and_says_why(
    desk: Desk, intake: MaterialIntake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shadow = tmp_path / "shadow"
    shadow.mkdir()
    (shadow / "sitecustomize.py").write_text("import sys; sys.modules['pydicom'] = None\n", encoding="utf-8")
    real = subprocess.Popen

    def shadowed(*values: Any, **more: Any) -> Any:
        path = os.pathsep.join([str(shadow), more["env"]["PYTHONPATH"]])
        return real(*values, **{**more, "env": {**more["env"], "PYTHONPATH": path}})

    monkeypatch.setattr(subprocess, "Popen", shadowed)
    result = intake.take_in(IntakeItem("a.dcm", corpus.dicom()))
    row = row_of(desk, result)
    assert "DICOM" in result.sentence
    assert (row.media_type, row.page_count) == ("application/dicom", None)
    assert desk.materials.fetch(row.sha256) == corpus.dicom()


def test_scripts_in_a_pdf_are_named_and_never_run(
    desk: Desk, intake: MaterialIntake, tmp_path: Path, renderer: Renderer
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        port = listener.getsockname()[1]
        # as long as before, so that the places in the file stay right
        content = corpus.scripted_pdf().replace(b"127.0.0.1:9/", b"127.0.0.1:%d/" % port)
        result = intake.take_in(IntakeItem("a.pdf", content))
        assert row_of(desk, result).page_count == 1
        assert "脚本" in result.sentence
        source = BytesSource("scripted", content)
        renderer.render_page(source, 0, 1.0)
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the memory of the child from /proc")
def test_gigantic_pictures_cost_nothing(desk: Desk, intake: MaterialIntake) -> None:
    pictures = corpus.swollen_pictures()
    for name, content in pictures.items():
        assert len(content) < 400_000
        result = intake.take_in(IntakeItem(name, content))
        if name == "text.png":
            # a small whole picture; the words that it carries, 300 MB of nothing, are left where they are
            assert (result.outcome, result.sentence) == (IntakeOutcome.ADDED, "")
            continue
        assert (result.outcome, result.sentence.endswith("。")) == (IntakeOutcome.REFUSED, True), name
    child = intake._renderer._child
    assert child is not None
    told = Path(f"/proc/{child.process_id}/status").read_text(encoding="ascii")
    assert int(told.split("VmHWM:")[1].split()[0]) < 200 * 1024
    assert len(list(desk.materials.names())) == 1


def test_a_tiff_of_many_pages_or_in_a_circle(intake: MaterialIntake) -> None:
    for content in (corpus.crowded_tiff(100_000), corpus.circling_tiff()):
        result = intake.take_in(IntakeItem("a.tif", content))
        assert (result.outcome, "页数超过" in result.sentence) == (IntakeOutcome.REFUSED, True)
    assert intake.take_in(IntakeItem("b.tif", corpus.crowded_tiff(300))).outcome is IntakeOutcome.ADDED


def test_a_page_too_many(intake: MaterialIntake) -> None:
    result = intake.take_in(IntakeItem("a.pdf", corpus.crowded_pdf(100_000)))
    assert (result.outcome, "页数超过" in result.sentence) == (IntakeOutcome.REFUSED, True)


@POSIX
def test_devices_pipes_and_circles_neither_hang_nor_come_in(desk: Desk, intake: MaterialIntake, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "self.pdf").symlink_to(tmp_path / "self.pdf")
    (tmp_path / "gone.pdf").symlink_to(tmp_path / "nowhere.pdf")
    paths = [tmp_path / name for name in ("pipe.pdf", "self.pdf", "gone.pdf")]
    paths += [Path("/dev/zero"), Path("/dev/null"), Path("nul\x00name.pdf")]
    results = [intake.take_in(item) for item in items_from(paths)]
    assert [result.outcome for result in results] == [IntakeOutcome.REFUSED] * len(paths)
    assert all(result.sentence.endswith("。") for result in results)
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "up").symlink_to(tmp_path / "tree", target_is_directory=True)
    assert items_from([tmp_path / "tree"]) == []


def test_a_file_that_may_not_be_read(intake: MaterialIntake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(corpus.pdf())
    real = os.open

    def forbidding(name: Any, *values: Any, **more: Any) -> int:
        # the user who runs the tests may be one who may read everything
        if name == path:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(name, *values, **more)

    monkeypatch.setattr(os, "open", forbidding)
    result = intake.take_in(IntakeItem("a.pdf", path))
    assert (result.outcome, "打不开" in result.sentence) == (IntakeOutcome.REFUSED, True)


class Meddler:
    """Does something to a file when its first block has been read."""

    def __init__(self, act: Any) -> None:
        self._act = act
        self.is_done = False

    def __call__(self, _done: int, _total: int) -> None:
        if not self.is_done:
            self.is_done = True
            self._act()


def test_a_file_that_changes_while_it_is_read_is_left(desk: Desk, intake: MaterialIntake, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    whole = corpus.pdf(800, text="x" * 4000)
    assert len(whole) > 3_000_000

    def grow() -> None:
        with path.open("ab") as stream:
            stream.write(b"more")

    def shrink() -> None:
        os.truncate(path, 1_500_000)

    for act in (grow, shrink):
        path.write_bytes(whole)
        result = intake.take_in(IntakeItem("a.pdf", path), progress=Meddler(act))
        assert "被改写" in result.sentence
    assert list(desk.materials.names()) == []
    assert list(desk.materials.folder.glob("*.part")) == []


def test_a_file_deleted_while_it_is_read_is_whole_or_refused(
    desk: Desk, intake: MaterialIntake, tmp_path: Path
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(corpus.pdf(800, text="x" * 4000))
    whole = path.read_bytes()
    result = intake.take_in(IntakeItem("a.pdf", path), progress=Meddler(path.unlink))
    assert desk.materials.fetch(row_of(desk, result).sha256) == whole


def test_a_network_folder_that_vanishes_leaves_its_files_for_later(
    desk: Desk, file_id: int, intake: MaterialIntake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    for number in range(4):
        (share / f"{number}.pdf").write_bytes(corpus.pdf(number + 1))
    plans = intake_plans(desk)
    plan = plans.begin(file_id, MaterialSource.DROP, items_from([share]))
    assert intake.take_in(plan.items[0]).outcome is IntakeOutcome.ADDED
    share.rename(tmp_path / "away")
    results = [intake.take_in(item) for item in plan.items[1:]]
    assert [(result.outcome, result.may_retry) for result in results] == [(IntakeOutcome.REFUSED, True)] * 3
    plans.pause(plan.job_id)
    (tmp_path / "away").rename(share)
    (left,) = plans.left_over()
    assert left.waiting_count == 3
    again = plans.resume(left.job_id)
    assert plans.left_over() == []
    assert [intake.take_in(item).outcome for item in again.items] == [IntakeOutcome.ADDED] * 3
    plans.end(left.job_id)
    assert check_materials(desk).material_count == 4


def test_reading_errors_of_a_disk_are_told(
    desk: Desk, intake: MaterialIntake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(corpus.pdf(2))

    class Failing:
        def read(self, _size: int = -1) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

    sealed = desk.materials._vault.seal
    monkeypatch.setattr(
        desk.materials._vault, "seal", lambda _source, target, watch: sealed(Failing(), target, watch), raising=False
    )
    result = intake.take_in(IntakeItem("a.pdf", path))
    assert result.outcome is IntakeOutcome.REFUSED
    assert list(desk.materials.folder.rglob("*.part")) == []


def test_the_limit_is_a_setting(desk: Desk, lead: Desk, intake: MaterialIntake, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(corpus.pdf(1, text="x" * 1_200_000))
    lead.execute(ChangeIntakeSettings(command_id=lead.new_id(), drop_folder="", size_limit_megabytes=1))
    assert lead.materials.size_limit == 1024 * 1024
    # another desk on the same workspace learns it at its next start
    desk.use_intake_settings()
    result = intake.take_in(IntakeItem("a.pdf", path))
    assert "超过 1 MB" in result.sentence
    lead.execute(ChangeIntakeSettings(command_id=lead.new_id(), drop_folder="", size_limit_megabytes=2))
    desk.use_intake_settings()
    assert intake.take_in(IntakeItem("a.pdf", path)).outcome is IntakeOutcome.ADDED


def test_two_intakes_of_the_same_bytes_never_lose_the_file(
    desk: Desk, file_id: int, intake: MaterialIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is refused while the other has sealed the same bytes and waits for its row."""
    other = MaterialIntake(desk, file_id, MaterialSource.BUTTON)
    content = corpus.pdf(2)
    first = intake.prepare(IntakeItem("a.pdf", content))
    second = other.prepare(IntakeItem("b.pdf", content))
    assert (first.is_new_file, second.is_new_file) == (True, False)
    intake.let_go(first)
    assert desk.materials.exists(first.command.sha256)
    assert other.admit(IntakeItem("b.pdf", content), second).outcome is IntakeOutcome.ADDED
    assert check_materials(desk).is_sound
    other.close()


def test_hundreds_at_once_are_planned_in_one_go(desk: Desk, file_id: int, tmp_path: Path) -> None:
    for number in range(600):
        (tmp_path / f"{number:03}.pdf").write_bytes(b"%PDF-1.7 " + str(number).encode())
    plans = intake_plans(desk)
    plan = plans.begin(file_id, MaterialSource.DROP, items_from([tmp_path]))
    assert len([item for item in plan.items if item.entry_id is not None]) >= 600
    plans.settle(plan.items[0].entry_id, IntakeState.REFUSED)
    plans.pause(plan.job_id)
    (left,) = plans.left_over(file_id)
    assert left.waiting_count == len(plan.items) - 1
    assert plans.left_over(file_id + 1) == []
    plans.end(left.job_id)
    assert plans.left_over() == []


def test_many_threads_seal_at_once(desk: Desk, file_id: int) -> None:
    """Checksums are reckoned on shared threads: streams must not get into each other's way."""
    contents = [corpus.pdf(1, text=f"{number} " + "y" * 3_000_000) for number in range(6)]
    found: dict[int, str] = {}

    def keep(number: int) -> None:
        found[number] = desk.materials.keep(contents[number]).sha256

    threads = [threading.Thread(target=keep, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [desk.materials.fetch(found[number]) for number in range(6)] == contents
