"""The 预约结果与注意事项: where and when, what to bring and mind, what the handbook says of a booking (R63, R48 to R53)."""

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
    from lian_desk.adapters.paper_forms.paper_views import BookingNoticeView

TITLE = "预约结果与注意事项"
_WEEKDAYS = "一二三四五六日"


def draw_booking_notice(view: BookingNoticeView, target: Path | BinaryIO) -> DrawnDocument:
    """Draw the notice and write it to a path (beside, then renamed) or a stream.

    The same view gives the same bytes. Raises EnvironmentProblem when the target cannot be written.
    """
    sheet = begin_sheet()
    sections.title(sheet, TITLE, view.stamp, view.imprint, f"服务申请 {view.request_number}")
    sheet.section("被保险人", sections.party_table(view.party))
    sheet.section("预约结果", _result(view))
    sheet.section("注意事项", _numbered(view.instructions, "医院没有另行通知的注意事项。"))
    if view.reminders:
        sheet.section("提醒安排", _numbered(view.reminders, ""))
    sheet.section("服务约定", _rules(view))
    sections.signatures(sheet, view.stamp, "被保险人签收")
    sections.notices(sheet, view.imprint)
    frame = Frame(title=TITLE, stamp=view.stamp, imprint=view.imprint, seal=seal_of(view))
    return finish(sheet, frame, target)


def _result(view: BookingNoticeView) -> Table:
    visit = view.visit_at.astimezone(SHANGHAI)
    moment = f"{visit:%Y-%m-%d} 星期{_WEEKDAYS[visit.weekday()]} {visit:%H:%M}"
    rows = [
        sections.fields(sections.HALVES, "服务", view.service, "就诊时间", moment),
        sections.fields(sections.WIDE, "医院", view.hospital),
        sections.fields(sections.HALVES, "科室 / 项目", view.department, "专家", view.expert),
        sections.fields(sections.HALVES, "地点", view.place, "医院预约号", view.hospital_reference),
    ]
    return Table(rows)


def _numbered(lines: Sequence[str], nothing: str) -> Table:
    shares = (6, 94)
    rows = [Row((Cell(str(number)), Cell(text)), sections.widths(*shares)) for number, text in enumerate(lines, 1)]
    return Table(rows or [sections.empty(nothing)])


def _rules(view: BookingNoticeView) -> Table:
    rows = [sections.fields(sections.WIDE, item.title, f"{item.text}（手册{item.place}）") for item in view.rules]
    return Table(rows or [sections.empty("本项服务没有另行约定。")])
