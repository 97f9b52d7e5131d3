"""The 团队小结: promises kept, times of booking by week, causes of delay, load of each case manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lian_desk.adapters.drawing import style
from lian_desk.adapters.drawing.layout import Cell, Row, Table
from lian_desk.adapters.drawing.printing import Frame, begin_sheet, finish
from lian_desk.adapters.drawing.seal import seal_of
from lian_desk.adapters.paper_forms import sections

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from lian_desk.adapters.drawing.printing import DrawnDocument
    from lian_desk.adapters.paper_forms.paper_views import TeamSummaryView

TITLE = "团队小结"


def draw_team_summary(view: TeamSummaryView, target: Path | BinaryIO) -> DrawnDocument:
    """Draw the summary and write it to a path (beside, then renamed) or a stream.

    The same view gives the same bytes. Raises EnvironmentProblem when the target cannot be written.
    """
    sheet = begin_sheet()
    sections.title(sheet, TITLE, view.stamp, view.imprint, f"{view.period_from} 至 {view.period_to}")
    sheet.section("承诺达标", _promises(view))
    sheet.section("权益使用", _uses(view))
    sheet.section("每周预约完成用时（工作日）", _weeks(view))
    sheet.section("超时原因", _causes(view))
    sheet.section("专案管家", _load(view))
    sections.signatures(sheet, view.stamp)
    sections.notices(sheet, view.imprint)
    frame = Frame(title=TITLE, stamp=view.stamp, imprint=view.imprint, seal=seal_of(view))
    return finish(sheet, frame, target)


def _row(shares: tuple[float, ...], *texts: str) -> Row:
    return Row(tuple(Cell(text) for text in texts), sections.widths(*shares))


def _promises(view: TeamSummaryView) -> Table:
    shares = (40, 20, 20, 20)
    rows = [
        Row(
            (
                Cell(item.label),
                Cell(item.share),
                Cell(f"{item.total:,}"),
                Cell(f"{item.broken:,}", colour=style.BROKEN if item.broken else style.TEXT),
            ),
            sections.widths(*shares),
        )
        for item in view.promises
    ]
    return Table(rows, sections.head("承诺", "达标", "共计", "超时", shares=shares))


def _uses(view: TeamSummaryView) -> Table:
    shares = (40, 60)
    rows = [_row(shares, service, f"{count:,} 次") for service, count in view.uses]
    return Table(rows or [sections.empty("期间内没有扣除权益。")], sections.head("服务项目", "确认开启", shares=shares))


def _weeks(view: TeamSummaryView) -> Table:
    shares = (40, 20, 20, 20)
    rows = [
        _row(shares, f"{item.from_on} 起一周", f"{item.count:,}", _days(item.median_days), _days(item.ninetieth_days))
        for item in view.weeks
    ]
    header = sections.head("周", "完成预约", "中位数", "90 分位", shares=shares)
    return Table(rows or [sections.empty("期间内没有完成预约。")], header)


def _days(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"


def _causes(view: TeamSummaryView) -> Table:
    shares = (40, 60)
    rows = [_row(shares, item.cause, f"{item.count:,}") for item in view.causes]
    return Table(rows or [sections.empty("期间内没有超时。")], sections.head("原因", "次数", shares=shares))


def _load(view: TeamSummaryView) -> Table:
    shares = (28, 18, 18, 18, 18)
    rows = []
    for item in view.load:
        kept = "—" if item.kept_share is None else f"{item.kept_share:.1%}"
        rows.append(
            _row(
                shares,
                item.name,
                f"{item.open_files:,}",
                f"{item.open_requests:,}",
                kept,
                f"{item.follow_ups_done:,} / {item.follow_ups_due:,}",
            )
        )
    header = sections.head("姓名", "在管档案", "进行中服务", "时限内", "今日随访", shares=shares)
    return Table(rows or [sections.empty("没有在岗的专案管家。")], header)
