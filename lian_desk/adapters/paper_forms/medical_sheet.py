"""The 病史与用药单: what a doctor wants to know before the visit, each line with its source and day (R67)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lian_desk.adapters.drawing.layout import Cell, Row, Table
from lian_desk.adapters.drawing.printing import Frame, begin_sheet, finish
from lian_desk.adapters.drawing.seal import seal_of
from lian_desk.adapters.paper_forms import sections
from lian_desk.models.rules.working_time import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import BinaryIO

    from lian_desk.adapters.drawing.printing import DrawnDocument
    from lian_desk.adapters.paper_forms.paper_views import HistoryLine, MedicalSheetView

TITLE = "病史与用药单"


def draw_medical_sheet(view: MedicalSheetView, target: Path | BinaryIO) -> DrawnDocument:
    """Draw the sheet and write it to a path (beside, then renamed) or a stream.

    The same view gives the same bytes. Raises EnvironmentProblem when the target cannot be written.
    """
    sheet = begin_sheet()
    issued = view.stamp.issued_at.astimezone(SHANGHAI)
    sections.title(sheet, TITLE, view.stamp, view.imprint, f"截至 {issued:%Y-%m-%d}")
    sheet.section("被保险人", sections.party_table(view.party))
    sheet.section("疾病", _diseases(view))
    sheet.section("用药情况", _medications(view))
    sheet.section("过敏", _history(view.allergies, "没有过敏记录。"))
    sheet.section("既往病史与手术", _history(view.history, "没有既往病史记录。"))
    if view.recipient or view.pages:
        sheet.section("提供", _given(view))
    sections.signatures(sheet, view.stamp, "接收")
    sections.notices(sheet, view.imprint)
    for page in view.pages:
        sheet.picture(page.caption, page.jpeg, (page.width, page.height))
    frame = Frame(title=TITLE, stamp=view.stamp, imprint=view.imprint, seal=seal_of(view))
    return finish(sheet, frame, target)


def _diseases(view: MedicalSheetView) -> Table:
    shares = (50, 18, 32)
    rows = [
        Row((Cell(item.text), Cell(item.noted_on.isoformat()), Cell(item.evidence or "—")), sections.widths(*shares))
        for item in view.diseases
    ]
    return Table(rows or [sections.empty("没有登记疾病。")], sections.head("疾病", "登记日期", "凭据", shares=shares))


def _medications(view: MedicalSheetView) -> Table:
    shares = (34, 24, 14, 14, 14)
    rows = [
        Row(
            tuple(
                Cell(text or "—")
                for text in (item.name, item.dosage, item.since, item.source, item.stated_on.isoformat())
            ),
            sections.widths(*shares),
        )
        for item in view.medications
    ]
    header = sections.head("药品", "用法用量", "开始", "来源", "陈述日期", shares=shares)
    return Table(rows or [sections.empty("没有用药记录。")], header)


def _history(lines: Sequence[HistoryLine], nothing: str) -> Table:
    shares = (14, 58, 14, 14)
    rows = [
        Row(
            (Cell(item.kind), Cell(item.text), Cell(item.source), Cell(item.stated_on.isoformat())),
            sections.widths(*shares),
        )
        for item in lines
    ]
    return Table(rows or [sections.empty(nothing)], sections.head("类别", "内容", "来源", "陈述日期", shares=shares))


def _given(view: MedicalSheetView) -> Table:
    rows = [sections.fields(sections.WIDE, "提供给", view.recipient)] if view.recipient else []
    if view.pages:
        rows.append(sections.fields(sections.WIDE, "所附页面", "\n".join(page.caption for page in view.pages)))
    return Table(rows)
