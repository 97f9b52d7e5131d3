"""工作台: the four counters, one list sorted by what is due next, and the day at the right."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import NextAction, ServiceKind
from lian_desk.services.desk.explanations import explain
from lian_desk.services.listings.worklist import WorklistRow, WorklistSource
from lian_desk.services.words import formats
from lian_desk.services.worklist.worklist import Counter, Totals, Workbench, load_totals, load_workbench
from lian_desk.ui.common.explain.explain import ExplainPopover
from lian_desk.ui.common.lists.list_page import EmptyWords, ListSpec, RecordList
from lian_desk.ui.common.look.cards import Card, ScrollColumn, StatCard
from lian_desk.ui.common.look.chips import ChipText, FilterChips, FilterChoice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.wishes import RequestPlace
from lian_desk.ui.common.shell.live_clock import LiveClock
from lian_desk.ui.common.shell.page import Page
from lian_desk.ui.worklist.columns import worklist_columns
from lian_desk.ui.worklist.day_cards import AgendaCard, FollowUpCard, MissingCard

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes

_SIDE_WIDTH = 360
_NARROW_SIDE_WIDTH = 316
_WIDE = 1180
_MINE = "mine"
_KINDS = (
    FilterChoice(None, "全部"),
    FilterChoice(ServiceKind.OUTPATIENT_COORDINATION.value, "门诊"),
    FilterChoice(ServiceKind.INPATIENT_COORDINATION.value, "住院"),
    FilterChoice(ServiceKind.SURGERY_COORDINATION.value, "手术"),
    FilterChoice(ServiceKind.EXPEDITED_EXAMINATION.value, "检查"),
    FilterChoice(ServiceKind.CASE_MANAGEMENT.value, "专案"),
)


class WorklistPage(Page):
    """The page a case manager starts the day with."""

    page_id = "worklist"
    title = "工作台"
    tables = WorklistSource.tables | {"follow_up", "booking"}

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.response = StatCard(f"待响应（{context.desk.pack.thresholds.response_minutes} 分钟）")
        self.feedback = StatCard(f"{_feedback_hours(context)} 小时反馈")
        self.booking = StatCard("预约时限")
        self.follow_up = StatCard("今日随访")
        self.agenda = AgendaCard(context)
        self.follow_ups = FollowUpCard(context)
        self.missing = MissingCard(context)
        self.list = RecordList(
            context,
            ListSpec(
                source=WorklistSource(context.desk),
                columns=worklist_columns(partial(_clause_text, context)),
                spoken="待办",
                empty=EmptyWords("没有待办", "所有申请都已处理。收到新消息时，按 Ctrl+Shift+N 录入申请。", "录入申请"),
                filters=(("kind", _KINDS),),
            ),
        )
        self.mine = FilterChips([FilterChoice(_MINE, "只看我的")], toggles=True)
        self.mine.chosen.connect(self._show_mine)
        self._bench: Workbench | None = None
        self._clock = LiveClock(context.desk.clock.now, self)
        self._clock.second_passed.connect(self.show_running)
        # what was due today is due no more, and what was in time may be late
        self._clock.minute_passed.connect(lambda _moment: self.reload())
        self._lay_out()
        self.list.action_pressed.connect(self.open_row)
        self.list.row_activated.connect(self.open_row)
        self.list.table.basis_wanted.connect(self.explain_row)
        self.list.next_step_requested.connect(lambda: context.navigator.start("new_application"))

    def reload(self) -> None:
        """Override: read counters and day; the list catches up itself."""
        self.read(partial(load_workbench, self.context.desk), self.show_workbench)
        self.read(partial(load_totals, self.context.desk), self.show_totals)

    def refresh(self, changes: "Changes") -> None:
        """Override: the list listens to the bus itself; counters and day are read again."""
        self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        """Override: the counters run while somebody looks."""
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Override: no timer runs for a page that nobody sees."""
        super().hideEvent(event)
        self._clock.stop()

    def primary_focus(self) -> QWidget | None:
        """Override: the list, so that the arrow keys work at once."""
        return self.list.table

    def show_workbench(self, bench: Workbench) -> None:
        """Show counters and day."""
        self._bench = bench
        now = self.context.desk.clock.now()
        self.show_running(now)
        self.agenda.show_items(bench.agenda)
        self.follow_ups.show_items(bench.follow_ups, bench.follow_up)
        self.missing.show_items(bench.missing, bench.missing_count)
        navigator = self.context.navigator
        urgent = bench.response.open_count + bench.feedback.overdue_count + bench.booking.overdue_count
        navigator.set_counter("worklist", urgent, "broken")
        navigator.set_counter("follow_ups", bench.follow_up.open_count, "broken")

    def show_totals(self, totals: Totals) -> None:
        """Show how much there is in all beside the pages."""
        navigator = self.context.navigator
        navigator.set_counter("assistance_files", totals.file_count, "neutral")
        navigator.set_counter("bookings", totals.open_request_count, "neutral")

    def show_running(self, now: datetime) -> None:
        """Show the four counters as they stand at ``now``."""
        if self._bench is None:
            return
        bench = self._bench
        self.response.set_figure(f"{bench.response.open_count:,}", _countdown_chip(bench.response, now))
        self.feedback.set_figure(f"{bench.feedback.open_count:,}", _promise_chip(bench.feedback))
        self.booking.set_figure(f"{bench.booking.open_count:,}", _promise_chip(bench.booking))
        done, left = bench.follow_up.done_count, bench.follow_up.open_count
        waiting = ChipText("待完成", Tone.NEUTRAL) if left else ChipText("没有到期", Tone.KEPT)
        self.follow_up.set_figure(f"{left:,}", ChipText(f"已完成 {done}", Tone.KEPT) if done else waiting)

    def _show_mine(self, values: object) -> None:
        """Leave the requests of colleagues out; applications without a file are everybody's."""
        is_on = isinstance(values, frozenset) and _MINE in values
        self.list.set_filter("mine", self.context.desk.operator.id if is_on else None)

    def open_row(self, row: WorklistRow) -> None:
        """Do the next step of a row, or open its file."""
        navigator = self.context.navigator
        if row.next_action is NextAction.RESPOND:
            navigator.start("respond_to_application", row.application_id)
        elif row.next_action is NextAction.OPEN_FILE:
            navigator.start("open_file_for_application", row.application_id)
        elif row.file_id is not None:
            navigator.start("show_request", RequestPlace(row.file_id, row.request_id))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: the list needs the room of a narrow window more than the day does."""
        super().resizeEvent(event)
        self._side.setFixedWidth(_SIDE_WIDTH if event.size().width() >= _WIDE else _NARROW_SIDE_WIDTH)

    def explain_row(self, row: WorklistRow, place: QRect) -> None:
        """Show the clause behind a row and how its deadline came about."""
        found = explain(self.context.desk, filter(None, (row.clause,)), (row.derivation,), edition=row.edition)
        if not found.is_empty:
            ExplainPopover(found, self).show_beside(place, self)

    def _lay_out(self) -> None:
        counters = QHBoxLayout()
        counters.setSpacing(14)
        for figure in (self.response, self.feedback, self.booking, self.follow_up):
            counters.addWidget(figure, 1)
        card = Card("按时限排序的待办")
        card.head.addWidget(self.list.chips["kind"])
        card.head.addWidget(self.mine)
        card.head.addWidget(self.list.count_label)
        card.add(self.list, 1)
        left = QVBoxLayout()
        left.setSpacing(14)
        left.addLayout(counters)
        left.addWidget(card, 1)
        self._side = ScrollColumn(_SIDE_WIDTH)
        self._side.body.setSpacing(14)
        self._side.add(self.agenda)
        self._side.add(self.follow_ups, 1)
        self._side.add(self.missing)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(left, 1)
        columns.addWidget(self._side)
        self.body.addLayout(columns, 1)


def _feedback_hours(context: UiContext) -> str:
    rule = context.desk.pack.service(ServiceKind.OUTPATIENT_COORDINATION)
    return str(rule.feedback_hours)


def _clause_text(context: UiContext, clause_id: str, edition: str) -> str:
    shown = explain(context.desk, filter(None, (clause_id,)), edition=edition).clauses
    return "".join(f"手册 {line.place}：{line.text}" for line in shown)


def _countdown_chip(counter: Counter, now: datetime) -> ChipText | None:
    if counter.next_due_at is None:
        return ChipText("都已响应", Tone.KEPT)
    tone = Tone.BROKEN if now > counter.next_due_at else Tone.RISK
    return ChipText(formats.countdown(counter.next_due_at, now), tone)


def _promise_chip(counter: Counter) -> ChipText:
    if counter.overdue_count:
        return ChipText(f"{counter.overdue_count:,} 项超时", Tone.BROKEN)
    if counter.today_count:
        return ChipText(f"{counter.today_count:,} 项今日到期", Tone.RISK)
    return ChipText("均在时限内", Tone.KEPT)
