"""Taking in: each file has its own result, nothing lies in clear, a kill leaves no row without its file."""

import errno
import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import func, select

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.storage.thumbnails import Thumbnails
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.assistance_file import FileEntry
from lian_desk.models.tables.people.person import InformationAuthorization
from lian_desk.models.vocabulary import EntryCategory, MaterialKind, MaterialSource, MaterialState, OwnSign
from lian_desk.services.assistance_files.authorizations import WithdrawAuthorization
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake import IntakeOutcome, MaterialIntake
from lian_desk.services.materials.intake_sources import IntakeItem, items_from
from lian_desk.services.materials.materials import (
    AttachMaterialToRequest,
    ClassifyMaterial,
    ConfirmMaterial,
    DetachMaterialFromRequest,
    MarkMaterialDeficient,
    RecordMaterialView,
    RotateMaterial,
)
from lian_desk.services.materials.views import (
    check_material,
    export_material,
    export_name,
    load_material_view,
    render_source,
)
from lian_desk.services.upkeep.stored_files import Fault, check_materials, set_orphans_aside
from lian_desk.services.workspace.workspace import open_workspace
from tests import material_corpus as corpus
from tests.desk_fixture import MONDAY
from tests.desk_world import World


def material(desk: Desk, key: int | None) -> Material:
    assert key is not None
    with desk.read() as session:
        return session.get_one(Material, key)


def count(desk: Desk) -> int:
    with desk.read() as session:
        return session.scalar(select(func.count(Material.id))) or 0


def take(intake: MaterialIntake, content: bytes = b"", name: str = "王淑兰 病理.pdf") -> int:
    result = intake.take_in(IntakeItem(name, content or corpus.pdf(2)))
    assert result.outcome is IntakeOutcome.ADDED, result.sentence
    assert result.material_id is not None
    return result.material_id


GOOD = {
    "病历.pdf": (corpus.pdf(2), "application/pdf", 2),
    "照片.jpg": (corpus.picture("JPEG", orientation=6), "image/jpeg", 1),
    "截图.png": (corpus.picture("PNG"), "image/png", 1),
    "手机.heic": (corpus.heic(), "image/heic", 1),
    "传真.tif": (corpus.tiff(3), "image/tiff", 3),
}
BAD = {
    "空.pdf": (b"", "0 字节"),
    "截断.pdf": (corpus.cut(corpus.pdf(3)), "已截断"),
    "截断.jpg": (corpus.cut(corpus.picture("JPEG"), 0.05), "已截断"),
    "加密.pdf": (corpus.locked_pdf(), "密码"),
    "病历.docx": (b"PK\x03\x04" + bytes(400), "换一种格式"),
    "巨图.png": (corpus.swollen_png(), "图片过大"),
    "多页.pdf": (corpus.crowded_pdf(12_000), "页数超过"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_becomes_a_material(desk: Desk, intake: MaterialIntake, name: str) -> None:
    content, media_type, pages = GOOD[name]
    row = material(desk, take(intake, content, name))
    assert (row.media_type, row.page_count, row.original_name) == (media_type, pages, name)
    assert (row.kind, row.state, row.source) == (
        MaterialKind.UNCLASSIFIED,
        MaterialState.RECEIVED,
        MaterialSource.BUTTON,
    )
    assert desk.materials.fetch(row.sha256) == content
    assert row.sealed_sha256 == desk.materials.sealed_checksum(row.sha256)
    with desk.read() as session:
        feed = session.scalars(select(FileEntry).where(FileEntry.category == EntryCategory.MATERIAL)).all()
    assert [entry.title for entry in feed] == ["收到材料"]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_a_sentence_and_leaves_nothing(
    desk: Desk, intake: MaterialIntake, name: str, tmp_path: Path
) -> None:
    content, words = BAD[name]
    path = tmp_path / name
    path.write_bytes(content)
    for item in (IntakeItem(name, content), IntakeItem(name, path)):
        result = intake.take_in(item)
        assert result.outcome is IntakeOutcome.REFUSED
        assert words in result.sentence
        assert result.sentence.endswith("。")
    assert count(desk) == 0
    assert list(desk.materials.names()) == []
    assert take(intake, corpus.pdf(), "下一份.pdf")


def test_a_hostile_file_is_kept_but_never_shown(desk: Desk, intake: MaterialIntake) -> None:
    bomb = corpus.inflating_pdf()
    result = intake.take_in(IntakeItem("炸弹.pdf", bomb))
    assert result.outcome is IntakeOutcome.ADDED
    assert "不能安全地显示" in result.sentence
    row = material(desk, result.material_id)
    assert (row.page_count, row.media_type) == (None, "application/pdf")
    assert desk.materials.fetch(row.sha256) == bomb


def test_a_wrong_ending_is_named_and_the_content_decides(desk: Desk, intake: MaterialIntake) -> None:
    result = intake.take_in(IntakeItem("其实是图片.pdf", corpus.picture("PNG")))
    assert result.outcome is IntakeOutcome.ADDED
    assert "PNG" in result.sentence
    assert material(desk, result.material_id).media_type == "image/png"
    assert intake.take_in(IntakeItem("照片.JPEG", corpus.picture("JPEG"))).sentence == ""


def test_the_same_file_is_taken_in_once(desk: Desk, intake: MaterialIntake) -> None:
    take(intake, name="甲.pdf")
    again = intake.take_in(IntakeItem("乙.pdf", corpus.pdf(2)))
    assert again.outcome is IntakeOutcome.DUPLICATE
    assert "已经收过" in again.sentence
    assert "待分类" in again.sentence
    assert "甲" not in again.sentence
    assert count(desk) == 1
    assert len(list(desk.materials.names())) == 1


def test_the_same_file_in_another_case_is_named_by_its_number(desk: Desk, world: World, intake: MaterialIntake) -> None:
    take(intake)
    other = MaterialIntake(desk, world.open_file(), MaterialSource.DROP)
    result = other.take_in(IntakeItem("x.pdf", corpus.pdf(2)))
    other.close()
    assert result.outcome is IntakeOutcome.DUPLICATE
    assert result.waiting is not None
    assert "另一位被保险人的档案" in result.sentence
    assert "王淑兰" not in result.sentence
    assert count(desk) == 1
    assert len(list(desk.materials.names())) == 1
    assert check_materials(desk).is_sound


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("../../../etc/cron.d/x.pdf", "x.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("😀👨‍👩‍👧.pdf", "😀👨‍👩‍👧.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("报" * 85 + ".pdf", "报" * 85 + ".pdf"),
        ("x" * 255, "x" * 199 + "…"),
    ],
)
def test_names_from_outside(desk: Desk, intake: MaterialIntake, name: str, stored: str) -> None:
    row = material(desk, take(intake, name=name))
    assert row.original_name == stored
    inside = {path.relative_to(desk.materials.folder).as_posix() for path in desk.materials.folder.rglob("*.age")}
    assert inside == {f"{row.sha256[:2]}/{row.sha256[2:]}.age"}


def test_folders_are_walked_through_and_hidden_files_left_out(tmp_path: Path) -> None:
    for name in ("b.pdf", "a/1.jpg", "a/deep/2.jpg", ".hidden", "a/Thumbs.db"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in", target_is_directory=True)
    assert [item.name for item in items_from([tmp_path / "in"])] == ["1.jpg", "2.jpg", "b.pdf"]


def test_cancel_keeps_nothing(desk: Desk, intake: MaterialIntake) -> None:
    stop = Event()
    stop.set()
    result = intake.take_in(IntakeItem("a.pdf", corpus.pdf()), cancel=stop)
    assert result.outcome is IntakeOutcome.CANCELLED
    assert count(desk) == 0
    assert list(desk.materials.names()) == []


def test_a_full_disk_is_told_and_the_next_file_goes_on(
    desk: Desk, intake: MaterialIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("lian_desk.adapters.disk.durable_files.os.fsync", full)
        result = intake.take_in(IntakeItem("a.pdf", corpus.pdf()))
    assert result.outcome is IntakeOutcome.REFUSED
    assert "磁盘" in result.sentence
    assert os.fsync is real
    take(intake)


def test_nothing_in_clear_anywhere(desk: Desk, intake: MaterialIntake, tmp_path: Path) -> None:
    keys = [take(intake, content, name) for name, (content, _type, _pages) in GOOD.items()]
    intake.take_in(IntakeItem("坏.pdf", corpus.cut(corpus.pdf(9))))
    for key in keys:
        view = load_material_view(desk, key)
        desk.renderer.render_page(render_source(desk, view), 0, 0.5)
        Thumbnails(desk.materials, desk.renderer).of(view.sha256, view.byte_size, 120)
    searched = 0
    for path in (tmp_path / "workspace").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert corpus.MARKER.encode() not in content, path.name
            assert "王淑兰".encode() not in content, path.name
            searched += 1
    assert searched > len(keys)


def test_r19_before_the_authorization_only_intake(
    desk: Desk, world: World, intake: MaterialIntake, file_id: int
) -> None:
    with desk.read() as session:
        authorization = session.scalars(select(InformationAuthorization.id)).one()
    world.run(WithdrawAuthorization, authorization_id=authorization, reason="客户要求")
    key = take(intake)
    assert intake.take_in(IntakeItem("a.pdf", corpus.pdf(5)), kind=MaterialKind.AUTHORIZATION_FORM).material_id
    refused = intake.take_in(IntakeItem("b.pdf", corpus.pdf(6)), kind=MaterialKind.PATHOLOGY_REPORT)
    assert refused.outcome is IntakeOutcome.REFUSED
    assert "信息授权" in refused.sentence
    assert len(list(desk.materials.names())) == 2
    with pytest.raises(RuleViolation) as violation:
        world.run(ClassifyMaterial, material_id=key, kind=MaterialKind.PATHOLOGY_REPORT)
    assert (violation.value.code, violation.value.clause) == (ErrorCode.AUTHORIZATION_MISSING, "R19")
    with pytest.raises(RuleViolation) as violation:
        export_material(desk, load_material_view(desk, key), Path("never-written"))
    assert violation.value.code is ErrorCode.AUTHORIZATION_MISSING
    assert not Path("never-written").exists()


def test_the_life_of_a_material(desk: Desk, world: World, intake: MaterialIntake, file_id: int, tmp_path: Path) -> None:
    key = take(intake)

    def refused(order: type, **values: object) -> ErrorCode:
        with pytest.raises(RuleViolation) as violation:
            world.run(order, material_id=key, **values)
        return violation.value.code

    assert refused(ConfirmMaterial) is ErrorCode.MATERIAL_UNCLASSIFIED
    report = MaterialKind.PATHOLOGY_REPORT
    world.run(ClassifyMaterial, material_id=key, kind=report, hospital_name="省肿瘤医院")
    assert refused(ConfirmMaterial) is ErrorCode.MATERIAL_NAME_UNCHECKED
    world.run(ClassifyMaterial, material_id=key, kind=report, name_matches=False)
    assert refused(ConfirmMaterial) is ErrorCode.NOT_THE_INSURED
    assert refused(ClassifyMaterial, kind=report, name_matches=True) is ErrorCode.OWN_SIGN_MISSING
    tomorrow = desk.today + timedelta(days=1)
    assert refused(ClassifyMaterial, kind=report, document_on=tomorrow) is ErrorCode.TIME_IN_FUTURE
    world.run(
        ClassifyMaterial,
        material_id=key,
        kind=report,
        name_matches=True,
        own_sign=OwnSign.NAME_READ,
        document_on=desk.today,
        hospital_id=world.hospital(),
    )
    world.run(ConfirmMaterial, material_id=key)
    row = material(desk, key)
    assert (row.state, row.hospital_name != "", row.confirmed_by) == (
        MaterialState.CONFIRMED,
        True,
        desk.operator.id,
    )
    assert refused(MarkMaterialDeficient, reason="  ") is ErrorCode.REASON_MISSING
    world.run(MarkMaterialDeficient, material_id=key, reason="缺第 2 页")
    assert material(desk, key).state is MaterialState.DEFICIENT
    world.run(RotateMaterial, material_id=key, rotation=450)
    assert material(desk, key).rotation == 90

    request_id = world.open_request(file_id)
    world.run(AttachMaterialToRequest, material_id=key, service_request_id=request_id)
    assert refused(AttachMaterialToRequest, service_request_id=request_id) is ErrorCode.CHANGED_MEANWHILE
    foreign = world.open_request(world.open_file())
    assert refused(AttachMaterialToRequest, service_request_id=foreign) is ErrorCode.NOT_THE_INSURED
    assert [choice.is_used for choice in load_material_view(desk, key).requests] == [True]
    world.run(DetachMaterialFromRequest, material_id=key, service_request_id=request_id)
    assert refused(DetachMaterialFromRequest, service_request_id=request_id) is ErrorCode.NOT_FOUND
    world.run(RecordMaterialView, material_id=key)

    view = load_material_view(desk, key)
    assert view.shown_name == "王*兰 病理.pdf"
    assert load_material_view(desk, key, revealed=True).shown_name == "王淑兰 病理.pdf"
    assert "王" not in export_name(view)
    target = tmp_path / export_name(view)
    export_material(desk, view, target)
    assert target.read_bytes() == corpus.pdf(2)
    assert list(tmp_path.glob("*.part")) == []


def test_a_command_repeated_adds_one_row(desk: Desk, intake: MaterialIntake) -> None:
    item = IntakeItem("a.pdf", corpus.pdf())
    prepared = intake.prepare(item)
    first, second = intake.admit(item, prepared), intake.admit(item, prepared)
    assert first.material_id == second.material_id
    assert count(desk) == 1
    other = replace(prepared, command=replace(prepared.command, command_id=desk.new_id()))
    assert intake.admit(item, other).outcome is IntakeOutcome.DUPLICATE


def test_integrity_names_every_fault(desk: Desk, intake: MaterialIntake, tmp_path: Path) -> None:
    keys = [take(intake, corpus.pdf(pages), f"{pages}.pdf") for pages in range(1, 7)]
    seen: list[tuple[int, int]] = []
    assert check_materials(desk, progress=lambda done, total: seen.append((done, total))).is_sound
    assert seen[-1] == (6, 6)
    store = desk.materials
    names = [material(desk, key).sha256 for key in keys]
    store.path_of(names[0]).unlink()
    store.path_of(names[1]).write_bytes(b"")
    flipped = bytearray(store.path_of(names[2]).read_bytes())
    flipped[-3] ^= 4
    store.path_of(names[2]).write_bytes(flipped)
    store.path_of(names[3]).write_bytes(store.path_of(names[4]).read_bytes())
    orphan = store.keep(corpus.pdf(1, text="orphan"))
    (store.folder / "stranger.txt").write_bytes(b"?")
    # sealed anew after damage: another seal, the right content
    sound = store.fetch(names[5])
    store.path_of(names[5]).unlink()
    store.keep(sound)
    report = check_materials(desk)
    assert {(finding.fault, finding.sha256) for finding in report.findings} == {
        (Fault.MISSING, names[0]),
        (Fault.DAMAGED, names[1]),
        (Fault.DAMAGED, names[2]),
        (Fault.SWAPPED, names[3]),
        (Fault.ORPHAN, orphan.sha256),
        (Fault.STRANGER, ""),
    }
    assert all(finding.sentence and "王" not in finding.sentence for finding in report.findings)
    assert check_material(desk, keys[0]) is Fault.MISSING
    assert check_material(desk, keys[4]) is None
    assert set_orphans_aside(desk, desk.clock.now(), tmp_path / "q") == 0
    os.utime(store.path_of(orphan.sha256), (1, 1))
    assert set_orphans_aside(desk, desk.clock.now(), tmp_path / "q") == 1
    assert [path.name for path in (tmp_path / "q").iterdir()] == [f"{orphan.sha256}.age"]


def test_kill_during_intake_leaves_no_row_without_its_file(tmp_path: Path, desk: Desk, world: World) -> None:
    file_id = world.open_file()
    desk.opened.close()
    folder = tmp_path / "workspace"
    rng = random.Random(20260928)
    script = Path(__file__).with_name("kill_during_intake.py")
    root = Path(__file__).resolve().parents[3]
    acknowledged: set[int] = set()
    for kill in range(3):
        process = subprocess.Popen(
            [sys.executable, str(script), str(folder), str(file_id), str(kill * 10_000)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        # at another moment each time, and on a slow machine not before something was acknowledged
        acknowledged |= {int(process.stdout.readline()) for _ in range(1 + kill % 3)}
        time.sleep(rng.random() * 0.3)
        # SIGKILL, and its like on Windows
        process.kill()
        lines = process.stdout.read().split("\n")
        process.stdout.close()
        process.wait()
        acknowledged |= {int(line) for line in lines[:-1]}
    opened = open_workspace(folder, by_throw_away_key(), MONDAY)
    try:
        again = Desk(opened, desk.clock)
        report = check_materials(again)
        assert {finding.fault for finding in report.findings} <= {Fault.ORPHAN}
        with again.read() as session:
            rows = set(session.scalars(select(Material.id)))
        assert acknowledged <= rows
        assert len(acknowledged) > 3
    finally:
        opened.close()
