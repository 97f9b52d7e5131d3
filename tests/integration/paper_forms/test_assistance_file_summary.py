"""The 个案摘要, drawn to a file and read back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lian_desk.adapters.paper_forms.assistance_file_summary import draw_assistance_file_summary
from tests.integration.paper_forms.reading import read_back
from tests.integration.paper_forms.samples import PARTY, summary

if TYPE_CHECKING:
    from pathlib import Path


def test_every_section_is_there_in_order(tmp_path: Path) -> None:
    drawn = draw_assistance_file_summary(summary(), tmp_path / "s.pdf")
    got = read_back(tmp_path / "s.pdf")
    assert drawn.page_count == len(got.pages)
    assert got.outline == (
        "个案摘要",
        "被保险人",
        "保单",
        "病情与病史",
        "权益",
        "服务申请",
        "预约",
        "材料",
        "随访",
        "待办",
        "服务须知",
    )
    expected = [
        "建档2026-08-11",
        "截至2026-09-3017:20",
        "记录编号CS-26-000031",
        "王*兰",
        "3201**********1234",
        "138****6620",
        "LA2024**0312",
        "至2034-03-01零时止",
        "中止（欠缴保费）",
        "确诊2型糖尿病",
        "高血压十年",
        "氨氯地平5mg",
        "青霉素",
        "2026-08-12、2026-08-24",
        "不限次",
        "检查加急②",
        "超时",
        "停诊改期一次（2026-09-20）",
        "门诊病历",
        "2026-08-09",
        "08-1109:20",
        "R-26-000101",
        "检查通知单",
        "检查后第1天",
        "10-12就诊材料补录",
        "专案管家：陈静",
        "保险理赔",
        "400-005-7995",
    ]
    position = 0
    for piece in expected:
        found = got.run.find(piece, position)
        assert found >= 0, f"{piece} is missing or out of order"
        position = found


def test_a_minor_has_the_guardian_in_print(tmp_path: Path) -> None:
    view = summary(party=replace(PARTY, age="11", guardian="王*（父亲），已核对"))
    draw_assistance_file_summary(view, tmp_path / "s.pdf")
    assert "监护人王*（父亲），已核对" in read_back(tmp_path / "s.pdf").run


def test_an_empty_file_is_a_complete_document(tmp_path: Path) -> None:
    view = summary(entitlements=(), services=(), bookings=(), materials=(), follow_ups=(), open_tasks=(), diseases=())
    draw_assistance_file_summary(view, tmp_path / "s.pdf")
    run = read_back(tmp_path / "s.pdf").run
    for phrase in ("没有权益记录。", "没有预约。", "没有材料。", "没有待办。"):
        assert phrase in run
