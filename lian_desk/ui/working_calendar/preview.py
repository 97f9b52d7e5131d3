"""What taking in a calendar year would do: days that differ, deadlines that move, rows that are wrong."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from lian_desk.services.listings.memory_rows import MemoryRows
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.services.working_calendar.moved_deadlines import DeadlineMove
from lian_desk.services.working_calendar.views import CalendarPreview
from lian_desk.services.working_calendar.years import move_words
from lian_desk.ui.common.lists.columns import Column, ColumnKind
from lian_desk.ui.common.lists.desk_table import DENSE_ROW_HEIGHT
from lian_desk.ui.common.lists.list_page import EmptyWords, ListSpec, RecordList
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import ChipText, FilterChips, FilterChoice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

DAYS: Final = "days"
MOVES: Final = "moves"
ROWS: Final = "rows"


class DayRow(NamedTuple):
    """A day that differs from what holds now."""

    key: int
    day: str
    before: str
    after: str
    changes_work: bool


class MoveRow(NamedTuple):
    """A deadline that moves."""

    key: int
    number: str
    clock: str
    old_due: str
    new_due: str
    chip: ChipText
    words: str
    derivation: str


def _day_columns() -> tuple[Column, ...]:
    return (
        Column("日期", text=lambda row: row.day, width=150),
        Column("现行", text=lambda row: row.before, width=150, kind=ColumnKind.SECONDARY),
        Column("导入后", text=lambda row: row.after, width=150, stretch=True),
        Column(
            "影响",
            chips=lambda row: [ChipText("影响时限", Tone.RISK) if row.changes_work else ChipText("仅名称")],
            width=110,
            kind=ColumnKind.CHIP,
        ),
    )


def _move_columns() -> tuple[Column, ...]:
    return (
        Column("编号", text=lambda row: row.number, width=150, kind=ColumnKind.NAME),
        Column("时限", text=lambda row: row.clock, width=96),
        Column("原截止", text=lambda row: row.old_due, width=126, kind=ColumnKind.SECONDARY),
        Column("新截止", text=lambda row: row.new_due, width=126, tooltip=lambda row: row.words),
        Column("变化", chips=lambda row: [row.chip], width=116, kind=ColumnKind.CHIP),
        Column(
            "算法",
            text=lambda row: row.derivation,
            width=200,
            kind=ColumnKind.SECONDARY,
            stretch=True,
            tooltip=lambda row: row.derivation,
        ),
    )


class PreviewPanel(QWidget):
    """Lists under chips with counts, and one sentence above that sums them up; ``rows``: those of the file, if any."""

    def __init__(self, context: UiContext, *, rows: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary = Notice("正在计算变动…", Tone.INFO)
        self._sources: dict[str, MemoryRows[DayRow] | MemoryRows[MoveRow]] = {}
        self.lists: dict[str, RecordList] = {}
        self._stack = QStackedWidget()
        self._add(context, DAYS, MemoryRows[DayRow](), _day_columns(), EmptyWords("与现行日历没有不同"))
        self._add(context, MOVES, MemoryRows[MoveRow](), _move_columns(), EmptyWords("没有时限因此变动"))
        choices = [FilterChoice(DAYS, "不同的日子"), FilterChoice(MOVES, "变动的时限")]
        self._parts: dict[str, QWidget] = dict(self.lists)
        if rows is not None:
            self._parts[ROWS] = rows
            self._stack.addWidget(rows)
            choices.append(FilterChoice(ROWS, "文件的行"))
        self.chips = FilterChips(choices)
        self._waits_for_rows = False
        self.chips.chosen.connect(self._choose_part)
        row = QHBoxLayout()
        row.addWidget(self.chips)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.summary)
        column.addLayout(row)
        column.addWidget(self._stack, 1)
        self.setMinimumHeight(400)
        self.show_part(DAYS)

    def show_part(self, part: str) -> None:
        """Bring one of the lists to the front."""
        self.chips.set_value(part)
        self._stack.setCurrentWidget(self._parts[part])

    def show_preview(self, preview: CalendarPreview, left: Sequence[tuple[int, int]] = ()) -> None:
        """Show what would change; ``left``: other years of the file with the number of their days."""
        days = [
            DayRow(
                place,
                f"{formats.iso_day(item.day_on)} {formats.weekday(item.day_on)}",
                item.before,
                item.after,
                item.changes_work,
            )
            for place, item in enumerate(preview.differences, start=1)
        ]
        self._fill(DAYS, days)
        self._fill(MOVES, [_move_row(move) for move in preview.moves])
        words = _summary(preview)
        if left:
            others = "、".join(f"{year} 年的 {count} 天" for year, count in left)
            words += f"文件里还有 {others}，不在这一年内，导入这一年后接着核对。"
        self.summary.set_notice(words, Tone.RISK if preview.moves else Tone.INFO)
        if self._waits_for_rows and self._stack.currentWidget() is self._parts.get(ROWS):
            self._turn_to_days()
        self._waits_for_rows = False

    def show_missing(self, words: str = "") -> None:
        """Bring the rows of the file to the front, where heading and columns are told; nothing is reckoned without."""
        self._empty(0)
        self.summary.set_notice(words, Tone.RISK)

    def show_faults(self, faults: int, days: int) -> None:
        """Say how many rows stand in the way; nothing else is reckoned while there are any."""
        self.chips.set_count(ROWS, days)
        if faults:
            self._empty(days)
            self.summary.set_notice(
                f"文件有 {faults} 行有误。一年的安排只能整份导入：请直接在表中改正（Enter 填写，F8 下一处），"
                "现行日历没有改动。",
                Tone.BROKEN,
            )

    def _empty(self, days: int) -> None:
        self.chips.set_count(ROWS, days)
        self._fill(DAYS, [])
        self._fill(MOVES, [])
        self._waits_for_rows = True
        self.show_part(ROWS)

    def _choose_part(self, part: object) -> None:
        """A part that a person chose stays in front, whatever is reckoned meanwhile."""
        self._waits_for_rows = False
        self.show_part(str(part))

    def _turn_to_days(self) -> None:
        """The rows are whole: what they change comes to the front, and the keyboard with it."""
        rows = self._parts[ROWS]
        had_keyboard = any(part.hasFocus() for part in rows.findChildren(QWidget))
        self.show_part(DAYS)
        if had_keyboard:
            self.lists[DAYS].table.setFocus()

    def _add(
        self,
        context: UiContext,
        part: str,
        source: MemoryRows[DayRow] | MemoryRows[MoveRow],
        columns: tuple[Column, ...],
        empty: EmptyWords,
    ) -> None:
        made = RecordList(context, ListSpec(source, columns, empty, row_height=DENSE_ROW_HEIGHT))
        self._sources[part] = source
        self.lists[part] = made
        self._stack.addWidget(made)

    def _fill(self, part: str, rows: Sequence[DayRow] | Sequence[MoveRow]) -> None:
        # which rows belong to which part is known where _fill is called, not to the type of the dictionary
        self._sources[part].replace(rows)  # type: ignore[arg-type]
        self.chips.set_count(part, len(rows))
        self.lists[part].reload()


def _move_row(move: DeadlineMove) -> MoveRow:
    old, new = move.old_due_at, move.new_due_at
    if not move.is_shifted and move.old_internal_at is not None and move.new_internal_at is not None:
        old, new = (
            (move.old_internal_at, move.new_internal_at) if move.old_internal_at != move.new_internal_at else (old, new)
        )
    return MoveRow(
        move.clock_run_id,
        move.number,
        phrase(move.clock),
        formats.iso_moment(old),
        formats.iso_moment(new),
        _change(move, old, new),
        move_words(move),
        move.derivation,
    )


def _change(move: DeadlineMove, old: datetime, new: datetime) -> ChipText:
    if old == new:
        return ChipText("不再暂定", Tone.KEPT) if move.was_provisional else ChipText("暂定", Tone.RISK)
    inner = "" if move.is_shifted else "内部"
    return ChipText(f"{inner}推后", Tone.INFO) if new > old else ChipText(f"{inner}提前", Tone.RISK)


def _summary(preview: CalendarPreview) -> str:
    if preview.is_same:
        return f"与现行的 {preview.content.year} 年日历完全相同，导入后不会有任何变动。"
    shifted = sum(move.is_shifted for move in preview.moves)
    parts = [f"导入后 {len(preview.differences)} 天与现行不同"]
    if shifted:
        parts.append(f"{shifted} 个时限改到另一时间")
    if len(preview.moves) > shifted:
        parts.append(f"{len(preview.moves) - shifted} 个时限只改内部截止或暂定标记")
    if preview.moves:
        parts.append("每一项都会写入相应档案")
    else:
        parts.append("没有时限因此变动")
    if preview.target_count:
        parts.append(f"{preview.target_count} 个内部步骤顺延到下一工作日")
    return "；".join(parts) + "。"
