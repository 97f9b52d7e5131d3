"""The 就诊资料包: a cover that says to whom, what for and on which authorization, and the chosen pages (R21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lian_desk.adapters.drawing.layout import Cell, Row, Table
from lian_desk.adapters.drawing.printing import Frame, begin_sheet, finish
from lian_desk.adapters.drawing.seal import seal_of
from lian_desk.adapters.paper_forms import sections
from lian_desk.models.rules.working_time import SHANGHAI

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from lian_desk.adapters.drawing.printing import DrawnDocument
    from lian_desk.adapters.paper_forms.paper_views import DisclosurePackView

TITLE = "就诊资料包"


def draw_disclosure_pack(view: DisclosurePackView, target: Path | BinaryIO) -> DrawnDocument:
    """Draw cover and pages and write them to a path (beside, then renamed) or a stream.

    Every page of a material is one picture: what was painted over is gone, and no text lies below.
    The same view gives the same bytes. Raises EnvironmentProblem when the target cannot be written.
    """
    sheet = begin_sheet()
    issued = view.stamp.issued_at.astimezone(SHANGHAI)
    sections.title(sheet, TITLE, view.stamp, view.imprint, f"{issued:%Y-%m-%d %H:%M}")
    sheet.section("提供", _given(view))
    sheet.section("被保险人", sections.party_table(view.party))
    sheet.section("所附材料", _papers(view))
    sections.signatures(sheet, view.stamp, "接收")
    sections.notices(sheet, view.imprint)
    for page in view.pages:
        sheet.picture(page.caption, page.jpeg, (page.width, page.height))
    frame = Frame(title=TITLE, stamp=view.stamp, imprint=view.imprint, seal=seal_of(view))
    return finish(sheet, frame, target)


def _given(view: DisclosurePackView) -> Table:
    rows = [
        sections.fields(sections.WIDE, "提供给", view.recipient),
        sections.fields(sections.WIDE, "用途", view.purpose),
        sections.fields(sections.WIDE, "信息授权", view.authorization),
        sections.fields(sections.WIDE, "依据", view.basis),
        sections.fields(sections.WIDE, "疾病", "\n".join(view.diseases)),
    ]
    if view.stamp.masked and not view.stamp.reader:
        rows.append(
            sections.fields(sections.WIDE, "遮盖", "姓名、证件号码、联系方式与就诊编号已遮盖，所附页面为图片。")
        )
    return Table(rows)


def _papers(view: DisclosurePackView) -> Table:
    shares = (6, 24, 34, 16, 20)
    rows = [
        Row(
            tuple(Cell(text or "—") for text in (str(number), paper.title, paper.issuer, paper.dated_on, paper.pages)),
            sections.widths(*shares),
        )
        for number, paper in enumerate(view.papers, 1)
    ]
    header = sections.head("序号", "材料", "医疗机构", "日期", "所附页", shares=shares)
    return Table(rows or [sections.empty("没有附材料。")], header)
