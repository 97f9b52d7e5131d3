"""团队: what the lead looks at once a day: promises kept, times by week, causes of delay, load; papers in batches."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from lian_desk.adapters.paper_forms.paper_views import PromiseLine
from lian_desk.models.vocabulary import Role
from lian_desk.services.team.views import TeamView, load_team, save_team_workbook
from lian_desk.ui import actions
from lian_desk.ui.common.forms.fields import FieldProblem, FieldSpec
from lian_desk.ui.common.forms.forms import DateField
from lian_desk.ui.common.look.buttons import PrimaryButton, SecondaryButton, small_button
from lian_desk.ui.common.look.cards import Card, ScrollColumn, StatCard
from lian_desk.ui.common.look.chips import ChipText, FilterChips, FilterChoice
from lian_desk.ui.common.look.states import EmptyState
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.shell.page import Page
from lian_desk.ui.team.cards import CauseLines, LoadLines, tone_of
from lian_desk.ui.team.course_chart import CourseChart

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes

_LEADS: Final = frozenset({Role.TEAM_LEAD, Role.ADMINISTRATOR})
_MONTH: Final = "month"
_QUARTER: Final = "quarter"
_CHOSEN: Final = "chosen"
_PERIODS: Final = (
    FilterChoice(_MONTH, "本月"),
    FilterChoice(_QUARTER, "本季"),
    FilterChoice(_CHOSEN, "自定"),
)
_SETTLE_MS: Final = 2_000
_SIDE: Final = 420
_MONTHS_OF_QUARTER: Final = 3


class TeamPage(Page):
    """Figures of a period; only leads see them."""

    page_id = "team"
    title = "团队"
    has_accent = True
    tables = frozenset({"clock_run", "service_request", "follow_up", "assistance_file", "entitlement_entry"})

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.view: TeamView | None = None
        self.may_see = context.desk.operator.role in _LEADS
        self.periods = FilterChips(_PERIODS)
        self.periods.chosen.connect(self._choose_period)
        self.first = DateField(FieldSpec(name="first", label="起"))
        self.last = DateField(FieldSpec(name="last", label="止"))
        for field in (self.first, self.last):
            field.setFixedWidth(150)
            field.edited.connect(self._dates_edited)
        self.stats = [StatCard(caption) for caption in _captions(context)]
        self.chart = CourseChart()
        self.causes = CauseLines()
        self.load_lines = LoadLines()
        self.done_words = label("", "muted")
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.reload)
        self._pages = QStackedWidget()
        self._lay_out()

    # --------------------------------------------------------------------------------------------------- reading

    def period(self) -> tuple[date, date] | None:
        """Return first and last day that are chosen, None while the dates cannot be read."""
        today = self.context.desk.today
        if self.periods.value == _CHOSEN:
            try:
                first, last = self.first.value(), self.last.value()
            except FieldProblem:
                return None
            return (first, last) if first <= last else None
        if self.periods.value == _QUARTER:
            month = today.month - (today.month - 1) % _MONTHS_OF_QUARTER
            return date(today.year, month, 1), today
        return today.replace(day=1), today

    def reload(self) -> None:
        """Override: read the figures of the period."""
        self._settle.stop()
        period = self.period()
        if self.may_see and period is not None:
            self.read(partial(load_team, self.context.desk, *period), self.show_team)

    def refresh(self, changes: "Changes") -> None:
        """Override: figures may wait a moment; many changes make one reading."""
        self._settle.start()

    def show_team(self, view: TeamView) -> None:
        """Show the figures."""
        self.view = view
        for card, line in zip(self.stats, view.promises, strict=False):
            _show_promise(card, line)
        uses = " ".join(f"{service[:2]} {count:,}" for service, count in view.uses)
        total = sum(count for _service, count in view.uses)
        self.stats[-1].set_figure(f"{total:,} 次", None, uses or "期间内没有扣除")
        self.chart.show_weeks(view.weeks, view.limits)
        self.causes.show_causes(view.causes)
        self.load_lines.show_load(view.load)

    # ---------------------------------------------------------------------------------------------------- acting

    def handle_action(self, action_id: str) -> bool:
        """Override: 导出 means the workbook, 打印 the summary of the team."""
        if action_id == actions.EXPORT:
            self.export()
            return True
        if action_id == actions.PRINT:
            self.context.navigator.start("team_summary")
            return True
        return False

    def export(self) -> None:
        """Ask where to, and write the figures as a workbook off the UI thread."""
        if self.view is None:
            return
        name = f"团队-{self.view.from_on}-{self.view.to_on}.xlsx"
        chosen, _kind = QFileDialog.getSaveFileName(self, "导出 Excel", name, "XLSX (*.xlsx)")
        if chosen:
            self.export_to(Path(chosen))

    def export_to(self, path: Path) -> None:
        """Write the figures that are shown to ``path``."""
        if self.view is not None:
            work = partial(save_team_workbook, self.view, path)
            told = f"已导出 {path.name}"
            self.read(work, lambda _nothing: self.done_words.setText(told))

    def _choose_period(self, value: object) -> None:
        is_chosen = value == _CHOSEN
        if is_chosen and not self.first.raw():
            today = self.context.desk.today
            self.first.set_value(today - timedelta(weeks=4))
            self.last.set_value(today)
        self._dates.setVisible(is_chosen)
        self.reload()

    def _dates_edited(self) -> None:
        period = self.period()
        readable = period is not None or not (self.first.raw() and self.last.raw())
        self.last.show_error("" if readable else "请写成 2026-11-01，止日不早于起日。")
        if period is not None:
            self.reload()

    # --------------------------------------------------------------------------------------------------- lay out

    def _lay_out(self) -> None:
        self._pages.addWidget(self._figures() if self.may_see else self._closed())
        self.body.addLayout(self._head())
        self.body.addWidget(self._pages, 1)

    def _closed(self) -> QWidget:
        return EmptyState("团队数据由主管查看", "你的档案、时限与随访在工作台；需要团队数据时请联系主管。")

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(label(self.title, "title"))
        if not self.may_see:
            head.addStretch(1)
            return head
        head.addSpacing(6)
        head.addWidget(self.periods)
        self._dates = QWidget()
        row = QHBoxLayout(self._dates)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.first)
        row.addWidget(self.last)
        self._dates.hide()
        head.addWidget(self._dates)
        head.addStretch(1)
        head.addWidget(self.done_words)
        start = self.context.navigator.start
        head.addWidget(SecondaryButton("导出 Excel", self.export))
        head.addWidget(SecondaryButton("团队小结…", lambda: start("team_summary")))
        head.addWidget(PrimaryButton("批量文书…", lambda: start("batch_papers")))
        return head

    def _figures(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(12)
        for card in self.stats:
            row.addWidget(card, 1)
        column.addLayout(row)
        lower = QHBoxLayout()
        lower.setSpacing(12)
        lower.addWidget(self._course(), 1)
        lower.addWidget(self._managers())
        column.addLayout(lower, 1)
        return whole

    def _course(self) -> Card:
        card = Card("每周预约完成用时（工作日，实线为中位数，虚线为 90 分位）")
        card.add(self.chart, 1)
        card.add(label("超时原因", "section"))
        card.add(self.causes)
        return card

    def _managers(self) -> ScrollColumn:
        side = ScrollColumn(_SIDE)
        card = Card("专案管家")
        card.add(self.load_lines)
        buttons = QHBoxLayout()
        open_page = self.context.navigator.open_page
        buttons.addWidget(small_button("转派档案", lambda: open_page("assistance_files")))
        buttons.addWidget(small_button("查看超时明细", lambda: open_page("worklist")))
        buttons.addStretch(1)
        card.body.addLayout(buttons)
        side.add(card)
        side.body.addStretch(1)
        return side


def _captions(context: UiContext) -> tuple[str, ...]:
    """Return the headings of the figures; minutes and hours are those of the handbook."""
    pack = context.desk.pack
    hours = next((rule.feedback_hours for rule in pack.services.values() if rule.feedback_hours), 0)
    response = f"{pack.thresholds.response_minutes} 分钟响应达标"
    return response, f"{hours} 小时反馈达标", "预约时限达标", "随访按时", "权益使用"


def _show_promise(card: StatCard, line: PromiseLine) -> None:
    if not line.total:
        card.set_figure("—", None, "期间内没有到期")
        return
    kept = (line.total - line.broken) / line.total
    tone = tone_of(kept)
    chip = None if tone is Tone.KEPT else ChipText("偏低" if tone is Tone.RISK else "未达标", tone)
    card.set_figure(line.share, chip, f"共 {line.total:,} 次 · 超时 {line.broken:,}")
