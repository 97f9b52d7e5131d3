"""A full disk at any write, files of two gigabytes, the recovery key, the drop folder."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from sqlalchemy import select

from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.adapters.rendering.renderer import Renderer
from lian_desk.adapters.storage.loose_sources import LooseSource
from lian_desk.adapters.storage.material_store import MaterialStore
from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.commands.settings import AfterIntake, ChangeIntakeSettings
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.drop_folder import SETTLING, TAKEN, DropFolder, settle_taken
from lian_desk.services.materials.intake import IntakeOutcome, MaterialIntake
from lian_desk.services.materials.intake_plan import intake_plans
from lian_desk.services.materials.intake_settings import (
    load_settings_view,
    make_recovery_key,
    require_fit_drop_folder,
)
from lian_desk.services.materials.intake_sources import IntakeItem, items_from
from lian_desk.services.upkeep.resealing import names_to_reseal, reseal
from lian_desk.services.upkeep.stored_files import check_materials
from tests import material_corpus as corpus

ROOT = Path(__file__).resolve().parents[3]


class Full:
    """A disk that takes so many bytes and then no more, for the files that are written through ``os.fdopen``."""

    def __init__(self, stream: Any, room: list[int]) -> None:
        self._stream = stream
        self._room = room

    def write(self, content: bytes) -> int:
        taken = content[: self._room[0]]
        self._stream.write(taken)
        self._room[0] -= len(taken)
        if len(taken) < len(content):
            raise OSError(errno.ENOSPC, "No space left on device")
        return len(content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __enter__(self) -> "Full":  # noqa: PYI034 - stands in for a file
        return self

    def __exit__(self, *details: object) -> None:
        self._stream.close()


@contextmanager
def room_for(byte_count: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    room, real = [byte_count], os.fdopen

    def fdopen(descriptor: int, mode: str = "r", *values: Any, **more: Any) -> Any:
        stream = real(descriptor, mode, *values, **more)
        return Full(stream, room) if mode == "wb" else stream

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdopen", fdopen)
        yield


@pytest.mark.parametrize("room", [0, 1, 100, 70_000, 1_100_000, 2_000_000])
def test_a_disk_that_fills_at_any_byte_loses_nothing(
    desk: Desk, file_id: int, intake: MaterialIntake, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    kept = intake.take_in(IntakeItem("a.pdf", corpus.pdf(2)))
    assert kept.outcome is IntakeOutcome.ADDED
    large = corpus.long_pdf(10, 250_000)
    with room_for(room, monkeypatch):
        result = intake.take_in(IntakeItem("b.pdf", large))
    assert (result.outcome, result.may_retry) == (IntakeOutcome.REFUSED, True)
    assert "磁盘空间已满" in result.sentence
    assert list(desk.materials.folder.rglob("*.part")) == []
    assert check_materials(desk).is_sound
    assert intake.take_in(IntakeItem("b.pdf", large)).outcome is IntakeOutcome.ADDED


def test_a_small_disk_of_its_own(tmp_path: Path) -> None:
    """A real file system where one can be had: filled to the brim by the store itself."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=104m", "tmpfs", str(disk)]
    may_mount = sys.platform == "linux" and os.geteuid() == 0 and shutil.which("mount") is not None
    mounted = may_mount and subprocess.run(command, check=False, capture_output=True).returncode == 0
    try:
        store = MaterialStore(disk / "m", str(pyrage.x25519.Identity.generate()))
        # where no disk can be mounted, the file is larger than any
        size = 6_000_000 if mounted else shutil.disk_usage(disk).free
        store.size_limit = size + 1
        source = tmp_path / "large.pdf"
        with source.open("wb") as stream:
            stream.truncate(size)
        with pytest.raises(EnvironmentProblem) as problem:
            store.keep(source)
        assert problem.value.code is ErrorCode.DISK_FULL
        assert list(disk.rglob("*.part")) == []
        assert store.keep(corpus.pdf()).is_new
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(disk)], check=True)


LARGE = """
import resource, sys
from datetime import datetime
from pathlib import Path
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake_sources import IntakeItem, items_from
from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.services.materials.intake import MaterialIntake
from lian_desk.services.materials.views import load_material_view, render_source
from lian_desk.services.workspace.workspace import open_workspace
moment = datetime(2026, 9, 28, 11, 0, tzinfo=SHANGHAI)
desk = Desk(open_workspace(Path(sys.argv[1]), by_throw_away_key(), moment), FixedClock(moment))
intake = MaterialIntake(desk, int(sys.argv[2]), MaterialSource.BUTTON)
(item,) = items_from([Path(sys.argv[3])])
result = intake.take_in(item)
print(result.outcome, result.sentence)
image = desk.renderer.render_page(render_source(desk, load_material_view(desk, result.material_id)), 1, 0.5)
intake.close()
desk.close()
# the kernel's figure of this program alone: the one of getrusage begins with that of whoever started it
(peak,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
own, child = int(peak.split()[1]), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(image.width, own, child)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the memory from the kernel's own books")
@pytest.mark.timeout(400)
def test_two_gigabytes_come_in_and_are_shown_in_little_memory(
    tmp_path: Path, desk: Desk, lead: Desk, file_id: int
) -> None:
    lead.execute(ChangeIntakeSettings(command_id=lead.new_id(), drop_folder="", size_limit_megabytes=2048))
    desk.opened.close()
    small = corpus.pdf(3)
    path = tmp_path / "large.pdf"
    with path.open("wb") as stream:
        # a hole between the header and the pages, as long as two gigabytes allow
        place = 2 * 1024**3 - len(small) - 64
        body = small[small.index(b"\n") + 1 :]
        head = small[: small.index(b"\n") + 1]
        stream.write(head)
        stream.seek(place)
        moved = corpus.moved_pdf(body, len(head), place)
        stream.write(moved)
    assert path.stat().st_size > 2_147_000_000
    found = subprocess.run(
        [sys.executable, "-c", LARGE, str(tmp_path / "workspace"), str(file_id), str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    outcome, figures = found.stdout.strip().split("\n")
    assert outcome.split()[0] == "added"
    width, own, child = (int(value) for value in figures.split())
    assert width > 200
    # kilobytes; under one gigabyte together
    assert own + child < 700_000


# ------------------------------------------------------------------------------------------------------- recovery key


def test_materials_are_readable_with_the_recovery_key_alone(
    desk: Desk, lead: Desk, file_id: int, tmp_path: Path
) -> None:
    before = MaterialIntake(lead, file_id, MaterialSource.BUTTON)
    early = before.take_in(IntakeItem("a.pdf", corpus.pdf(1)))
    key_file = tmp_path / "usb" / "key.txt"
    key_file.parent.mkdir()
    recipient = make_recovery_key(key_file)
    with pytest.raises(EnvironmentProblem) as problem:
        make_recovery_key(key_file)
    assert problem.value.code is ErrorCode.FILE_EXISTS
    lead.execute(ChangeIntakeSettings(command_id=lead.new_id(), drop_folder="", recovery_recipient=recipient))
    assert load_settings_view(lead).settings.recovery_recipient == recipient
    content = corpus.pdf(7)
    late = before.take_in(IntakeItem("b.pdf", content))
    before.close()
    assert {early.outcome, late.outcome} == {IntakeOutcome.ADDED}
    with lead.read() as session:
        row = session.scalars(select(Material).where(Material.id == late.material_id)).one()
    lines = key_file.read_text(encoding="utf-8").splitlines()
    (secret,) = [line for line in lines if not line.startswith("#")]
    identity = pyrage.x25519.Identity.from_str(secret)
    sealed = lead.materials.path_of(row.sha256).read_bytes()
    assert pyrage.decrypt(sealed, [identity]) == content
    # the secret half is nowhere in the workspace
    kept = [path for path in desk.opened.folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    assert kept == []
    assert check_materials(lead).is_sound


def test_earlier_materials_are_sealed_anew_for_a_later_key(
    desk: Desk, lead: Desk, file_id: int, intake: MaterialIntake, tmp_path: Path
) -> None:
    contents = [corpus.pdf(1), corpus.long_pdf(6, 200_000)]
    for content in contents:
        assert intake.take_in(IntakeItem("a.pdf", content)).outcome is IntakeOutcome.ADDED
    assert names_to_reseal(lead) == []
    recipient = make_recovery_key(tmp_path / "key.txt")
    lead.execute(ChangeIntakeSettings(command_id=lead.new_id(), drop_folder="", recovery_recipient=recipient))
    names = names_to_reseal(lead)
    assert sorted(names) == sorted(lead.materials.names())
    assert load_settings_view(lead).earlier == tuple(names)
    desk.use_intake_settings()
    with pytest.raises(RuleViolation) as violation:
        reseal(desk, names[0])
    assert violation.value.code is ErrorCode.NOT_ALLOWED
    # the right content under another seal is sound: a kill between seal and row does no harm
    assert check_materials(lead).is_sound
    for name in names:
        reseal(lead, name)
    assert names_to_reseal(lead) == []
    assert check_materials(lead).is_sound
    identity = pyrage.x25519.Identity.from_str((tmp_path / "key.txt").read_text(encoding="utf-8").split()[-1])
    opened = [pyrage.decrypt(lead.materials.path_of(name).read_bytes(), [identity]) for name in names]
    assert sorted(opened) == sorted(contents)
    with lead.read() as session:
        for row in session.scalars(select(Material)):
            assert row.sealed_sha256 == lead.materials.sealed_checksum(row.sha256)


def test_a_damaged_file_keeps_its_seal(lead: Desk, file_id: int, intake: MaterialIntake, tmp_path: Path) -> None:
    intake.take_in(IntakeItem("a.pdf", corpus.long_pdf(6, 200_000)))
    recipient = make_recovery_key(tmp_path / "key.txt")
    lead.execute(ChangeIntakeSettings(command_id=lead.new_id(), drop_folder="", recovery_recipient=recipient))
    (name,) = names_to_reseal(lead)
    path = lead.materials.path_of(name)
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(EnvironmentProblem) as problem:
        reseal(lead, name)
    assert problem.value.code is ErrorCode.MATERIAL_DAMAGED
    assert path.read_bytes() == damaged
    assert list(lead.materials.folder.rglob("*.part")) == []


def test_only_a_lead_sets_limit_and_recovery_key(desk: Desk, lead: Desk) -> None:
    for values in ({"size_limit_megabytes": 300}, {"recovery_recipient": "age1x"}):
        with pytest.raises(RuleViolation) as violation:
            desk.execute(ChangeIntakeSettings(command_id=desk.new_id(), drop_folder="", **values))  # type: ignore[arg-type]
        assert violation.value.code is ErrorCode.NOT_ALLOWED
    secret = str(pyrage.x25519.Identity.generate())
    for wrong in ("age1x", secret):
        with pytest.raises(RuleViolation) as violation:
            lead.execute(ChangeIntakeSettings(command_id=lead.new_id(), drop_folder="", recovery_recipient=wrong))
        assert violation.value.code is ErrorCode.RECOVERY_KEY_UNFIT
    for size in (0, 2049):
        with pytest.raises(RuleViolation) as violation:
            lead.execute(ChangeIntakeSettings(command_id=lead.new_id(), drop_folder="", size_limit_megabytes=size))
        assert violation.value.code is ErrorCode.VALUE_NOT_UNDERSTOOD
    assert not load_settings_view(desk).is_lead
    # saving what stands there already needs no lead
    desk.execute(
        ChangeIntakeSettings(command_id=desk.new_id(), drop_folder="", size_limit_megabytes=200, recovery_recipient="")
    )


# -------------------------------------------------------------------------------------------------------- drop folder


@pytest.fixture
def drop(desk: Desk, tmp_path: Path) -> Path:
    folder = tmp_path / "scanner"
    folder.mkdir()
    desk.execute(ChangeIntakeSettings(command_id=desk.new_id(), drop_folder=str(folder)))
    return folder


def arrived(watched: DropFolder, clock: FixedClock) -> list[str]:
    watched.look()
    clock.moment += SETTLING + timedelta(seconds=1)
    return [file.name for file in watched.look().files if file.is_arrived]


def test_a_file_waits_until_it_has_arrived(desk: Desk, drop: Path, clock: FixedClock) -> None:
    watched = DropFolder(desk)
    for name in ("a.pdf", "b.pdf.part", "~$c.docx", ".hidden.pdf", "d.crdownload", f"{TAKEN}/old.pdf", "sub/e.jpg"):
        (drop / name).parent.mkdir(exist_ok=True)
        (drop / name).write_bytes(corpus.pdf(1))
    first = watched.look()
    assert [(file.name, file.is_arrived) for file in first.files] == [("a.pdf", False), ("e.jpg", False)]
    clock.moment += SETTLING
    (drop / "a.pdf").write_bytes(corpus.pdf(2))
    assert [(file.name, file.is_arrived) for file in watched.look().files] == [("e.jpg", True), ("a.pdf", False)]
    clock.moment += SETTLING
    assert [file.is_arrived for file in watched.look().files] == [True, True]
    assert not any(desk.materials.names())


@pytest.mark.parametrize("after", list(AfterIntake))
def test_what_is_assigned_goes_out_of_the_way(
    desk: Desk, file_id: int, drop: Path, clock: FixedClock, after: AfterIntake
) -> None:
    desk.execute(ChangeIntakeSettings(command_id=desk.new_id(), drop_folder=str(drop), after_intake=after))
    (drop / "a.pdf").write_bytes(corpus.pdf(1))
    (drop / "b.zip").write_bytes(corpus.archive({"c.pdf": corpus.pdf(2), "d.pdf": corpus.pdf(3)}))
    (drop / "bad.zip").write_bytes(corpus.archive({"e.pdf": corpus.pdf(4), "f.txt": b"no paper"}))
    watched = DropFolder(desk)
    assert arrived(watched, clock) == ["a.pdf", "b.zip", "bad.zip"]
    plans = intake_plans(desk)
    plan = plans.begin(file_id, MaterialSource.DROP_FOLDER, items_from(sorted(drop.iterdir())))
    intake = MaterialIntake(desk, file_id, MaterialSource.DROP_FOLDER)
    for item in plan.items:
        intake.take_in(item)
    intake.close()
    assert settle_taken(desk, plans.taken_paths(plan.job_id)) == 0
    plans.end(plan.job_id)
    left = sorted(path.name for path in drop.iterdir() if path.is_file())
    # an archive of which a part was refused stays where a person sees it
    assert left == (["bad.zip"] if after is AfterIntake.MOVE else ["a.pdf", "b.zip", "bad.zip"])
    assert (drop / TAKEN / "a.pdf").exists() is (after is AfterIntake.MOVE)
    waiting = [file.name for file in watched.look().files]
    assert "a.pdf" not in waiting
    with desk.read() as session:
        assert {row.source for row in session.scalars(select(Material))} == {MaterialSource.DROP_FOLDER}
    if after is AfterIntake.LEAVE:
        (drop / "a.pdf").write_bytes(corpus.pdf(9))
        assert "a.pdf" in [file.name for file in watched.look().files]


def test_nothing_is_written_over_in_the_folder_of_what_was_taken(desk: Desk, drop: Path) -> None:
    for number in (1, 2, 3):
        (drop / "a.pdf").write_bytes(corpus.pdf(number))
        assert settle_taken(desk, [drop / "a.pdf"]) == 0
    assert sorted(path.name for path in (drop / TAKEN).iterdir()) == ["a (2).pdf", "a (3).pdf", "a.pdf"]
    assert settle_taken(desk, [drop / "gone.pdf"]) == 1
    assert settle_taken(desk, [drop.parent / "elsewhere.pdf"]) == 0


def test_a_folder_that_is_gone_is_a_state_and_comes_back(desk: Desk, drop: Path, clock: FixedClock) -> None:
    (drop / "a.pdf").write_bytes(corpus.pdf(1))
    watched = DropFolder(desk)
    drop.rename(drop.with_name("away"))
    assert not watched.look().is_reachable
    drop.with_name("away").rename(drop)
    assert arrived(watched, clock) == ["a.pdf"]
    desk.execute(ChangeIntakeSettings(command_id=desk.new_id(), drop_folder=""))
    assert watched.look().folder is None


def test_a_waiting_file_is_looked_at_before_it_is_anybodys(
    desk: Desk, drop: Path, clock: FixedClock, renderer: Renderer
) -> None:
    (drop / "a.pdf").write_bytes(corpus.pdf(2))
    (drop / "b.pdf").write_bytes(corpus.long_pdf(12, 250_000))
    watched = DropFolder(desk)
    assert arrived(watched, clock) == ["a.pdf", "b.pdf"]
    for file, pages in zip(watched.look().files, (2, 12), strict=True):
        source = LooseSource(file.path, file.state)
        assert len(renderer.page_sizes(source)) == pages
        assert renderer.render_page(source, pages - 1, 0.2).width > 100
    (drop / "b.pdf").unlink()
    with pytest.raises(RuleViolation):
        renderer.render_page(LooseSource(file.path, file.state), 0, 0.2)
    assert list(desk.materials.names()) == []


def test_which_folder_may_be_watched(desk: Desk, tmp_path: Path) -> None:
    require_fit_drop_folder(desk, None)
    (tmp_path / "fit").mkdir()
    require_fit_drop_folder(desk, tmp_path / "fit")
    for folder, code in (
        (tmp_path / "none", ErrorCode.DROP_FOLDER_UNREADABLE),
        (desk.opened.folder, ErrorCode.DROP_FOLDER_UNFIT),
        (desk.opened.layout.materials, ErrorCode.DROP_FOLDER_UNFIT),
        (tmp_path, ErrorCode.DROP_FOLDER_UNFIT),
    ):
        with pytest.raises(RuleViolation) as violation:
            require_fit_drop_folder(desk, folder)
        assert violation.value.code is code
