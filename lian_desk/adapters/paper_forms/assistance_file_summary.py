"""The 个案摘要: one assistance file on paper, for a handover, a review or the insured person."""

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
    from lian_desk.adapters.drawing.views import AssistanceFileSummaryView

TITLE = "个案摘要"


def draw_assistance_file_summary(view: AssistanceFileSummaryView, target: Path | BinaryIO) -> DrawnDocument:
    """Draw the summary and write it to a path (beside, then renamed) or a stream.

    The same view gives the same bytes. Raises EnvironmentProblem when the target cannot be written.
    """
    sheet = begin_sheet()
    issued = view.stamp.issued_at.astimezone(SHANGHAI)
    sections.title(sheet, TITLE, view.stamp, view.imprint, f"建档 {view.opened_on}", f"截至 {issued:%Y-%m-%d %H:%M}")
    year = issued.year
    sheet.section("被保险人", sections.party_table(view.party, view.authorization))
    sheet.section("保单", _policy(view))
    sheet.section("病情与病史", _health(view))
    sheet.section("权益", sections.entitlement_table(view.entitlements))
    sheet.section("服务申请", sections.service_table(view.services, year))
    sheet.section("预约", _bookings(view, year))
    sheet.section("材料", _materials(view, year))
    sheet.section("随访", sections.follow_up_table(view.follow_ups, year))
    sheet.section("待办", sections.task_table(view.open_tasks))
    sections.signatures(sheet, view.stamp)
    sections.notices(sheet, view.imprint)
    frame = Frame(title=TITLE, stamp=view.stamp, imprint=view.imprint, seal=seal_of(view))
    return finish(sheet, frame, target)


def _policy(view: AssistanceFileSummaryView) -> Table:
    policy = view.policy
    rows = [
        sections.fields(sections.HALVES, "保单号", policy.number, "保单状态", sections.policy_text(policy)),
        sections.fields(
            sections.HALVES,
            *("生效日", policy.effective_on.isoformat()),
            *("服务期限", f"至 {policy.covered_until_on.isoformat()} 零时止"),
        ),
    ]
    if policy.periods:
        rows.append(sections.fields(sections.WIDE, "状态经过", "\n".join(policy.periods)))
    return Table(rows)


def _health(view: AssistanceFileSummaryView) -> Table:
    health = view.health
    return Table(
        [
            sections.fields(sections.WIDE, "疾病", "\n".join(view.diseases)),
            sections.fields(sections.WIDE, "既往病史", health.history),
            sections.fields(sections.WIDE, "用药情况", health.medication),
            sections.fields(sections.WIDE, "过敏", health.allergies),
        ]
    )


def _bookings(view: AssistanceFileSummaryView, year: int) -> Table:
    shares = (14, 49, 20, 17)
    rows = [
        Row(
            (
                Cell(item.service),
                Cell("\n".join(part for part in (item.place, *item.remarks) if part)),
                Cell(sections.moment(item.visit_at, year) if item.visit_at else "—"),
                Cell(item.status),
            ),
            sections.widths(*shares),
        )
        for item in view.bookings
    ]
    header = sections.head("服务", "医院 · 科室 · 专家", "预约时间", "状态", shares=shares)
    return Table(rows or [sections.empty("没有预约。")], header)


def _materials(view: AssistanceFileSummaryView, year: int) -> Table:
    shares = (26, 9, 15, 20, 30)
    rows = [
        Row(
            (
                Cell("\n".join(filter(None, (item.kind, item.flaw)))),
                Cell(str(item.page_count) if item.page_count else "—"),
                Cell(item.dated_on.isoformat() if item.dated_on else "—"),
                Cell(sections.moment(item.received_at, year)),
                Cell(item.proves or "—"),
            ),
            sections.widths(*shares),
        )
        for item in view.materials
    ]
    header = sections.head("材料", "页数", "材料日期", "接收时间", "用于", shares=shares)
    return Table(rows or [sections.empty("没有材料。")], header)
