"""The 时限达标说明: each promise with start, end, fulfilment and the way its end was reckoned (R55 to R62)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lian_desk.adapters.drawing import style
from lian_desk.adapters.drawing.layout import Cell, Row, Table
from lian_desk.adapters.drawing.printing import Frame, begin_sheet, finish
from lian_desk.adapters.drawing.seal import seal_of
from lian_desk.adapters.paper_forms import sections
from lian_desk.models.rules.working_time import SHANGHAI

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from typing import BinaryIO

    from lian_desk.adapters.drawing.printing import DrawnDocument
    from lian_desk.adapters.paper_forms.paper_views import DeadlineLine, DeadlineProofView, ProvenRequest

TITLE = "时限达标说明"


def draw_deadline_proof(view: DeadlineProofView, target: Path | BinaryIO) -> DrawnDocument:
    """Draw the proof and write it to a path (beside, then renamed) or a stream.

    The same view gives the same bytes. Raises EnvironmentProblem when the target cannot be written.
    """
    sheet = begin_sheet()
    issued = view.stamp.issued_at.astimezone(SHANGHAI)
    sections.title(sheet, TITLE, view.stamp, view.imprint, f"截至 {issued:%Y-%m-%d %H:%M}")
    sheet.section("被保险人", sections.party_table(view.party))
    sheet.section("汇总", _totals(view))
    for request in view.requests:
        sheet.section(f"{request.service} {request.number}", _request(request))
    sections.signatures(sheet, view.stamp)
    sections.notices(sheet, view.imprint)
    frame = Frame(title=TITLE, stamp=view.stamp, imprint=view.imprint, seal=seal_of(view))
    return finish(sheet, frame, target)


def _totals(view: DeadlineProofView) -> Table:
    lines = [line for request in view.requests for line in request.deadlines]
    kept = sum(line.kept is True for line in lines)
    broken = sum(line.kept is False for line in lines)
    running = len(lines) - kept - broken
    text = f"共 {len(lines)} 项承诺：守时 {kept} 项，超时 {broken} 项，进行中或暂停 {running} 项。"
    return Table([sections.fields(sections.WIDE, "时限", text if lines else "还没有起算的时限。")])


def _request(request: ProvenRequest) -> Table:
    shares = (15, 18, 18, 18, 31)
    rows = []
    for line in request.deadlines:
        colour = style.BROKEN if line.kept is False else style.TEXT
        cells = (
            Cell(line.label),
            Cell(_moment(line.started_at)),
            Cell(_moment(line.due_at)),
            Cell(_moment(line.met_at) if line.met_at else "—"),
            Cell(line.verdict, colour=colour),
        )
        rows += [Row(cells, sections.widths(*shares)), sections.fields(sections.WIDE, "计算", _reckoning(line))]
    rows += [
        sections.fields(
            sections.WIDE,
            *("暂停", f"{pause.reason}：{_moment(pause.from_at)} 至 {_moment(pause.to_at) if pause.to_at else '今'}"),
        )
        for pause in request.pauses
    ]
    rows += [sections.fields(sections.WIDE, "备注", remark) for remark in request.remarks]
    rows.append(sections.fields(sections.WIDE, "预约内容", request.place))
    return Table(rows, sections.head("时限", "起算", "截止", "完成", "结果", shares=shares))


def _reckoning(line: DeadlineLine) -> str:
    return f"{line.derivation}（{line.place}，手册版本 {line.edition}）"


def _moment(value: datetime) -> str:
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
