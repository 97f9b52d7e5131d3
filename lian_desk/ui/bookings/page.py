"""预约: every open request as board, list and calendar."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.bookings import BookingRow
from lian_desk.services.listings.service_requests import (
    ServiceRequestRow,
    ServiceRequestSource,
    StageCounts,
    count_stages,
)
from lian_desk.ui.bookings.board import Board
from lian_desk.ui.bookings.calendar_view import CalendarView
from lian_desk.ui.bookings.columns import request_columns
from lian_desk.ui.common.lists.list_page import EmptyWords, ListSpec, RecordList
from lian_desk.ui.common.look.cards import Card
from lian_desk.ui.common.look.chips import FilterChips, FilterChoice
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.wishes import RequestPlace
from lian_desk.ui.common.shell.page import Page

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes

_MINE = "mine"
_KINDS = {
    ServiceKind.OUTPATIENT_COORDINATION: "门诊",
    ServiceKind.INPATIENT_COORDINATION: "住院",
    ServiceKind.SURGERY_COORDINATION: "手术",
    ServiceKind.EXPEDITED_EXAMINATION: "检查",
    ServiceKind.CASE_MANAGEMENT: "专案",
}


class BookingsPage(Page):
    """Follows every open request from review to follow-up."""

    page_id = "bookings"
    title = "预约"
    tables = ServiceRequestSource.tables

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.views = FilterChips(
            [FilterChoice("board", "看板"), FilterChoice("list", "列表"), FilterChoice("calendar", "日历")]
        )
        self.kinds = FilterChips(
            [FilterChoice(None, "全部"), *(FilterChoice(kind.value, words) for kind, words in _KINDS.items())]
        )
        self.mine = FilterChips([FilterChoice(_MINE, "只看我的")], toggles=True)
        self.board = Board(context)
        self.list = RecordList(
            context,
            ListSpec(
                source=ServiceRequestSource(context.desk),
                columns=request_columns(),
                spoken="预约跟踪",
                empty=EmptyWords("没有进行中的服务", "在档案中点“发起服务”，这里会跟踪到归档。"),
                placeholder="姓名 / 拼音 / 保单号 / 手机尾号",
                name="bookings",
            ),
        )
        self.calendar = CalendarView(context)
        self._stack = QStackedWidget()
        self._lay_out()
        self.views.chosen.connect(lambda _value: self._show_view())
        self.kinds.chosen.connect(lambda _value: self.reload())
        self.mine.chosen.connect(lambda _value: self.reload())
        for signal in (self.board.opened, self.list.row_activated, self.list.action_pressed):
            signal.connect(self.open_row)
        self.calendar.opened.connect(self.open_row)
        self.board.steps.failed.connect(self.show_problem)

    def reload(self) -> None:
        """Override: search in the view that is in front."""
        mine = self.context.desk.operator.id if _MINE in self.mine.values else None
        kind = ServiceKind(self.kinds.value) if self.kinds.value else None
        query = ListQuery().with_filter("kind", kind.value if kind else None).with_filter("mine", mine)
        view = self.views.value
        if view == "board":
            self.board.search(query)
        elif view == "list":
            self.list.set_filter("kind", kind.value if kind else None)
            self.list.set_filter("mine", mine)
        else:
            self.calendar.search(kind, mine)
        self.read(partial(count_stages, self.context.desk, kind=None, mine=mine), self._show_counts)

    def refresh(self, changes: "Changes") -> None:
        """Override: board and calendar search again; the list listens to the bus itself."""
        self.reload()

    def primary_focus(self) -> QWidget | None:
        """Override: the first column of the board, the list or the calendar, so that the arrow keys work."""
        fronts = {"board": self.board.columns[0].view, "list": self.list.table, "calendar": self.calendar}
        return fronts.get(self.views.value or "")

    def open_row(self, row: ServiceRequestRow | BookingRow) -> None:
        """Open the file of a request, with the request at the right."""
        request_id = row.request_id if isinstance(row, BookingRow) else row.key
        self.context.navigator.start("show_request", RequestPlace(row.file_id, request_id))

    def _show_view(self) -> None:
        views: dict[str | None, QWidget] = {"board": self.board, "list": self._list_card, "calendar": self.calendar}
        self._stack.setCurrentWidget(views[self.views.value])
        self.reload()

    def _show_counts(self, counts: StageCounts) -> None:
        for kind, count in counts.by_kind.items():
            self.kinds.set_count(kind.value, count)
        self.context.navigator.set_counter(self.page_id, sum(counts.by_kind.values()), "neutral")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label("预约跟踪", "title"))
        head.addWidget(self.views)
        head.addStretch(1)
        head.addWidget(self.kinds)
        head.addWidget(self.mine)
        self._list_card = Card()
        self._list_card.add(self.list, 1)
        for view in (self.board, self._list_card, self.calendar):
            self._stack.addWidget(view)
        self.body.addLayout(head)
        self.body.addWidget(self._stack, 1)
