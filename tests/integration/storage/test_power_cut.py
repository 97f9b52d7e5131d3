"""Power cuts at every step of what the program writes: what it called kept is there, and nothing is half.

A killed process loses nothing that the system already holds, so kills alone cannot see a missing flush. Here each
flush is recorded and everything unflushed is dropped, torn or zero (``tests/power_cut.py``). As a control each story
is told once more on a disk that ignores the flushes of files, and on one that ignores those of folders: there losses
must be seen.
"""

import hashlib
import itertools
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import select

from lian_desk.adapters.database.backups import list_backups, verify_backup
from lian_desk.adapters.disk.durable_files import write_durably
from lian_desk.adapters.drawing.delivery import deliver, deliver_by_writing
from lian_desk.adapters.keys.envelope_changes import change_password, load_envelope
from lian_desk.adapters.keys.password_wrap import PasswordCost
from lian_desk.adapters.keys.unlocking import by_password, by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.adapters.storage.material_store import MaterialStore
from lian_desk.models.errors import EnvironmentProblem
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake import IntakeItem, MaterialIntake
from lian_desk.services.upkeep.repair import recover_from
from lian_desk.services.upkeep.stored_files import check_materials
from lian_desk.services.workspace.workspace import NewWorkspace, create_workspace, open_workspace, workspace_exists
from tests import material_corpus as corpus
from tests.desk_fixture import CASE_MANAGER, MONDAY, as_operator, template
from tests.desk_world import World
from tests.power_cut import PowerCut, recorded

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
OLD, NEW = "天津港的雾 2026", "太湖的风 2027 年"
CHEAP = PasswordCost(memory_kib=64, passes=1, lanes=1)
IDENTITY = str(pyrage.x25519.Identity.generate())
FURTHER = str(pyrage.x25519.Identity.generate().to_public())
TEXTS = (b"paper one " * 5000, b"paper two " * 9000)


@dataclass(frozen=True)
class Story:
    """Something the program does in a folder, and what is missing on a disk on which so much was acknowledged."""

    prepare: Callable[[Path], object]
    do: Callable[[Path, PowerCut], object]
    missing: Callable[[int, Path], list[str]]


def nothing_before(_root: Path) -> None:
    """The story begins in an empty folder."""


# ------------------------------------------------------------------------------------------------ the material store


def store_of(root: Path) -> MaterialStore:
    return MaterialStore(root / "materials", IDENTITY)


def keep_reseal_and_discard(root: Path, power: PowerCut) -> None:
    store = store_of(root)
    kept = []
    for text in TEXTS:
        kept.append(store.keep(text).sha256)
        power.acknowledge()
    store.use_settings(size_limit=store.size_limit, recovery_recipients=(FURTHER,))
    store.reseal(kept[0])
    power.acknowledge()
    store.discard(kept[1])
    power.acknowledge()


def missing_materials(acknowledged: int, disk: Path) -> list[str]:
    store = store_of(disk)
    found = [f"half a file {name}" for name in store.names() if not is_whole(store, name)]
    names = [hashlib.sha256(text).hexdigest() for text in TEXTS]
    wanted = names[: min(acknowledged, 2)] if acknowledged < 4 else names[:1]
    # while the last step is under way the second one may be gone already
    sure = wanted if acknowledged != 3 else names[:1]
    found += [f"lost {name}" for name in sure if not store.exists(name)]
    if acknowledged == 4 and store.exists(names[1]):
        found.append("erased and there again")
    if acknowledged >= 3 and store.exists(names[0]) and store.recipient_count(names[0]) != 2:
        found.append("the old seal is back")
    return found


def is_whole(store: MaterialStore, name: str) -> bool:
    try:
        return store.verify(name).sha256 == name
    except EnvironmentProblem:
        return False


def keep_one(root: Path) -> None:
    store_of(root).keep(TEXTS[0])


def keep_again_what_somebody_left(root: Path, power: PowerCut) -> None:
    """The first one ended before its name was on the disk; whoever answers for the file afterwards sees to it."""
    power.ignore_folder_flushes = True
    store_of(root).keep(TEXTS[1])
    power.ignore_folder_flushes = power.is_blind
    assert not store_of(root).keep(TEXTS[1]).is_new
    power.acknowledge()


def missing_kept_again(acknowledged: int, disk: Path) -> list[str]:
    store = store_of(disk)
    found = [f"half a file {name}" for name in store.names() if not is_whole(store, name)]
    name = hashlib.sha256(TEXTS[1]).hexdigest()
    return found if store.exists(name) or not acknowledged else [*found, f"lost {name}"]


def set_one_aside(root: Path, power: PowerCut) -> None:
    store_of(root).set_aside(hashlib.sha256(TEXTS[0]).hexdigest(), root / "quarantine")
    power.acknowledge()


def missing_aside(acknowledged: int, disk: Path) -> list[str]:
    name = hashlib.sha256(TEXTS[0]).hexdigest()
    there = store_of(disk).exists(name)
    aside = (disk / "quarantine" / f"{name}.age").exists()
    found = [] if there or aside else ["nowhere"]
    return [*found, "back in its place"] if acknowledged and (there or not aside) else found


# -------------------------------------------------------------------------------------------------------- the envelope


def a_workspace(root: Path) -> None:
    create_workspace(root / "w", NewWorkspace("沈知远", "NJ01", OLD, cost=CHEAP), NOW)
    # filling for a full disk; it has no content to lose
    (root / "w" / "reserve.bin").unlink()


def change_the_password(root: Path, power: PowerCut) -> None:
    folder = root / "w"
    change_password(folder, folder / "desk.sqlite3", by_password(OLD), NEW, CHEAP)
    power.acknowledge()


def missing_ways_in(acknowledged: int, disk: Path) -> list[str]:
    passwords = (NEW,) if acknowledged else (OLD, NEW)
    try:
        envelope = load_envelope(disk / "w")[0]
    except EnvironmentProblem as problem:
        return [str(problem.code)]
    return [] if any(opens(envelope, password) for password in passwords) else ["no password opens"]


def opens(envelope: object, password: str) -> bool:
    try:
        by_password(password)(envelope)  # type: ignore[arg-type]
    except EnvironmentProblem:
        return False
    return True


def make_a_demo(root: Path, power: PowerCut) -> None:
    create_workspace(root / "new" / "w", NewWorkspace("示例", "DEMO", None, is_demo=True), NOW)
    power.acknowledge()


def missing_workspace(acknowledged: int, disk: Path) -> list[str]:
    folder = disk / "new" / "w"
    if not acknowledged and not (folder / "envelope.json").exists():
        # not begun, or to be begun anew
        return [] if not workspace_exists(folder) else ["a rest that nobody can open or make anew"]
    try:
        open_workspace(folder, by_throw_away_key(), NOW).close()
    except EnvironmentProblem as problem:
        return [str(problem.code)]
    return []


# --------------------------------------------------------------------------------------- papers, settings, backups


def old_papers(root: Path) -> None:
    for name in ("a.pdf", "b.pdf", "c.json"):
        write_durably(root / name, b"old " * 3000)


def bring_papers(root: Path, power: PowerCut) -> None:
    deliver(b"new " * 4000, root / "a.pdf")
    power.acknowledge()
    with deliver_by_writing(root / "b.pdf") as stream:
        stream.write(b"new " * 2000)
        stream.write(b"new " * 2000)
    power.acknowledge()
    write_durably(root / "c.json", b"new " * 4000)
    power.acknowledge()


def missing_papers(acknowledged: int, disk: Path) -> list[str]:
    found = []
    for number, name in enumerate(("a.pdf", "b.pdf", "c.json")):
        path = disk / name
        content = path.read_bytes() if path.exists() else b"gone"
        allowed = {b"new " * 4000} if number < acknowledged else {b"old " * 3000, b"new " * 4000}
        if content not in allowed:
            found.append(name)
    return found


def make_a_backup(root: Path, power: PowerCut) -> None:
    workspace = open_workspace(root / "w", by_password(OLD), NOW)
    try:
        workspace.backup(NOW)
        power.acknowledge()
    finally:
        workspace.close()


def missing_backups(acknowledged: int, disk: Path) -> list[str]:
    keys = by_password(OLD)(load_envelope(disk / "w")[0])
    backups = list_backups(disk / "w" / "backups")
    found = ["no backup"] if len(backups) < acknowledged else []
    for backup in backups:
        try:
            verify_backup(backup.path, keys.database)
            if not backup.path.with_suffix(".envelope.json").read_bytes():
                found.append("a backup without its envelope")
        except (EnvironmentProblem, OSError):
            found.append("half a backup")
    return found


STORIES = {
    "materials": Story(nothing_before, keep_reseal_and_discard, missing_materials),
    "kept again": Story(keep_one, keep_again_what_somebody_left, missing_kept_again),
    "set aside": Story(keep_one, set_one_aside, missing_aside),
    "password": Story(a_workspace, change_the_password, missing_ways_in),
    "new workspace": Story(nothing_before, make_a_demo, missing_workspace),
    "papers": Story(old_papers, bring_papers, missing_papers),
    "backup": Story(a_workspace, make_a_backup, missing_backups),
}


def losses(story: Story, tmp_path: Path, **disk: bool) -> tuple[int, list[str]]:
    """How many disks a power cut could leave, and what is missing on each that lost something."""
    root, disks = tmp_path / "root", tmp_path / "disks"
    root.mkdir()
    disks.mkdir()
    story.prepare(root)
    with recorded(root, **disk) as power:
        story.do(root, power)
    found: list[str] = []
    count = 0
    for acknowledged, laid_out in power.disks(disks):
        count += 1
        missing = story.missing(acknowledged, laid_out)
        found += [f"{laid_out.name} after {acknowledged}: {words}" for words in missing]
        shutil.rmtree(laid_out)
        if found and any(disk.values()):
            # a control needs one loss only
            break
    return count, found


@pytest.mark.parametrize("name", STORIES)
def test_a_power_cut_at_any_step_loses_nothing_that_was_answered(name: str, tmp_path: Path) -> None:
    count, found = losses(STORIES[name], tmp_path)
    assert found == []
    assert count >= 5


CONTROLS = [
    (name, ignored)
    for name, ignored in itertools.product(STORIES, ["ignore_file_flushes", "ignore_folder_flushes"])
    # setting aside writes no file, it moves one
    if (name, ignored) != ("set aside", "ignore_file_flushes")
]


@pytest.mark.parametrize(("name", "ignored"), CONTROLS)
def test_the_same_on_a_disk_that_ignores_flushes_is_seen_to_lose(name: str, ignored: str, tmp_path: Path) -> None:
    assert losses(STORIES[name], tmp_path, **{ignored: True})[1] != []


# -------------------------------------------------------------------------------------------------- the whole program


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A folder with a workspace in which a file was opened."""
    root = tmp_path / "root"
    shutil.copytree(template(), root / "w")
    opened = open_workspace(root / "w", by_throw_away_key(), MONDAY)
    clock = FixedClock(MONDAY)
    desk = Desk(opened, clock, staff_number=CASE_MANAGER)
    World(desk, as_operator(desk, "002"), clock).open_file()
    desk.close()
    return root


def missing_files(disk: Path, acknowledged: int) -> list[str]:
    """Rows whose file is not whole, and acknowledged materials without a row."""
    opened = open_workspace(disk / "w", by_throw_away_key(), MONDAY)
    desk = Desk(opened, FixedClock(MONDAY), staff_number=CASE_MANAGER)
    try:
        with desk.read() as session:
            rows = session.scalars(select(Material.sha256)).all()
        found = [f"row without its file {name}" for name in rows if not is_whole(desk.materials, name)]
        if len(rows) < acknowledged:
            found.append(f"{acknowledged} answered, {len(rows)} there")
        return found
    finally:
        desk.close()


def take_in_two(root: Path, power: PowerCut) -> None:
    opened = open_workspace(root / "w", by_throw_away_key(), MONDAY)
    desk = Desk(opened, FixedClock(MONDAY), staff_number=CASE_MANAGER)
    with desk.read() as session:
        file_id = session.scalars(select(AssistanceFile.id)).one()
    intake = MaterialIntake(desk, file_id, MaterialSource.BUTTON)
    try:
        for number in range(2):
            intake.take_in(IntakeItem(f"{number}.pdf", corpus.pdf(number + 1)))
            power.acknowledge()
    finally:
        intake.close()
        desk.renderer.close()
        desk.close()


def test_no_row_without_its_file_and_no_answered_material_lost_by_a_power_cut(used: Path, tmp_path: Path) -> None:
    with recorded(used) as power:
        take_in_two(used, power)
    (tmp_path / "disks").mkdir()
    count = 0
    for acknowledged, disk in power.disks(tmp_path / "disks"):
        count += 1
        assert missing_files(disk, acknowledged) == [], disk.name
        shutil.rmtree(disk)
    assert count >= 10


def test_a_recovered_file_and_the_bad_one_set_aside_outlive_a_power_cut(used: Path, tmp_path: Path) -> None:
    with recorded(used) as power:
        take_in_two(used, power)
    copy = tmp_path / "copy"
    shutil.copytree(used / "w" / "materials", copy)
    opened = open_workspace(used / "w", by_throw_away_key(), MONDAY)
    desk = Desk(opened, FixedClock(MONDAY), staff_number=CASE_MANAGER)
    name = next(iter(desk.materials.names()))
    desk.materials.path_of(name).write_bytes(b"spoilt")
    findings = check_materials(desk).findings
    with recorded(used) as power:
        assert len(recover_from(desk, findings, copy).recovered) == 1
        power.acknowledge()
    desk.close()
    (tmp_path / "disks").mkdir()
    for acknowledged, disk in power.disks(tmp_path / "disks"):
        store = MaterialStore(disk / "w" / "materials", desk.opened.keys.file_identity)
        spoilt = [path for path in disk.rglob("*.age") if path.read_bytes() == b"spoilt"]
        assert spoilt, disk.name
        assert not acknowledged or is_whole(store, name), disk.name
        shutil.rmtree(disk)
