"""The cards at the right of the worklist: today's agenda, today's follow-ups, missing materials."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from lian_desk.services.bookings.calendar_events import CalendarSpan
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.services.worklist.worklist import AgendaItem, Counter, FollowUpItem, MissingItem
from lian_desk.ui.common.look.buttons import link_button, small_button
from lian_desk.ui.common.look.cards import Card
from lian_desk.ui.common.look.chips import Chip
from lian_desk.ui.common.look.text import ElidedLabel, hairline, label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.calendar_export import CalendarExport
from lian_desk.ui.common.running.context import UiContext


class _ListCard(Card):
    """A card whose lines are laid out anew each time."""

    def __init__(self, title: str, context: UiContext) -> None:
        super().__init__(title)
        self._context = context
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.add(self._holder)

    def _clear(self) -> None:
        while item := self._column.takeAt(0):
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _say_nothing(self, words: str) -> None:
        self._column.addWidget(label(words, "muted", wrap=True))

    def _open_file(self, file_id: int, tab: str | None = None) -> Callable[[], None]:
        return lambda: self._context.navigator.open_file(file_id, tab)


class AgendaCard(_ListCard):
    """今日日程: visits of today by time."""

    def __init__(self, context: UiContext) -> None:
        super().__init__("今日日程", context)
        self.exporting = CalendarExport(context, self)
        self.head.addWidget(link_button("导出 .ics", self._export))

    def show_items(self, items: Sequence[AgendaItem]) -> None:
        """Show the visits of today."""
        self._clear()
        if not items:
            self._say_nothing("今日没有就诊、入院、手术或检查。")
        for index, item in enumerate(items):
            if index:
                self._column.addWidget(hairline())
            self._column.addWidget(self._line(item))

    def _export(self) -> None:
        self.exporting.start(CalendarSpan(self._context.desk.today, 1))

    def _line(self, item: AgendaItem) -> QWidget:
        widget = QWidget()
        grid = QGridLayout(widget)
        grid.setContentsMargins(0, 8, 0, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        time = label(formats.clock_time(item.visit_at), "bold")
        time.setFixedWidth(44)
        told = "已告知注意事项" if item.is_told else "尚未告知注意事项"
        grid.addWidget(time, 0, 0, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(ElidedLabel(f"{item.insured_name} · {item.hospital}"), 0, 1)
        second = ElidedLabel(" · ".join(filter(None, (phrase(item.service_kind), item.what, told))), "secondary")
        grid.addWidget(second, 1, 1)
        grid.addWidget(link_button("打开", self._open_file(item.file_id)), 0, 2, 2, 1)
        grid.setColumnStretch(1, 1)
        return widget


class FollowUpCard(_ListCard):
    """今日随访: late and due ones first, then what was done today."""

    def __init__(self, context: UiContext) -> None:
        super().__init__("今日随访", context)
        self._count = Chip()
        self.head.addWidget(self._count)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 8, 0, 0)
        row.addWidget(small_button("开始随访", self._start))
        row.addWidget(small_button("查看全部", lambda: context.navigator.open_page("follow_ups")))
        row.addStretch(1)
        self.add(self._buttons)
        self.body.addStretch(1)
        self._next: int | None = None

    def show_items(self, items: Sequence[FollowUpItem], counter: Counter) -> None:
        """Show the follow-ups of today and how many are still open."""
        self._clear()
        self._next = next((item.follow_up_id for item in items if not item.is_done), None)
        self._buttons.setVisible(bool(items))
        self._count.set_chip(
            f"{counter.open_count:,} 待完成" if counter.open_count else "都已完成",
            Tone.NEUTRAL if counter.open_count else Tone.KEPT,
        )
        if not items:
            self._say_nothing("今日没有到期的随访。")
        for index, item in enumerate(items):
            if index:
                self._column.addWidget(hairline())
            self._column.addWidget(self._line(item))

    def _line(self, item: FollowUpItem) -> QWidget:
        widget = QWidget()
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 7, 0, 7)
        row.setSpacing(12)
        name = label(item.insured_name, "muted" if item.is_done else "bold")
        name.setFixedWidth(76)
        chip = Chip()
        if item.is_done:
            chip.set_chip("已完成", Tone.KEPT)
        elif item.late_days:
            chip.set_chip(f"逾期 {item.late_days} 天", Tone.BROKEN)
        else:
            chip.set_chip("今日", Tone.RISK)
        row.addWidget(name)
        row.addWidget(ElidedLabel(item.label, "muted" if item.is_done else "body"), 1)
        row.addWidget(chip)
        if not item.is_done:
            row.addWidget(
                link_button("随访", lambda: self._context.navigator.start("record_follow_up", item.follow_up_id))
            )
        return widget

    def _start(self) -> None:
        if self._next is not None:
            self._context.navigator.start("record_follow_up", self._next)


class MissingCard(_ListCard):
    """待补材料: requests that wait for something from the customer."""

    def __init__(self, context: UiContext) -> None:
        super().__init__("待补材料", context)

    def show_items(self, items: Sequence[MissingItem], count: int) -> None:
        """Show the first of them and how many there are."""
        self._clear()
        if not items:
            self._say_nothing("没有等待客户补充的材料。")
            return
        names = "、".join(f"{item.insured_name}（{phrase(item.service_kind)}）" for item in items)
        self._column.addWidget(label(f"{count:,} 份申请缺件：{names}", "secondary", wrap=True))
        button: QPushButton = link_button("打开第一份", self._open_file(items[0].file_id, "materials"))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 6, 0, 0)
        line.addWidget(button)
        line.addStretch(1)
        self._column.addWidget(row)
