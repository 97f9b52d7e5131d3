"""A disc or a folder of DICOM files is one material: in order, with its sheet, and byte for byte what came."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom.uid import JPEGExtended12Bit, JPEGLosslessSV1, JPEGLSLossless
from sqlalchemy import select

from lian_desk.adapters.exchange.study_list import LIST_NAME
from lian_desk.adapters.rendering.renderer import BytesSource, Renderer
from lian_desk.adapters.storage.thumbnails import StoredSource
from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.tables.materials.intake import IntakeEntry, IntakePart
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.desk.desk import Desk
from lian_desk.services.imaging.studies import ImagingStudy
from lian_desk.services.materials.intake import IntakeOutcome, IntakeResult, MaterialIntake
from lian_desk.services.materials.intake_plan import IntakePlans
from lian_desk.services.materials.intake_sources import IntakeItem, items_from
from tests import dicom_files as files
from tests import material_corpus as corpus

CASES = Path(__file__).resolve().parents[2] / "cases" / "dicom"


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


def row_of(desk: Desk, result: IntakeResult) -> Material:
    with desk.read() as session:
        return session.get_one(Material, result.material_id)


def stored(desk: Desk, result: IntakeResult) -> StoredSource:
    row = row_of(desk, result)
    return StoredSource(desk.materials, row.sha256, row.byte_size)


def brightness(renderer: Renderer, source: StoredSource | BytesSource, page: int) -> int:
    image = renderer.render_page(source, page, 1.0)
    middle = (image.height // 2) * image.stride + 3 * (image.width - 3)
    return image.pixels[middle]


def test_a_disc_is_one_material_with_a_sheet_and_its_series_in_order(
    desk: Desk, intake: MaterialIntake, renderer: Renderer, tmp_path: Path
) -> None:
    files.disc(tmp_path / "CD")
    study, rest = items_from([tmp_path / "CD"])
    result = intake.take_in(study)
    row = row_of(desk, result)
    assert (row.media_type, row.page_count, result.sentence) == ("application/dicom+zip", 1 + 5 + 1, "")
    assert row.original_name == "CT 影像检查 2026-08-07 （3 个序列 5 幅）.zip"
    source = stored(desk, result)
    assert renderer.sections(source) == (
        ("检查信息", 0),
        ("序列 1 · CT · 平扫 · 3 幅", 1),
        ("序列 2 · CT · 增强 · 2 幅", 4),
        ("序列 3 · 结构化报告 · 1 页", 6),
    )
    shown = [brightness(renderer, source, page) for page in range(1, 6)]
    assert shown == sorted(shown)
    assert len(set(shown)) == 5
    assert renderer.worded_pages(source) == (0, 6)
    refused = intake.take_in(rest)
    assert refused.outcome is IntakeOutcome.REFUSED
    assert "另有 2 个不是影像的文件" in refused.sentence


def test_the_sheet_says_whose_examination_it_is_and_the_report_is_read(
    desk: Desk, intake: MaterialIntake, renderer: Renderer, tmp_path: Path
) -> None:
    files.disc(tmp_path / "CD")
    source = stored(desk, intake.take_in(items_from([tmp_path / "CD"])[0]))
    sheet = [run.text for run in renderer.page_lines(source, 0)]
    assert sheet[:5] == ["影像检查信息", "姓名：王淑兰", "性别：女", "出生日期：1974-01-01", "患者编号：P-7"]
    assert {"检查日期：2026-08-07", "医院：南京样例医院"} <= set(sheet)
    told = [run.text for run in renderer.page_lines(source, 6)]
    assert {
        "影像诊断报告",
        "【影像所见】",
        "所见：右肺上叶见一结节，边缘清楚。",
        "长径：12.5 mm",
        "部位：右肺上叶",
    } <= set(told)


def test_every_file_of_the_disc_is_kept_byte_for_byte_under_a_name_that_tells_nothing(
    desk: Desk, intake: MaterialIntake, tmp_path: Path
) -> None:
    laid = files.disc(tmp_path / "CD")
    row = row_of(desk, intake.take_in(items_from([tmp_path / "CD"])[0]))
    with zipfile.ZipFile(io.BytesIO(desk.materials.fetch(row.sha256))) as packed:
        names = packed.namelist()
        assert names[0] == LIST_NAME
        assert all(info.compress_type == zipfile.ZIP_STORED for info in packed.infolist())
        assert packed.testzip() is None
        kept = {packed.read(name) for name in names[1:]}
    assert names[1:] == ["DICOM/S0001/I00001", "DICOM/S0001/I00002", "DICOM/S0001/I00003", "DICOM/S0002/I00001",
                         "DICOM/S0002/I00002", "DICOM/S0003/I00001"]  # fmt: skip
    assert kept == {content for name, content in laid.items() if name.startswith("DICOM/")}


def test_the_same_disc_is_known_again_whatever_its_files_are_called(intake: MaterialIntake, tmp_path: Path) -> None:
    files.disc(tmp_path / "CD")
    assert intake.take_in(items_from([tmp_path / "CD"])[0]).outcome is IntakeOutcome.ADDED
    other = tmp_path / "拷贝"
    other.mkdir()
    for number, path in enumerate(sorted((tmp_path / "CD" / "DICOM").iterdir(), reverse=True)):
        (other / f"{number}.dcm").write_bytes(path.read_bytes())
    assert intake.take_in(items_from([other])[0]).outcome is IntakeOutcome.DUPLICATE
    packed = tmp_path / "影像.zip"
    packed.write_bytes(corpus.archive({path.name: path.read_bytes() for path in other.iterdir()}))
    (item,) = items_from([packed])
    assert item.archive == "影像.zip"
    assert intake.take_in(item).outcome is IntakeOutcome.DUPLICATE


def test_an_exported_study_comes_back_as_the_same_study(desk: Desk, intake: MaterialIntake, tmp_path: Path) -> None:
    files.disc(tmp_path / "CD")
    row = row_of(desk, intake.take_in(items_from([tmp_path / "CD"])[0]))
    (tmp_path / "out.zip").write_bytes(desk.materials.fetch(row.sha256))
    items = items_from([tmp_path / "out.zip"])
    assert [intake.take_in(item).outcome for item in items] == [IntakeOutcome.DUPLICATE]


def test_examinations_and_persons_are_kept_apart(tmp_path: Path) -> None:
    for number, (study, name) in enumerate(
        ((1, "王^淑兰"), (1, "王^淑兰"), (2, "王^淑兰"), (2, "王^淑兰"), (1, "李^建国"))
    ):
        content = files.image(files.slice_pixels(900), files.head(study, 1, number + 1, PatientName=name))
        (tmp_path / f"{number}.dcm").write_bytes(content)
    items = items_from([tmp_path])
    studies = [item.content for item in items if isinstance(item.content, ImagingStudy)]
    assert [len(study.parts) for study in studies] == [2, 2]
    assert [item.name for item in items if not isinstance(item.content, ImagingStudy)] == ["4.dcm"]


def test_a_slice_that_lies_twice_on_the_disc_is_shown_once(desk: Desk, intake: MaterialIntake, tmp_path: Path) -> None:
    (tmp_path / "CD").mkdir()
    for name, number in (("a", 1), ("b", 2), ("copy", 1)):
        (tmp_path / "CD" / f"{name}.dcm").write_bytes(files.image(files.slice_pixels(900), files.head(number=number)))
    (item,) = items_from([tmp_path / "CD"])
    assert row_of(desk, intake.take_in(item)).page_count == 1 + 2


def test_a_table_of_contents_alone_says_what_to_do(intake: MaterialIntake, tmp_path: Path) -> None:
    path = tmp_path / "DICOMDIR"
    path.write_bytes(files.written(files.head(sop_class=files.DIRECTORY)))
    result = intake.take_in(items_from([path])[0])
    assert (result.outcome, "整张光盘" in result.sentence) == (IntakeOutcome.REFUSED, True)


def test_a_study_goes_on_after_a_kill_as_the_same_file(desk: Desk, intake: MaterialIntake, tmp_path: Path) -> None:
    files.disc(tmp_path / "CD")
    file_id = intake._file_id
    plans = IntakePlans(desk)
    job = plans.begin(file_id, MaterialSource.DROP, items_from([tmp_path / "CD"])).job_id
    later = IntakePlans(desk)
    study = next(item for item in later.resume(job).items if isinstance(item.content, ImagingStudy))
    assert study.content == items_from([tmp_path / "CD"])[0].content
    assert intake.take_in(study).outcome is IntakeOutcome.ADDED
    assert [left for left in IntakePlans(desk).left_over() if left.job_id == job] == []
    later.end(job)
    with desk.read() as session:
        assert session.scalars(select(IntakePart)).all() == []
        assert session.scalars(select(IntakeEntry)).all() == []


def test_slices_that_lie_in_the_drop_folder_are_known_as_taken(
    desk: Desk, intake: MaterialIntake, tmp_path: Path
) -> None:
    files.disc(tmp_path / "CD")
    slices = sorted((tmp_path / "CD" / "DICOM").iterdir())
    plans = IntakePlans(desk)
    plan = plans.begin(intake._file_id, MaterialSource.DROP_FOLDER, items_from(slices))
    assert [intake.take_in(item).outcome for item in plan.items] == [IntakeOutcome.ADDED]
    assert sorted(plans.taken_paths(plan.job_id)) == slices
    assert sorted(plans.taken_states(slices)) == slices
    plans.end(plan.job_id)
    assert sorted(plans.taken_states(slices)) == slices


def test_a_file_that_changed_since_it_was_looked_at_keeps_the_study_out(intake: MaterialIntake, tmp_path: Path) -> None:
    files.disc(tmp_path / "CD")
    (item, _rest) = items_from([tmp_path / "CD"])
    (tmp_path / "CD" / "DICOM" / "IM4").write_bytes(b"something else")
    result = intake.take_in(item)
    assert (result.outcome, "被改写过" in result.sentence) == (IntakeOutcome.REFUSED, True)


def test_a_damaged_slice_says_so_on_its_page_and_the_others_are_shown(
    desk: Desk, intake: MaterialIntake, renderer: Renderer, tmp_path: Path
) -> None:
    for number in (1, 2, 3):
        content = files.image(files.slice_pixels(900), files.head(number=number), JPEGLosslessSV1)
        (tmp_path / f"{number}.dcm").write_bytes(content if number != 2 else content[: -len(content) // 6])
    result = intake.take_in(items_from([tmp_path])[0])
    source = stored(desk, result)
    assert row_of(desk, result).page_count == 1 + 3
    with pytest.raises(RuleViolation):
        renderer.render_page(source, 2, 1.0)
    assert [brightness(renderer, source, page) for page in (1, 3)] == [56, 56]


@pytest.mark.parametrize("packing", [JPEGLosslessSV1, JPEGLSLossless, JPEGExtended12Bit])
def test_packings_of_picture_archives_are_shown_like_plain_pixels(renderer: Renderer, packing: str) -> None:
    pixels = files.slice_pixels(2_700, 64)
    plain = BytesSource("plain", files.image(pixels, files.head()))
    source = BytesSource(packing, files.image(pixels, files.head(), packing))
    shown, wanted = renderer.render_page(source, 0, 4 / 3), renderer.render_page(plain, 0, 4 / 3)
    worst = max(abs(one - other) for one, other in zip(shown.pixels, wanted.pixels, strict=True))
    assert worst <= (2 if packing == JPEGExtended12Bit else 0)


def test_a_packing_that_cannot_be_unpacked_says_that_the_decoder_is_missing(
    desk: Desk, intake: MaterialIntake, tmp_path: Path
) -> None:
    dataset = files.head()
    content = files.image(files.slice_pixels(900), dataset, JPEGLosslessSV1)
    (tmp_path / "a.dcm").write_bytes(content.replace(b"1.2.840.10008.1.2.4.70", b"1.2.840.10008.1.2.4.10"))
    result = intake.take_in(items_from([tmp_path / "a.dcm"])[0])
    assert (row_of(desk, result).page_count, "压缩方式本机不能解开" in result.sentence) == (None, True)


@pytest.mark.parametrize(
    ("name", "pages", "words"),
    [
        ("ct_slice_of_another_person.dcm", 1, "姓名：李建国"),
        ("structured_report_without_picture.dcm", 1, "姓名：李建国"),
        ("pdf_inside_dicom.dcm", 3, "姓名：李建国"),
    ],
)
def test_whatever_a_dicom_file_holds_is_kept_and_says_whose_it_is(
    desk: Desk, intake: MaterialIntake, renderer: Renderer, name: str, pages: int, words: str
) -> None:
    result = intake.take_in(items_from([CASES / name])[0])
    assert (row_of(desk, result).page_count, result.sentence) == (pages, "")
    assert words in [run.text for run in renderer.page_lines(stored(desk, result), 0)]


@pytest.mark.parametrize(
    ("stored_name", "character_set", "shown"),
    [
        ("王^淑兰".encode("gb18030"), "", "王淑兰"),
        ("王^淑兰".encode(), "", "王淑兰"),
        ("王^淑兰".encode("gb18030"), "GB18030", "王淑兰"),
        ("Wang^ShuLan=王^淑兰".encode(), "ISO_IR 192", "王淑兰"),
        (b"WANG^SHU LAN", "", "WANG SHU LAN"),
    ],
)
def test_names_are_read_as_machines_write_them(
    renderer: Renderer, stored_name: bytes, character_set: str, shown: str
) -> None:
    content = files.image(
        files.slice_pixels(900), files.head(PatientName="N" * 40, SpecificCharacterSet="", InstitutionName="")
    )
    name = stored_name + b" " * (40 - len(stored_name))
    content = content.replace(b"N" * 40, name)
    if character_set:
        told = character_set.encode() + b" " * (len(character_set) % 2)
        empty = b"\x08\x00\x05\x00CS\x00\x00"
        assert empty in content
        content = content.replace(empty, empty[:6] + len(told).to_bytes(2, "little") + told)
    assert f"姓名：{shown}" in [run.text for run in renderer.page_lines(BytesSource(shown, content), 0)]


@pytest.mark.parametrize(
    "listed",
    [
        b"{}",
        b"not json",
        json.dumps({"form": 1, "instances": [{"study": "1"}]}).encode(),
        json.dumps({"form": 1, "instances": [["x"]] * 3}).encode(),
        json.dumps({"form": 2, "instances": []}).encode(),
    ],
)
def test_a_study_that_is_not_ours_is_refused_and_harms_nobody(renderer: Renderer, listed: bytes) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr(LIST_NAME, listed)
    with pytest.raises(RuleViolation) as caught:
        renderer.page_sizes(BytesSource("hostile", target.getvalue()))
    assert caught.value.code is ErrorCode.MATERIAL_UNREADABLE
    assert renderer.page_count(BytesSource("good", corpus.pdf(2))) == 2


def test_a_list_that_tells_of_more_than_there_is_is_refused_where_it_lies(renderer: Renderer) -> None:
    target = io.BytesIO()
    lie = {"study": "1.2", "series": "1.2.3", "instance": "1.2.3.4", "kind": "image", "whose": "", "modality": "CT",
           "series_words": "", "dated": "", "series_number": 1, "instance_number": 1, "pages": 9_000,
           "sizes": [[24, 24]]}  # fmt: skip
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr(LIST_NAME, json.dumps({"form": 1, "instances": [lie]}))
        packed.writestr("DICOM/S0001/I00001", files.image(files.slice_pixels(900), files.head()))
    source = BytesSource("liar", target.getvalue())
    assert renderer.page_count(source) == 9_001
    with pytest.raises((RuleViolation, EnvironmentProblem)):
        renderer.render_page(source, 7_000, 1.0)
    assert renderer.page_count(BytesSource("good", corpus.pdf(2))) == 2


def test_a_single_file_stays_a_material_of_its_own(desk: Desk, intake: MaterialIntake, tmp_path: Path) -> None:
    content = files.image(files.slice_pixels(900), files.head())
    (tmp_path / "a.dcm").write_bytes(content)
    (item,) = items_from([tmp_path / "a.dcm"])
    row = row_of(desk, intake.take_in(item))
    assert (row.media_type, row.page_count, desk.materials.fetch(row.sha256)) == ("application/dicom", 1, content)


def test_a_pasted_file_is_looked_at_as_well(desk: Desk, intake: MaterialIntake) -> None:
    content = files.image(files.slice_pixels(900), files.head())
    assert row_of(desk, intake.take_in(IntakeItem("a.dcm", content))).media_type == "application/dicom"
