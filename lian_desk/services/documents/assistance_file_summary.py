"""The 个案摘要: one assistance file on paper, for a handover, a review or the insured person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lian_desk.models.working_time import SHANGHAI
from lian_desk.services.documents import sections
from lian_desk.services.documents.layout import Cell, Row, Table
from lian_desk.services.documents.printing import Frame, begin_sheet, finish
from lian_desk.services.documents.seal import seal_of

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from lian_desk.services.documents.printing import DrawnDocument
    from lian_desk.services.documents.views import AssistanceFileSummaryView

TITLE = "个案摘要"

_WIDE = (15, 85)
_HALVES = (15, 35, 15, 35)


def draw_assistance_file_summary(view: AssistanceFileSummaryView, target: Path | BinaryIO) -> DrawnDocument:
    """Draw the summary and write it to a path (beside, then renamed) or a stream.

    The same view gives the same bytes. Raises EnvironmentProblem when the target cannot be written.
    """
    sheet = begin_sheet()
    sheet.title(TITLE, _subtitle(view))
    year = view.stamp.issued_at.astimezone(SHANGHAI).year
    sheet.section("被保险人", _party(view))
    sheet.section("保单", _policy(view))
    sheet.section("病情与病史", _health(view))
    sheet.section("权益", _entitlements(view))
    sheet.section("服务申请", sections.service_table(view.services, year))
    sheet.section("预约", _bookings(view, year))
    sheet.section("材料", _materials(view, year))
    sheet.section("随访", sections.follow_up_table(view.follow_ups, year))
    sheet.section("待办", sections.task_table(view.open_tasks))
    sections.signatures(sheet, view.stamp)
    sections.notices(sheet, view.imprint)
    frame = Frame(title=TITLE, stamp=view.stamp, imprint=view.imprint, seal=seal_of(view))
    return finish(sheet, frame, target)


def _subtitle(view: AssistanceFileSummaryView) -> str:
    issued = view.stamp.issued_at.astimezone(SHANGHAI)
    parts = [
        f"建档 {view.opened_on}",
        f"截至 {issued:%Y-%m-%d %H:%M}",
        f"手册版本 {view.imprint.edition}",
        f"记录编号 {view.stamp.record_number}",
    ]
    if view.stamp.issue > 1:
        parts.append(f"第 {view.stamp.issue} 次签发")
    return "　·　".join(parts)


def _party(view: AssistanceFileSummaryView) -> Table:
    party = view.party
    rows = [
        sections.fields(_HALVES, "姓名", party.name, "性别 / 年龄", f"{party.sex} / {party.age}"),
        sections.fields(_HALVES, "证件号码", party.identity_number, "联系电话", party.phone),
    ]
    if party.guardian:
        rows.append(sections.fields(_WIDE, "监护人", party.guardian))
    rows.append(sections.fields(_WIDE, "信息授权", view.authorization))
    return Table(rows)


def _policy(view: AssistanceFileSummaryView) -> Table:
    policy = view.policy
    rows = [
        sections.fields(_HALVES, "保单号", policy.number, "保单状态", sections.policy_text(policy)),
        sections.fields(
            _HALVES,
            *("生效日", policy.effective_on.isoformat()),
            *("服务期限", f"至 {policy.covered_until_on.isoformat()} 零时止"),
        ),
    ]
    if policy.periods:
        rows.append(sections.fields(_WIDE, "状态经过", "\n".join(policy.periods)))
    return Table(rows)


def _health(view: AssistanceFileSummaryView) -> Table:
    health = view.health
    return Table(
        [
            sections.fields(_WIDE, "疾病", "\n".join(view.diseases)),
            sections.fields(_WIDE, "既往病史", health.history),
            sections.fields(_WIDE, "用药情况", health.medication),
            sections.fields(_WIDE, "过敏", health.allergies),
        ]
    )


def _entitlements(view: AssistanceFileSummaryView) -> Table:
    shares = (20, 20, 60)
    rows = []
    for item in view.entitlements:
        left = "不限次" if item.uses_granted is None else f"{item.uses_left} / {item.uses_granted}"
        used = "、".join(day.isoformat() for day in item.used_on)
        rows.append(Row((Cell(item.service), Cell(left), Cell(used or "—")), sections.widths(*shares)))
    header = sections.head("服务项目", "剩余次数", "扣除日期（确认开启服务之日）", shares=shares)
    return Table(rows or [sections.empty("没有权益记录。")], header)


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
                Cell(item.kind),
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
