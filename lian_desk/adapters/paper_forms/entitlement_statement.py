"""The 权益使用清单: what was granted, spent and given back, with what is left after each step (R12, R46, R54)."""

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
    from lian_desk.adapters.paper_forms.paper_views import EntitlementStatementView

TITLE = "权益使用清单"


def draw_entitlement_statement(view: EntitlementStatementView, target: Path | BinaryIO) -> DrawnDocument:
    """Draw the statement and write it to a path (beside, then renamed) or a stream.

    The same view gives the same bytes. Raises EnvironmentProblem when the target cannot be written.
    """
    sheet = begin_sheet()
    issued = view.stamp.issued_at.astimezone(SHANGHAI)
    sections.title(sheet, TITLE, view.stamp, view.imprint, f"截至 {issued:%Y-%m-%d %H:%M}")
    sheet.section("被保险人与保单", _subject(view))
    sheet.section("剩余权益", sections.entitlement_table(view.entitlements))
    sheet.section("使用经过", _entries(view))
    sections.signatures(sheet, view.stamp)
    sections.notices(sheet, view.imprint)
    frame = Frame(title=TITLE, stamp=view.stamp, imprint=view.imprint, seal=seal_of(view))
    return finish(sheet, frame, target)


def _subject(view: EntitlementStatementView) -> Table:
    policy = view.policy
    return Table(
        [
            sections.fields(sections.HALVES, "姓名", view.party.name, "证件号码", view.party.identity_number),
            sections.fields(sections.HALVES, "保单号", policy.number, "保单状态", sections.policy_text(policy)),
            sections.fields(
                sections.HALVES,
                *("生效日", policy.effective_on.isoformat()),
                *("服务期限", f"至 {policy.covered_until_on.isoformat()} 零时止"),
            ),
        ]
    )


def _entries(view: EntitlementStatementView) -> Table:
    shares = (17, 13, 10, 8, 8, 44)
    rows = []
    for item in view.entries:
        happened = item.happened_at.astimezone(SHANGHAI)
        cells = (
            Cell(f"{happened:%Y-%m-%d %H:%M}"),
            Cell(item.service),
            Cell(item.kind),
            Cell(f"{item.amount:+d}".replace("-", "−")),
            Cell(str(item.left)),
            Cell(sections.joined((item.request_number, item.reason), " · ")),
        )
        rows.append(Row(cells, sections.widths(*shares)))
    header = sections.head("时间", "服务项目", "类型", "变动", "剩余", "服务申请 · 事由", shares=shares)
    return Table(rows or [sections.empty("没有权益变动。")], header)
