"""The 随访记录, drawn to a file and read back."""

from __future__ import annotations

import errno
import os
import re
import time
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from lian_desk.adapters.drawing.line_breaking import NO_START
from lian_desk.adapters.paper_forms.follow_up_record import draw_follow_up_record
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from tests.integration.paper_forms.reading import read_back
from tests.integration.paper_forms.samples import FOLLOW_UPS, PARTY, STAMP, record

if TYPE_CHECKING:
    from pathlib import Path


def test_everything_is_in_print_and_in_order(tmp_path: Path) -> None:
    drawn = draw_follow_up_record(record(), tmp_path / "r.pdf")
    got = read_back(tmp_path / "r.pdf")
    assert drawn.page_count == len(got.pages)
    expected = [
        "电子就医协助服务档案A-26-00312",
        "保密·仅供服务使用",
        "随访记录",
        "2026-08-11至2026-09-30",
        "记录编号FR-26-000912",
        "被保险人与保障",
        "王*兰",
        "女/52",
        "有效·第3保单年度",
        "疑似急性心肌梗死（重症）",
        "2026-08-11已授权",
        "门诊协调2/3",
        "检查加急1/3",
        "（专案管家不限次）",
        "服务经过",
        "08-14",
        "检查加急①",
        "江苏省人民医院·影像科",
        "48小时告知守时",
        "预约1/3个工作日守时",
        "检查加急②",
        "需求确认时间补录",
        "预约4/3个工作日超时",
        "门诊协调①",
        "预约3/15个工作日进行中",
        "随访",
        "08-1510:02",
        "电话12分钟",
        "检查后第1天",
        "用药：继续服用原处方降压药",
        "胸痛应急处理",
        "08-22",
        "补录08-2409:05",
        "未接通",
        "微信",
        "建议尽快门诊",
        "提醒：就诊携带既往病历",
        "待办",
        "10-08上午",
        "专案管家：陈静",
        "主管复核：",
        "日期：2026-09-30",
    ]
    position = 0
    for piece in expected:
        found = got.run.find(piece, position)
        assert found >= 0, f"{piece} is missing or out of order"
        position = found


def test_the_last_section_carries_the_notices_provider_and_edition(tmp_path: Path) -> None:
    view = record()
    draw_follow_up_record(view, tmp_path / "r.pdf")
    run = read_back(tmp_path / "r.pdf").run
    tail = run[run.rindex("服务须知") :]
    assert [notice.clause for notice in view.imprint.notices] == [f"R{number}" for number in range(73, 80)]
    for notice in view.imprint.notices:
        assert "".join(notice.text.split()) in tail
    for fact in ("上海镁信健康科技集团股份有限公司", "400-005-7995", "956009", "2024年11月版"):
        assert fact in tail


def test_every_page_has_header_footer_and_its_number(tmp_path: Path) -> None:
    drawn = draw_follow_up_record(record(follow_ups=FOLLOW_UPS * 12), tmp_path / "r.pdf")
    got = read_back(tmp_path / "r.pdf")
    assert drawn.page_count > 3
    for number, page in enumerate(got.pages, start=1):
        run = "".join(page.split())
        assert run.startswith("电子就医协助服务档案A-26-00312保密·仅供服务使用")
        assert f"第{number}/{drawn.page_count}页" in run
        assert f"{drawn.seal[:4]}…{drawn.seal[-4:]}" in run
        assert "不构成保险理赔结论" in run


def test_the_table_header_is_repeated_on_each_page_of_the_table(tmp_path: Path) -> None:
    draw_follow_up_record(record(follow_ups=FOLLOW_UPS * 12), tmp_path / "r.pdf")
    pages = ["".join(page.split()) for page in read_back(tmp_path / "r.pdf").pages]
    with_rows = [page for page in pages if "检查后第2天" in page]
    assert len(with_rows) > 2
    for page in with_rows:
        assert page.count("时间·方式") == 1
        assert page.index("时间·方式") < page.index("10:02")


def test_only_our_own_fonts_and_all_embedded(tmp_path: Path) -> None:
    draw_follow_up_record(record(), tmp_path / "r.pdf")
    fonts = read_back(tmp_path / "r.pdf").fonts
    assert fonts
    assert all(embedded and "NotoSansSC" in name for name, embedded in fonts)
    raw = (tmp_path / "r.pdf").read_bytes()
    assert b"Helvetica" not in raw
    assert b"/Lang (zh-CN)" in raw


def test_outline_and_metadata_name_the_record_and_no_person(tmp_path: Path) -> None:
    draw_follow_up_record(record(), tmp_path / "r.pdf")
    got = read_back(tmp_path / "r.pdf")
    assert got.outline == ("随访记录", "被保险人与保障", "服务经过", "随访", "待办", "服务须知")
    assert got.metadata["Title"] == "随访记录 FR-26-000912"
    assert got.metadata["Author"] == "上海镁信健康科技集团股份有限公司"
    assert "王" not in "".join(got.metadata.values())


def test_the_same_view_gives_the_same_bytes_on_path_and_stream(tmp_path: Path) -> None:
    stream = BytesIO()
    first = draw_follow_up_record(record(), tmp_path / "a.pdf")
    second = draw_follow_up_record(record(), stream)
    assert first == second
    assert (tmp_path / "a.pdf").read_bytes() == stream.getvalue()
    changed = draw_follow_up_record(record(open_tasks=("别的",)), BytesIO())
    assert changed.seal != first.seal


@pytest.mark.parametrize("name", ["张𬭎", "单雄信", "𫖯䶮㛃", "阿依古丽·买买提", "O’Neill Müller"])
def test_names_can_be_searched_as_they_are_written(tmp_path: Path, name: str) -> None:
    drawn = draw_follow_up_record(record(party=replace(PARTY, name=name)), tmp_path / "r.pdf")
    assert drawn.replaced == ()
    assert "".join(name.split()) in read_back(tmp_path / "r.pdf").run


@pytest.mark.parametrize(
    ("name", "shown", "points"),
    [
        ("𠮷田", "〔U+20BB7〕田", [0x20BB7]),
        ("王😀兰", "王〔U+1F600〕兰", [0x1F600]),
        ("王\u202e兰", "王〔U+202E〕兰", [0x202E]),
        ("王\u200f\u0007兰", "王〔U+200F〕〔U+0007〕兰", [0x7, 0x200F]),
        ("葛\U000e0100城", "葛城", [0xE0100]),
        ("王\ud800兰", "王〔U+D800〕兰", [0xD800]),
    ],
)
def test_what_no_font_can_show_is_named_and_reported(tmp_path: Path, name: str, shown: str, points: list[int]) -> None:
    drawn = draw_follow_up_record(record(party=replace(PARTY, name=name)), tmp_path / "r.pdf")
    assert [found.code_point for found in drawn.replaced] == points
    assert shown in read_back(tmp_path / "r.pdf").run


def test_a_name_of_200_characters_is_complete(tmp_path: Path) -> None:
    name = "".join(chr(0x4E00 + 7 * number) for number in range(200))
    draw_follow_up_record(record(party=replace(PARTY, name=name)), tmp_path / "r.pdf")
    # The other fields of the row stand between its lines, so the characters are looked for in order.
    rest = iter(read_back(tmp_path / "r.pdf").run)
    assert all(character in rest for character in name)


def test_a_note_of_50_000_characters_flows_over_pages(tmp_path: Path) -> None:
    sentence = "复诊后第{}日，患者自述“胸闷减轻”；夜间平卧可入睡（每晚约6小时），继续服用原处方药物。"
    note = "".join(sentence.format(number) for number in range(1, 2000))[:50_000]
    told = replace(FOLLOW_UPS[0], condition=note)
    started = time.perf_counter()
    drawn = draw_follow_up_record(record(follow_ups=(told, FOLLOW_UPS[2])), tmp_path / "r.pdf")
    assert time.perf_counter() - started < 10
    got = read_back(tmp_path / "r.pdf")
    assert drawn.page_count > 20
    assert "（接上页）" in got.run
    rest = iter(got.run)
    assert all(character in rest for character in note)
    for page in got.pages:
        for line in page.split("\n"):
            assert line[:1] not in NO_START or line.startswith("·"), line
    # the end of a page may stand in the middle of one: every character was found in its order above
    cut = [number for number in range(1, 600, 37) if f"第{number}日" not in got.run]
    assert len(cut) <= 1


def test_a_masked_record_says_confidential_and_an_open_one_says_so_too(tmp_path: Path) -> None:
    draw_follow_up_record(record(stamp=replace(STAMP, masked=False, issue=2)), tmp_path / "r.pdf")
    run = read_back(tmp_path / "r.pdf").run
    assert "未遮盖个人信息" in run
    assert "第2次签发" in run


def test_empty_history_is_said_not_left_blank(tmp_path: Path) -> None:
    draw_follow_up_record(record(follow_ups=(), services=(), open_tasks=(), diseases=()), tmp_path / "r.pdf")
    run = read_back(tmp_path / "r.pdf").run
    for phrase in ("期间内没有服务申请。", "期间内没有随访。", "没有待办。"):
        assert phrase in run


def test_a_missing_folder_is_a_foreseen_problem(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        draw_follow_up_record(record(), tmp_path / "gone" / "r.pdf")
    assert caught.value.code == ErrorCode.TARGET_FOLDER_MISSING


def test_a_full_disk_leaves_the_old_file_and_nothing_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "r.pdf"
    target.write_bytes(b"old")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EnvironmentProblem) as caught:
        draw_follow_up_record(record(), target)
    assert caught.value.code == ErrorCode.DISK_FULL
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["r.pdf"]


def test_no_section_heading_stands_alone_at_the_foot(tmp_path: Path) -> None:
    headings = re.compile("^(被保险人与保障|服务经过|随访|待办|服务须知)$")
    for count in range(1, 9):
        drawn = draw_follow_up_record(record(follow_ups=FOLLOW_UPS * count), tmp_path / "r.pdf")
        for page in read_back(tmp_path / "r.pdf").pages:
            lines = [line for line in page.split("\n") if line.strip()]
            foot = next(place for place, line in enumerate(lines) if line.startswith("本记录为就医服务类"))
            assert not headings.match(lines[foot - 1]), f"{drawn.page_count} pages"
