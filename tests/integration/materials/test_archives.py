"""ZIP archives: every member becomes a material of its own, and no archive can harm the desk."""

import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from sqlalchemy import select

from lian_desk.adapters.storage import archives
from lian_desk.adapters.storage.archives import ArchiveShelf, files_in_archive
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake import IntakeOutcome, IntakeResult, MaterialIntake
from lian_desk.services.materials.intake_sources import IntakeItem, items_from
from lian_desk.services.words.wording import sentence
from tests import material_corpus as corpus

PAGE = corpus.pdf(1)


def lay(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def take_all(intake: MaterialIntake, *paths: Path) -> list[IntakeResult]:
    return [intake.take_in(item) for item in items_from(paths)]


def test_members_become_materials_that_name_their_archive(desk: Desk, intake: MaterialIntake, tmp_path: Path) -> None:
    members = {
        "门诊/病历.pdf": corpus.pdf(2),
        "照片.jpg": corpus.picture("JPEG"),
        "影像.dcm": corpus.dicom(),
        "__MACOSX/._照片.jpg": b"resource",
        ".DS_Store": b"finder",
        "空夹/": b"",
        "说明.txt": b"read me",
        "空.pdf": b"",
    }
    packed = lay(tmp_path, "王淑兰 材料.zip", corpus.archive(members))
    before = packed.read_bytes()
    results = take_all(intake, packed)
    assert [(result.name, result.outcome) for result in results] == [
        ("病历.pdf", IntakeOutcome.ADDED),
        ("照片.jpg", IntakeOutcome.ADDED),
        ("影像.dcm", IntakeOutcome.ADDED),
        ("说明.txt", IntakeOutcome.REFUSED),
        ("空.pdf", IntakeOutcome.REFUSED),
    ]
    with desk.read() as session:
        rows = session.scalars(select(Material).order_by(Material.id)).all()
    assert {row.archive_name for row in rows} == {"王淑兰 材料.zip"}
    assert [desk.materials.fetch(row.sha256) for row in rows] == [
        members["门诊/病历.pdf"], members["照片.jpg"], members["影像.dcm"],
    ]  # fmt: skip
    assert packed.read_bytes() == before


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_of_older_programs_are_read_as_they_were_meant(tmp_path: Path, encoding: str) -> None:
    name = "诊断证明书（南京鼓楼医院）.pdf"
    packed = lay(tmp_path, "a.zip", corpus.raw_named_archive({name.encode(encoding): PAGE}))
    assert [item.shown_name for item in items_from([packed])] == [name]


def test_a_name_told_beside_in_unicode_wins(tmp_path: Path) -> None:
    raw, told = "??.pdf", "令狐冲.pdf".encode()
    info = zipfile.ZipInfo(raw)
    content = struct.pack("<BI", 1, zlib.crc32(raw.encode())) + told
    info.extra = struct.pack("<HH", 0x7075, len(content)) + content
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr(info, PAGE)
    assert [item.shown_name for item in items_from([tmp_path / "a.zip"])] == ["令狐冲.pdf"]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"../../../etc/cron.d/x.pdf", "x.pdf"),
        (b"..\\..\\Windows\\x.pdf", "x.pdf"),
        (b"/abs/x.pdf", "x.pdf"),
        (b"C:\\x.pdf", "x.pdf"),
        (b"a\x00b.pdf", "ab.pdf"),
        ("\u202efdp.exe".encode(), "fdp.exe"),
        ("😀.pdf".encode(), "😀.pdf"),
        (b"CON.pdf", "CON.pdf"),
        (b"x" * 255, "x" * 199 + "…"),
    ],
)
def test_a_name_in_an_archive_is_words_and_never_a_path(
    desk: Desk, intake: MaterialIntake, tmp_path: Path, raw: bytes, shown: str
) -> None:
    packed = lay(tmp_path, "in/a.zip", corpus.raw_named_archive({raw: PAGE}))
    outside = {path for path in tmp_path.rglob("*") if desk.opened.folder not in path.parents}
    (result,) = take_all(intake, packed)
    assert (result.outcome, result.name) == (IntakeOutcome.ADDED, shown)
    assert {path for path in tmp_path.rglob("*") if desk.opened.folder not in path.parents} == outside


WHOLE = {
    "locked": (corpus.locked_archive(), ErrorCode.ARCHIVE_LOCKED),
    "empty": (corpus.archive({}), ErrorCode.ARCHIVE_EMPTY),
    "cut": (corpus.cut(corpus.archive({"a.pdf": corpus.pdf(30)})), ErrorCode.ARCHIVE_UNREADABLE),
    "junk": (b"PK\x03\x04" + bytes(range(256)) * 40, ErrorCode.ARCHIVE_UNREADABLE),
    "100,000 entries": (corpus.crowded_archive(100_000), ErrorCode.ARCHIVE_TOO_MANY),
    "overlapping entries": (corpus.overlapping_archive(), ErrorCode.ARCHIVE_TOO_LARGE),
    "bad utf-8 names": (corpus.raw_named_archive({b"\xff\xfe.pdf": PAGE}, flags=0x800), ErrorCode.ARCHIVE_UNREADABLE),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_bad_archive_gets_one_sentence(desk: Desk, intake: MaterialIntake, tmp_path: Path, name: str) -> None:
    content, code = WHOLE[name]
    packed = lay(tmp_path, "a.zip", content)
    (result,) = take_all(intake, packed)
    assert result.outcome is IntakeOutcome.REFUSED
    assert result.sentence == sentence(RuleViolation(code, limit=archives.MOST_ENTRIES))
    assert list(desk.materials.names()) == []


def test_a_bomb_is_seen_before_it_is_inflated(intake: MaterialIntake, tmp_path: Path) -> None:
    content = corpus.swelling_archive()
    assert len(content) < 400_000
    packed = lay(tmp_path, "a.zip", content)
    tracemalloc.start()
    (result,) = take_all(intake, packed)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (result.name, result.outcome) == ("a.bmp", IntakeOutcome.REFUSED)
    assert "大得不正常" in result.sentence
    assert most < 20_000_000


def test_a_directory_that_lies_about_a_size_gives_no_byte_more(tmp_path: Path) -> None:
    whole = bytearray(corpus.archive({"a.bmp": bytes(3_000_000)}))
    place = whole.rindex(b"PK\x01\x02")
    struct.pack_into("<I", whole, place + 24, 1_000)
    (found,) = files_in_archive(lay(tmp_path, "a.zip", bytes(whole)))
    shelf = ArchiveShelf()
    # the checksum of the whole cannot fit what is let through
    with shelf.open(found.member) as stream, pytest.raises(OSError, match="damaged"):
        stream.read(5_000_000)
    shelf.close()


def test_archives_inside_archives(desk: Desk, intake: MaterialIntake, tmp_path: Path) -> None:
    deep = lay(tmp_path, "three.zip", corpus.nested_archive(3))
    (result,) = take_all(intake, deep)
    assert (result.name, result.outcome) == ("内.pdf", IntakeOutcome.ADDED)
    deeper = lay(tmp_path, "four.zip", corpus.nested_archive(4))
    (result,) = take_all(intake, deeper)
    assert result.outcome is IntakeOutcome.REFUSED
    assert "超过 3 层" in result.sentence


def test_totals_count_through_all_levels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = corpus.archive({f"{number}.pdf": PAGE for number in range(6)})
    packed = lay(tmp_path, "a.zip", corpus.archive({"x.zip": inner, "y.zip": inner}, method=zipfile.ZIP_STORED))
    assert len(files_in_archive(packed)) == 12
    monkeypatch.setattr(archives, "MOST_UNPACKED", len(inner) * 2 + len(PAGE) * 8)
    with pytest.raises(RuleViolation) as violation:
        files_in_archive(packed)
    assert violation.value.code is ErrorCode.ARCHIVE_TOO_LARGE


def test_only_the_locked_member_is_left_out(intake: MaterialIntake, tmp_path: Path) -> None:
    whole = bytearray(corpus.raw_named_archive({b"a.pdf": PAGE, b"b.pdf": corpus.pdf(2)}))
    struct.pack_into("<H", whole, whole.rindex(b"PK\x01\x02") + 8, 1)
    first, second = take_all(intake, lay(tmp_path, "a.zip", bytes(whole)))
    assert (first.outcome, second.outcome) == (IntakeOutcome.ADDED, IntakeOutcome.REFUSED)
    assert "密码" in second.sentence


def test_a_damaged_member_is_refused_alone(desk: Desk, intake: MaterialIntake, tmp_path: Path) -> None:
    members = {"a.pdf": corpus.pdf(40), "b.pdf": corpus.pdf(2)}
    whole = bytearray(corpus.archive(members, method=zipfile.ZIP_STORED))
    whole[whole.index(b"page 20")] ^= 1
    first, second = take_all(intake, lay(tmp_path, "a.zip", bytes(whole)))
    assert (first.outcome, second.outcome) == (IntakeOutcome.REFUSED, IntakeOutcome.ADDED)
    assert len(list(desk.materials.names())) == 1


def test_another_archive_under_the_same_name_is_noticed(intake: MaterialIntake, tmp_path: Path) -> None:
    packed = lay(tmp_path, "a.zip", corpus.archive({"a.pdf": PAGE}))
    items = items_from([packed])
    packed.write_bytes(corpus.archive({"b.pdf": corpus.pdf(9)}))
    assert [intake.take_in(item).outcome for item in items] == [IntakeOutcome.REFUSED]
    intake.close()
    packed.unlink()
    assert [intake.take_in(item).may_retry for item in items] == [True]


def test_folders_and_archives_in_them_are_walked_in_order(tmp_path: Path) -> None:
    lay(tmp_path, "in/2/b.zip", corpus.archive({"c.pdf": PAGE, "a.pdf": PAGE}))
    lay(tmp_path, "in/1/x.pdf", PAGE)
    lay(tmp_path, "in/z.pdf", PAGE)
    items = items_from([tmp_path / "in"])
    assert [(item.name, item.archive) for item in items] == [
        ("x.pdf", ""),
        ("c.pdf", "b.zip"),
        ("a.pdf", "b.zip"),
        ("z.pdf", ""),
    ]
    assert all(isinstance(item, IntakeItem) for item in items)
