"""The tab 随访 of one assistance file: its follow-ups, its reminders, and what to do next."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.services.follow_ups.briefing import ReminderLine, load_reminders
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.follow_ups import FollowUpRow, FollowUpRowSource, FollowUpStanding
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.lists.list_page import EmptyWords, ListSpec, RecordList
from lian_desk.ui.common.look.buttons import link_button, small_button
from lian_desk.ui.common.look.cards import Card, ScrollColumn
from lian_desk.ui.common.look.chips import Chip
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import hairline, label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.follow_ups.care_dialogs import (
    CancelReminderDialog,
    SendReminderDialog,
    open_education_dialog,
    open_plan_dialog,
    open_reminder_dialog,
)
from lian_desk.ui.follow_ups.columns import file_columns
from lian_desk.ui.follow_ups.record_dialog import open_record_dialog
from lian_desk.ui.follow_ups.schedule_dialogs import close_dialog, move_dialog

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes

_SIDE_WIDTH = 380
_CLOSED_SHOWN = 8


class FollowUpPanel(QWidget):
    """Follow-ups at the left, reminders at the right."""

    def __init__(self, context: UiContext, file_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._file_id = file_id
        query = ListQuery().with_filter("file", file_id).with_filter("standing", FollowUpStanding.ALL.value)
        self.list = RecordList(
            context,
            ListSpec(
                source=FollowUpRowSource(context.desk),
                columns=file_columns(lambda: context.desk.today),
                spoken="这份档案的随访",
                empty=EmptyWords("还没有随访", "服务完成后会自动安排；也可以现在安排一次。", "安排随访"),
                query=query,
            ),
        )
        self.list.action_pressed.connect(self._start)
        self.list.row_activated.connect(self._start)
        self.list.current_row_changed.connect(self._allow)
        self.list.next_step_requested.connect(partial(open_plan_dialog, context, self, file_id))
        self._reminders = ScrollColumn()
        self._reminders.body.setSpacing(6)
        self._lay_out()
        context.bus.committed.connect(self.apply)
        self.reload()

    def apply(self, changes: "Changes") -> None:
        """Take notice of committed changes; the list listens itself."""
        if changes.touches({"reminder"}):
            self.reload()

    def reload(self) -> None:
        """Read the reminders."""
        work = partial(load_reminders, self._context.desk, self._file_id)
        self._context.runner.read(self, work, self.show_reminders, self._say)

    def show_reminders(self, lines: tuple[ReminderLine, ...]) -> None:
        """Show the open reminders and the last closed ones."""
        self._clear()
        still_open = [line for line in lines if line.closed_at is None]
        closed = [line for line in lines if line.closed_at is not None][:_CLOSED_SHOWN]
        if not lines:
            self._reminders.add(label("没有提醒。预约成功后会自动安排注意事项与前一日提醒。", "secondary", wrap=True))
        for place, line in enumerate((*still_open, *closed)):
            if place:
                self._reminders.add(hairline())
            self._reminders.add(self._line(line))
        self._reminders.body.addStretch(1)

    def _line(self, line: ReminderLine) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(3)
        head = QHBoxLayout()
        head.setSpacing(8)
        when = formats.moment(line.sent_at or line.due_at, self._context.desk.clock.now())
        head.addWidget(label(f"{when} · {phrase(line.kind)}", "muted"))
        head.addStretch(1)
        head.addWidget(_chip(line))
        column.addLayout(head)
        column.addWidget(label(line.text, "secondary" if line.closed_at else "body", wrap=True))
        if line.closing_reason:
            column.addWidget(label(line.closing_reason, "muted", wrap=True))
        if line.closed_at is None:
            buttons = QHBoxLayout()
            buttons.setSpacing(8)
            buttons.addWidget(small_button("记为已发送", partial(self._send, line)))
            buttons.addWidget(link_button("取消", partial(self._cancel, line)))
            buttons.addStretch(1)
            column.addLayout(buttons)
        return widget

    def _send(self, line: ReminderLine) -> None:
        SendReminderDialog(self._context, line, self.window()).open()

    def _cancel(self, line: ReminderLine) -> None:
        CancelReminderDialog(self._context, line, self.window()).open()

    def _start(self, row: FollowUpRow) -> None:
        if row.closed_at is None:
            open_record_dialog(self._context, self, row.key)

    def _allow(self, row: object) -> None:
        is_open = isinstance(row, FollowUpRow) and row.closed_at is None
        self.move_button.setEnabled(is_open)
        self.close_button.setEnabled(is_open)

    def _on_current(self, make: Callable[[UiContext, FollowUpRow, QWidget], CommandDialog]) -> None:
        row = self.list.current_row()
        if isinstance(row, FollowUpRow) and row.closed_at is None:
            make(self._context, row, self.window()).open()

    def _say(self, error: BaseException) -> None:
        self._clear()
        self._reminders.add(label(sentence(error), "error", wrap=True))

    def _clear(self) -> None:
        self._reminders.clear()

    def _lay_out(self) -> None:
        context, file_id = self._context, self._file_id
        left = Card("随访")
        self.move_button = small_button("改期…", partial(self._on_current, move_dialog))
        self.close_button = small_button("关闭…", partial(self._on_current, close_dialog))
        for button in (self.move_button, self.close_button):
            button.setEnabled(False)
            button.setToolTip("先在列表中选中一次待做的随访")
            left.head.addWidget(button)
        left.head.addWidget(small_button("记录宣教", partial(open_education_dialog, context, self, file_id)))
        left.head.addWidget(small_button("安排随访", partial(open_plan_dialog, context, self, file_id)))
        left.add(self.list, 1)
        right = Card("提醒")
        right.head.addWidget(small_button("安排提醒", partial(open_reminder_dialog, context, self, file_id)))
        right.add(self._reminders, 1)
        right.setFixedWidth(_SIDE_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(14)
        row.addWidget(left, 1)
        row.addWidget(right)


def _chip(line: ReminderLine) -> Chip:
    if line.sent_at is not None:
        return Chip(phrase(line.channel) if line.channel else "已发送", Tone.KEPT)
    if line.closed_at is not None:
        return Chip("已取消", Tone.NEUTRAL)
    return Chip("已过时间", Tone.BROKEN) if line.is_late else Chip("待发送", Tone.RISK)
