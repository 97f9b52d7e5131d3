"""A hospital list is compared, shown and taken in row by row; the past stays as it was (R31, R85)."""

from datetime import date
from pathlib import Path
from threading import Event

import pytest
import xlsxwriter
from sqlalchemy import select

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.adapters.storage.vault import Cancelled
from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.vocabulary import HospitalLevel, HospitalSpecialty
from lian_desk.services.desk.desk import Desk
from lian_desk.services.hospitals.list_files import read_hospital_file
from lian_desk.services.hospitals.list_import import (
    ImportHospitalList,
    ListChange,
    ListInput,
    ListPlan,
    load_hospital,
    preview_list,
)

EFFECTIVE = date(2026, 10, 1)
SOURCE = "利安人寿APP 医院清单 2026-10"
HEAD = "编号,医院名称,院区,省份,城市,等级,专科,别名"


def csv_list(tmp_path: Path, *lines: str, head: str = HEAD) -> Path:
    path = tmp_path / "list.csv"
    path.write_text("\n".join((head, *lines)), encoding="utf-8")
    return path


def plan(desk: Desk, path: Path, *, whole: bool = False, on: date = EFFECTIVE) -> tuple[ListInput, ListPlan]:
    content = ListInput(read_hospital_file(path), on, whole)
    return content, preview_list(desk, content)


def take_in(desk: Desk, path: Path, *, whole: bool = False, on: date = EFFECTIVE) -> ListPlan:
    content, found = plan(desk, path, whole=whole, on=on)
    desk.execute(ImportHospitalList(command_id=desk.new_id(), content=content, source=SOURCE, accepted=found.mark))
    return found


def rows_of(desk: Desk, code: str) -> list[Hospital]:
    with desk.read() as session:
        return list(session.scalars(select(Hospital).where(Hospital.code == code).order_by(Hospital.on_list_from)))


def seed_of(desk: Desk, code: str) -> Hospital:
    (row,) = rows_of(desk, code)
    return row


def line(row: Hospital, **changes: str) -> str:
    values = {
        "code": row.code,
        "name": row.name,
        "campus": row.campus,
        "province": row.province,
        "city": row.city,
        "level": row.level.value,
        "specialty": row.specialty.value,
        "aliases": row.aliases,
    } | changes
    return ",".join(values.values())


def test_the_list_that_ships_is_unchanged_against_itself(lead: Desk) -> None:
    content, found = plan(lead, resource_path("hospitals", "hospitals-2024-11.csv"), whole=True)
    with lead.read() as session:
        never_listed = session.scalars(select(Hospital).where(Hospital.on_list_from.is_(None))).all()
    assert found.count(ListChange.FAULTY) == 0
    assert found.count(ListChange.NEW) == 0
    assert found.count(ListChange.TAKEN_OFF) == 0
    assert found.count(ListChange.UNCHANGED) == len(content.rows) - len(never_listed)


def test_every_fault_has_its_row_and_its_reason(lead: Desk, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["2026 年 10 月医院清单"])
    sheet.write_row(2, 0, ["编号", "医院名称 *", "院区", "所在省份", "所在城市", "医院等级", "医院类别"])
    rows: list[list[object]] = [
        ["900001", "苏州新院", "", "江苏省", "苏州", "三级甲等", "综合医院"],
        [900002, "无锡新院", "", "江苏省", "无锡市", "三甲", ""],
        ["900003", "", "", "江苏省", "无锡市", "三甲", ""],
        ["900004", "某院", "", "", "乌有市", "三甲", ""],
        ["900005", "境外某院", "", "某省", "乌有市", "三甲", ""],
        ["900006", "南京某院", "", "山东省", "南京市", "三甲", ""],
        ["900007", "南京某院", "", "", "南京市", "特级", ""],
        ["900001", "苏州另院", "", "", "苏州市", "三甲", ""],
        ["900008", "苏州新院", "", "", "苏州市", "三甲", ""],
        ["1.1E+05", "徐州某院", "", "", "徐州市", "三甲", ""],
        ["900009", "肿瘤某院", "东院区", "", "昆山", "二级", "肿瘤"],
    ]
    for at, row in enumerate(rows, start=3):
        for place, value in enumerate(row):
            sheet.write(at, place, value)
    book.close()
    _content, found = plan(lead, path)
    faults = {row.number: row.detail for row in found.rows if row.change is ListChange.FAULTY}
    assert list(faults) == [6, 7, 9, 10, 11, 12, 13]
    assert faults[6] == "没有医院名称"
    assert "请补充省份" in faults[7]
    assert "属于江苏省" in faults[9]
    assert "等级“特级”看不懂" in faults[10]
    assert faults[11] == faults[12] == "与第 4 行重复"
    assert "科学计数" in faults[13]
    sound = {row.number: row for row in found.rows if row.change is ListChange.NEW}
    assert list(sound) == [4, 5, 8, 14]
    assert sound[5].hospital is not None
    assert sound[5].hospital.code == "900002"
    assert "以名录为准" in sound[8].detail
    first = sound[4].hospital
    assert first is not None
    assert (first.city, first.level, first.specialty) == (
        "苏州市",
        HospitalLevel.CLASS_A_TERTIARY,
        HospitalSpecialty.GENERAL,
    )


def test_a_change_ends_the_old_row_and_begins_a_new_one(lead: Desk, tmp_path: Path) -> None:
    row = seed_of(lead, "110000-01")
    found = take_in(lead, csv_list(tmp_path, line(row, level="三级")))
    assert [item.detail for item in found.rows if item.change is ListChange.CHANGED] == ["等级 三甲 → 三级"]
    old, new = rows_of(lead, "110000-01")
    assert (old.id, old.level, old.on_list_to) == (row.id, HospitalLevel.CLASS_A_TERTIARY, EFFECTIVE)
    assert (new.level, new.on_list_from, new.on_list_to) == (HospitalLevel.OTHER_TERTIARY, EFFECTIVE, None)
    assert new.source == SOURCE
    view = load_hospital(lead, new.id)
    assert [period.from_on for period in view.periods] == [EFFECTIVE, row.on_list_from]


def test_another_spelling_of_a_name_keeps_the_row(lead: Desk, tmp_path: Path) -> None:
    row = seed_of(lead, "110000-01")
    take_in(lead, csv_list(tmp_path, line(row, aliases="协和;北京协和")))
    after = seed_of(lead, "110000-01")
    assert (after.id, after.aliases, after.on_list_to) == (row.id, "协和、北京协和", None)
    assert "北京协和" in after.search_text


def test_only_a_whole_list_takes_off_and_never_for_a_fault(lead: Desk, tmp_path: Path) -> None:
    kept, faulty = seed_of(lead, "110000-01"), seed_of(lead, "110000-02")
    path = csv_list(tmp_path, line(kept), line(faulty, level="特级"))
    _content, part = plan(lead, path)
    assert part.count(ListChange.TAKEN_OFF) == 0
    found = take_in(lead, path, whole=True)
    assert found.count(ListChange.TAKEN_OFF) > 100
    assert seed_of(lead, "110000-02").on_list_to is None
    off = seed_of(lead, "110000-03")
    assert off.on_list_to == EFFECTIVE
    again = take_in(lead, csv_list(tmp_path, line(off)), on=date(2027, 1, 1))
    assert again.rows[0].detail == "2027-01-01 起重新列入"
    assert [row.on_list_from for row in rows_of(lead, "110000-03")] == [date(2024, 11, 1), date(2027, 1, 1)]


def test_a_list_without_codes_finds_a_campus_by_its_name(lead: Desk, tmp_path: Path) -> None:
    row = seed_of(lead, "110000-01")
    path = csv_list(
        tmp_path, f"{row.name},{row.campus},{row.city},三甲", "新建医院,,南京,三甲", head="医院名称,院区,城市,等级"
    )
    found = take_in(lead, path)
    assert [item.change for item in found.rows] == [ListChange.UNCHANGED, ListChange.NEW]
    _content, again = plan(lead, path, whole=False)
    assert [item.change for item in again.rows] == [ListChange.UNCHANGED] * 2


def test_the_same_list_again_has_nothing_to_take(lead: Desk, tmp_path: Path) -> None:
    path = csv_list(tmp_path, "900001,苏州新院,,江苏省,苏州市,三甲,综合,")
    take_in(lead, path)
    with pytest.raises(RuleViolation) as refused:
        take_in(lead, path)
    assert refused.value.code is ErrorCode.IMPORT_NOTHING_TO_TAKE


def test_a_list_older_than_a_row_is_a_fault_of_that_row(lead: Desk, tmp_path: Path) -> None:
    row = seed_of(lead, "110000-01")
    _content, found = plan(lead, csv_list(tmp_path, line(row, level="三级")), on=date(2024, 1, 1))
    assert found.rows[0].change is ListChange.FAULTY
    assert "晚于本名录的生效日期" in found.rows[0].detail


def test_a_preview_of_another_state_is_refused(lead: Desk, tmp_path: Path) -> None:
    row = seed_of(lead, "110000-01")
    content, found = plan(lead, csv_list(tmp_path, line(row, level="三级")))
    take_in(lead, csv_list(tmp_path, line(row, level="二级")))
    with pytest.raises(RuleViolation) as refused:
        lead.execute(ImportHospitalList(command_id=lead.new_id(), content=content, source=SOURCE, accepted=found.mark))
    assert refused.value.code is ErrorCode.IMPORT_PREVIEW_OUTDATED


def test_a_case_manager_may_not_take_in_a_list(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(RuleViolation) as refused:
        take_in(desk, csv_list(tmp_path, "900001,苏州新院,,江苏省,苏州市,三甲,综合,"))
    assert refused.value.code is ErrorCode.NOT_ALLOWED


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as refused:
        read_hospital_file(csv_list(tmp_path, "a,b", head="医院名称,院区"))
    assert refused.value.code is ErrorCode.IMPORT_COLUMNS_MISSING
    assert refused.value.parameters["missing"] == "城市、等级"


def test_reading_reports_and_stops_when_asked(tmp_path: Path) -> None:
    path = csv_list(tmp_path, *(f"{number},医院{number},,江苏省,南京市,三甲,综合," for number in range(450)))
    told: list[tuple[int, int]] = []
    assert len(read_hospital_file(path, report=lambda done, total: told.append((done, total)))) == 450
    assert told == [(0, 450), (200, 450), (400, 450), (450, 450)]
    cancel = Event()
    cancel.set()
    with pytest.raises(Cancelled):
        read_hospital_file(path, cancel=cancel)


def test_a_running_number_of_another_list_renames_nobody(lead: Desk, tmp_path: Path) -> None:
    head = "编号,医院名称,城市,等级"
    take_in(lead, csv_list(tmp_path, "1,甲院,南京市,三甲", "2,乙院,南京市,三甲", head=head))
    found = take_in(lead, csv_list(tmp_path, "1,乙院,南京市,三甲", "2,丙院,南京市,三甲", head=head))
    assert [(item.name, item.change) for item in found.rows] == [
        ("乙院", ListChange.UNCHANGED),
        ("丙院", ListChange.NEW),
    ]
    third = found.rows[1].hospital
    assert third is not None
    assert third.code.startswith("N-"), "the number is taken"
    assert [row.name for row in rows_of(lead, "1")] == ["甲院"]
    assert [row.name for row in rows_of(lead, "2")] == ["乙院"]


def test_a_real_code_still_says_who_a_renamed_campus_is(lead: Desk, tmp_path: Path) -> None:
    head = "编号,医院名称,城市,等级"
    take_in(lead, csv_list(tmp_path, "320100,甲院,南京市,三甲", head=head))
    found = take_in(lead, csv_list(tmp_path, "320100,甲院（新名）,南京市,三甲", head=head), on=date(2026, 11, 1))
    assert found.rows[0].change is ListChange.CHANGED
    assert "名称 甲院 → 甲院（新名）" in found.rows[0].detail
