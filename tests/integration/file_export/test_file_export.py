"""整份档案 for the insured who asks: originals, papers and a list with checksums in one ZIP; logged, stoppable."""

import csv
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from sqlalchemy import select

from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.tables.materials.issued_document import IssuedDocument
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.vocabulary import (
    IdentityCheckMethod,
    MaterialKind,
    MaterialSource,
    MaterialState,
    OwnSign,
    SignerKind,
)
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.materials.materials import AddMaterial, ClassifyMaterial
from lian_desk.services.papers.file_export import (
    LIST_NAME,
    SUMS_NAME,
    FileExportOrder,
    abandon_export,
    begin_export,
    write_export,
)
from tests.desk_world import World
from tests.material_corpus import pdf
from tests.window_fixture import Hands


def paper(world: World, file_id: int, content: bytes, kind: MaterialKind = MaterialKind.PATHOLOGY_REPORT) -> int:
    kept = world.desk.materials.keep(content)
    material_id = world.run(
        AddMaterial,
        assistance_file_id=file_id,
        sha256=kept.sha256,
        sealed_sha256=kept.sealed_sha256,
        byte_size=kept.size,
        original_name="../王淑兰的报告.pdf",
        media_type="application/pdf",
        page_count=1,
        source=MaterialSource.BUTTON,
    )
    world.run(ClassifyMaterial, material_id=material_id, kind=kind, name_matches=True, own_sign=OwnSign.NAME_READ)
    return material_id


def order(file_id: int, **changes: Any) -> FileExportOrder:
    values: dict[str, Any] = {
        "file_id": file_id,
        "requested_by": SignerKind.INSURED,
        "identity_method": IdentityCheckMethod.VIDEO_CALL,
        "identity_note": "视频中出示身份证，与本人一致",
        "reason": "转到外地就医",
    }
    return FileExportOrder(**(values | changes))


def silent(_done: int, _total: int, _name: str) -> None:
    """Nobody listens."""


def feed(world: World, file_id: int) -> list[tuple[str, str]]:
    view = load_file_view(world.desk, file_id)
    assert view is not None
    return [(line.title, line.detail) for line in view.feed]


def test_the_copy_holds_every_original_the_papers_and_a_list_that_proves_them(world: World, tmp_path: Path) -> None:
    file_id = world.open_file()
    first, second = pdf(text="FIRST"), pdf(text="SECOND")
    paper(world, file_id, first)
    paper(world, file_id, second, MaterialKind.DISCHARGE_SUMMARY)
    stopped = paper(world, file_id, pdf(text="STRANGER"))
    damaged = paper(world, file_id, pdf(text="DAMAGED"))
    with world.desk.database.write_session() as session:
        session.get_one(Material, stopped).state = MaterialState.QUARANTINED
        sha256 = session.get_one(Material, damaged).sha256
        session.commit()
    world.desk.materials.path_of(sha256).write_bytes(b"age-encryption.org/v1\n broken")
    planned = begin_export(world.desk, order(file_id))
    heard: list[tuple[int, int]] = []
    done = write_export(world.desk, planned, tmp_path, lambda at, of, _name: heard.append((at, of)), lambda: False)
    assert done is not None
    assert (done.item_count, done.withheld_count) == (2, 2)
    assert heard[-1] == (planned.total, planned.total)
    assert "王" not in done.target.name
    with zipfile.ZipFile(done.target) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        contents = {name: archive.read(name) for name in names}
    originals = [contents[name] for name in names if name.startswith("材料/")]
    assert originals == [first, second]
    assert not any(".." in name or "王淑兰" in name for name in names)
    assert len([name for name in names if name.startswith("文书/")]) == 2
    for line in contents[SUMS_NAME].decode().splitlines():
        digest, _blank, name = line.partition("  ")
        assert hashlib.sha256(contents[name]).hexdigest() == digest
    rows = list(csv.DictReader(io.StringIO(contents[LIST_NAME].decode("utf-8-sig"))))
    assert [row["说明"] for row in rows if row["说明"]] == [
        "姓名或证件号不符，已隔离，不提供",
        "原件缺失或损坏，未能提供",
    ]
    assert {row["SHA-256"] for row in rows if row["文件"].startswith("材料/")} == {
        hashlib.sha256(content).hexdigest() for content in (first, second)
    }
    title, detail = next(line for line in feed(world, file_id) if line[0] == "应要求导出整份档案")
    assert title
    assert "被保险人" in detail
    assert "视频中出示身份证，与本人一致 · 原因：转到外地就医" in detail
    with world.desk.read() as session:
        issued = session.scalars(select(IssuedDocument)).all()
    assert len(issued) == 2
    assert all(row.content_sha256 for row in issued)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": " "}, ErrorCode.FIELD_REQUIRED),
        ({"identity_note": ""}, ErrorCode.FIELD_REQUIRED),
        ({"requested_by": SignerKind.AGENT}, ErrorCode.NOT_ALLOWED),
    ],
)
def test_refused_without_a_reason_or_a_check_of_the_identity(
    world: World, changes: dict[str, Any], code: ErrorCode
) -> None:
    file_id = world.open_file()
    with pytest.raises(RuleViolation) as refused:
        begin_export(world.desk, order(file_id, **changes))
    assert refused.value.code is code
    assert "应要求导出整份档案" not in dict(feed(world, file_id))


def test_stopped_half_way_nothing_is_left_and_the_feed_says_so(world: World, tmp_path: Path) -> None:
    file_id = world.open_file()
    for number in range(4):
        paper(world, file_id, pdf(text=f"PAGE{number}"))
    planned = begin_export(world.desk, order(file_id))
    target = tmp_path / "target"
    target.mkdir()
    calls = iter([False] * 3 + [True] * 100)
    assert write_export(world.desk, planned, target, silent, lambda: next(calls)) is None
    assert list(target.iterdir()) == []
    abandon_export(world.desk, planned)
    assert feed(world, file_id)[0][0] == "整份档案的导出没有完成"


def test_a_folder_that_is_gone_says_so(world: World, tmp_path: Path) -> None:
    planned = begin_export(world.desk, order(world.open_file()))
    with pytest.raises(EnvironmentProblem) as refused:
        write_export(world.desk, planned, tmp_path / "gone", silent, lambda: False)
    assert refused.value.code is ErrorCode.TARGET_FOLDER_MISSING


def test_exported_from_the_window_with_its_form(hands: Hands, world: World, tmp_path: Path) -> None:
    file_id = world.open_file()
    paper(world, file_id, pdf(text="FIRST"))
    dialog = hands.start("export_whole_file", file_id)
    dialog.form.set_values(
        {
            "requested_by": SignerKind.INSURED.value,
            "identity_method": IdentityCheckMethod.DOCUMENT_SEEN.value,
            "identity_note": "当面查看身份证",
            "reason": "本人留存",
            "folder": str(tmp_path),
        }
    )
    dialog.try_submit()
    hands.bot.waitUntil(lambda: "已导出 1 份材料" in dialog.banner.text, timeout=20_000)
    (written,) = tmp_path.glob("*.zip")
    assert zipfile.is_zipfile(written)
    assert [button.text() for button in dialog.findChildren(QPushButton) if button is dialog.cancel] == ["关闭"]
    dialog.reject()
