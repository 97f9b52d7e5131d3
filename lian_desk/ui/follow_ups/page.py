"""随访: what is due, overdue, coming and done, and the one next step of each: 开始随访."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.follow_ups import (
    FollowUpCounts,
    FollowUpRow,
    FollowUpRowSource,
    FollowUpStanding,
    count_follow_ups,
)
from lian_desk.ui import actions
from lian_desk.ui.common.lists.list_page import EmptyWords, ListPage, ListSpec
from lian_desk.ui.common.look.buttons import SecondaryButton
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.follow_ups.columns import follow_up_columns
from lian_desk.ui.follow_ups.record_dialog import open_record_dialog

_STANDINGS = (
    FilterChoice(None, "待随访"),
    FilterChoice(FollowUpStanding.OVERDUE.value, "逾期"),
    FilterChoice(FollowUpStanding.TODAY.value, "今日"),
    FilterChoice(FollowUpStanding.COMING.value, "未到期"),
    FilterChoice(FollowUpStanding.ESCALATED.value, "请主管处理"),
    FilterChoice(FollowUpStanding.DONE.value, "已完成"),
)
_MINE = (FilterChoice(None, "全部人员"), FilterChoice("mine", "只看我的"))


class FollowUpPage(ListPage):
    """The list of follow-ups."""

    page_id = "follow_ups"
    title = "随访"

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        spec = ListSpec(
            source=FollowUpRowSource(context.desk),
            columns=follow_up_columns(lambda: context.desk.today),
            spoken="随访",
            empty=EmptyWords("没有待随访", "服务完成后会按手册自动安排随访；也可以在档案里安排。"),
            placeholder="姓名 / 拼音 / 保单号 / 手机尾号 / 档案号",
            query=ListQuery(sort="due"),
            filters=(("standing", _STANDINGS), ("mine", _MINE)),
        )
        super().__init__(context, spec, parent)
        self.record = SecondaryButton("导出随访记录", self._export)
        self.head.addWidget(SecondaryButton("常用语", partial(context.navigator.start, "phrases")))
        self.head.addWidget(SecondaryButton("计划模板", partial(context.navigator.start, "care_plans")))
        self.head.addWidget(self.record)
        self.list.action_pressed.connect(self.start_follow_up)
        self.list.row_activated.connect(self.start_follow_up)
        self.list.current_row_changed.connect(self._offer)
        self._offer(None)
        shortcut = QShortcut(QKeySequence("F2"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._start_current)

    def reload(self) -> None:
        """Override: the list and the counts of the chips."""
        super().reload()
        self.count()

    def refresh(self, changes: object) -> None:
        """Override: the list listens to the bus itself; the counts are read again."""
        self.count()

    def activate(self) -> None:
        """Override: the list catches up by itself; the counts are read."""
        self.count()

    def handle_action(self, action_id: str) -> bool:
        """Override: print and export mean the record of the row under the cursor."""
        if action_id in {actions.PRINT, actions.EXPORT} and self.record.isEnabled():
            self._export()
            return True
        return False

    def count(self) -> None:
        """Read how many wait, for the chips and the navigation."""
        self.read(partial(count_follow_ups, self.context.desk), self.show_counts)

    def show_counts(self, counts: FollowUpCounts) -> None:
        """Show the counts."""
        chips = self.list.chips["standing"]
        chips.set_count(None, counts.open)
        chips.set_count(FollowUpStanding.OVERDUE.value, counts.overdue)
        chips.set_count(FollowUpStanding.TODAY.value, counts.today)
        chips.set_count(FollowUpStanding.COMING.value, counts.coming)
        chips.set_count(FollowUpStanding.ESCALATED.value, counts.escalated)
        waiting = counts.overdue + counts.today
        self.context.navigator.set_counter("follow_ups", waiting, "broken" if counts.overdue else "neutral")

    def start_follow_up(self, row: FollowUpRow) -> None:
        """Record an open follow-up; of a closed one open the file."""
        if row.closed_at is None:
            open_record_dialog(self.context, self, row.key)
        else:
            self.context.navigator.open_file(row.file_id, "follow_ups")

    def _start_current(self) -> None:
        row = self.list.current_row()
        if isinstance(row, FollowUpRow):
            self.start_follow_up(row)

    def _offer(self, row: object) -> None:
        self.record.setEnabled(isinstance(row, FollowUpRow))
        self.record.setToolTip("" if isinstance(row, FollowUpRow) else "先在列表中选中一行")

    def _export(self) -> None:
        row = self.list.current_row()
        if isinstance(row, FollowUpRow):
            self.context.navigator.start("export_record", row.file_id)
