"""工作日历: a year at a glance, where it comes from, and for a lead its import, correction and export."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import CalendarStatus, DayKind
from lian_desk.services.desk.desk import Desk
from lian_desk.services.words.wording import phrase
from lian_desk.services.working_calendar.calendar_shapes import FIRST_YEAR, LAST_YEAR
from lian_desk.services.working_calendar.views import DayLine, YearSheet, export_year, load_year_sheet
from lian_desk.services.working_calendar.year_files import save_year
from lian_desk.ui import actions
from lian_desk.ui.common.imports.imports import TakesOneFile
from lian_desk.ui.common.look import formats
from lian_desk.ui.common.look.buttons import PrimaryButton, SecondaryButton, link_button, small_button
from lian_desk.ui.common.look.cards import Card, KeyValueGrid, Notice, ScrollColumn
from lian_desk.ui.common.look.chips import Chip, ChipText
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.shell.page import Page
from lian_desk.ui.working_calendar.correction_dialog import CorrectDayDialog
from lian_desk.ui.working_calendar.import_dialog import ImportYearDialog
from lian_desk.ui.working_calendar.year_sheet import YearSheetView

FILTERS: Final = "工作日历 (*.json *.csv *.xlsx *.xls *.txt *.ics);;所有文件 (*)"
_ONLY_LEADS: Final = "由主管导入与更正；您可以查看和导出。"
_SIDE: Final = 304


class CalendarPage(TakesOneFile, Page):
    """The calendar of one year."""

    page_id = "calendar"
    has_accent = True
    title = "工作日历"
    file_title = "选择工作日历文件"
    file_filters = FILTERS
    tables = frozenset({"calendar_year", "calendar_day"})

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.year = context.desk.today.year
        self.sheet: YearSheet | None = None
        self.status = Chip()
        self.year_label = label("", "section")
        self.before = small_button("‹ 上一年", partial(self.step, -1))
        self.after = small_button("下一年 ›", partial(self.step, 1))
        self.this_year = link_button("今年", self.show_this_year)
        self.export_button = SecondaryButton("导出 JSON", self.export)
        self.import_button = PrimaryButton("导入年份…", self.choose_file)
        self.notice = Notice("", Tone.RISK)
        self.notice.hide()
        self.view = YearSheetView(context.theme)
        self.chosen = label("", wrap=True)
        self.correct_button = small_button("更正此日…", self.correct)
        self.facts = KeyValueGrid(key_width=64)
        self.holidays = KeyValueGrid(key_width=64)
        self.history = QVBoxLayout()
        self._lay_out()
        self.view.day_chosen.connect(self._show_day)
        self.view.day_activated.connect(self._correct_line)
        self._allow(may_change=False)

    # ------------------------------------------------------------------------------------------------------ acts

    def reload(self) -> None:
        """Override: read the year that is shown."""
        self.read(partial(load_year_sheet, self.context.desk, self.year), self.show_sheet)

    def step(self, years: int) -> None:
        """Go to a year before or after."""
        self.year = min(max(self.year + years, FIRST_YEAR), LAST_YEAR)
        self.reload()

    def show_this_year(self) -> None:
        """Go to the present year."""
        self.year = self.context.desk.today.year
        self.reload()

    def offer(self, path: Path) -> ImportYearDialog:
        """Open the preview of a file."""
        dialog = ImportYearDialog(self.context, path, self)
        dialog.saved.connect(self._show_year)
        dialog.open()
        return dialog

    def correct(self) -> None:
        """Correct the day the cursor is on."""
        if self.view.current is not None:
            self._correct_line(self.view.current)

    def export(self) -> None:
        """Ask where to, and write the year as JSON off the UI thread."""
        name, _kind = QFileDialog.getSaveFileName(self, "导出工作日历", f"工作日历-{self.year}.json", "JSON (*.json)")
        if name:
            self.export_to(Path(name))

    def export_to(self, path: Path) -> None:
        """Write the year that is shown to ``path``."""
        year = self.year
        work = partial(_export, self.context.desk, year, path)
        self.context.runner.read(self, work, partial(self._exported, year), self.show_problem)

    def handle_action(self, action_id: str) -> bool:
        """Override: 导出 means this year."""
        if action_id == actions.EXPORT:
            self.export()
            return True
        return False

    def primary_focus(self) -> QWidget | None:
        """Override: start on the year sheet."""
        return self.view

    # --------------------------------------------------------------------------------------------------- showing

    def show_sheet(self, sheet: YearSheet) -> None:
        """Show a year."""
        if sheet.year != self.year:
            return
        self.sheet = sheet
        self.year_label.setText(f"{sheet.year} 年")
        official = sheet.status is CalendarStatus.OFFICIAL
        self.status.set_chip(phrase(sheet.status), Tone.KEPT if official else Tone.RISK)
        self.before.setEnabled(sheet.year > FIRST_YEAR)
        self.after.setEnabled(sheet.year < LAST_YEAR)
        self.this_year.setVisible(sheet.year != sheet.today.year)
        self.notice.set_notice(_notice(sheet))
        self.view.show_sheet(sheet)
        self._show_facts(sheet)
        self._show_history(sheet)
        self._allow(may_change=sheet.may_change)

    def _show_facts(self, sheet: YearSheet) -> None:
        self.facts.clear()
        self.facts.add_fact("来源", sheet.source or "没有放假通知")
        self.facts.add_fact("工作日", f"{sheet.working_days} 天")
        self.facts.add_fact("放假", f"{sheet.count(DayKind.DAY_OFF)} 天（含周末）")
        self.facts.add_fact("调休上班", f"{sheet.count(DayKind.MAKE_UP_WORKING_DAY)} 天")
        self.holidays.clear()
        for line in sheet.holidays:
            self.holidays.add_fact(line.label, line.span, note=line.make_up)
        self._holiday_card.setVisible(bool(sheet.holidays))

    def _show_history(self, sheet: YearSheet) -> None:
        while (item := self.history.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for line in sheet.history:
            who = f"{formats.iso_moment(line.imported_at)} · {line.imported_by}" if line.imported_at else "随程序提供"
            state = f"{phrase(line.status)} · {'现行' if line.is_in_force else '已被替代'}"
            self.history.addWidget(label(f"{who} · {state}", "secondary", wrap=True))
            self.history.addWidget(label(line.source, "muted", wrap=True))
        if not sheet.history:
            self.history.addWidget(label("还没有导入过", "muted"))

    def _show_day(self, line: DayLine) -> None:
        self.chosen.setText(line.why)
        middle = self.view.place_of(line.day_on).center()
        self._area.ensureVisible(middle.x(), middle.y())

    def _show_year(self, year: object) -> None:
        if isinstance(year, int):
            self.year = year
            self.reload()

    def _exported(self, year: int, _nothing: None) -> None:
        self.message_bar.clear()
        self.export_button.setToolTip(f"{year} 年已导出")
        self.export_done.setText(f"{year} 年已导出")

    def _correct_line(self, line: DayLine) -> None:
        if self.sheet is None or not self.sheet.may_change:
            return
        CorrectDayDialog(self.context, line, self).open()

    def _allow(self, *, may_change: bool) -> None:
        self.setAcceptDrops(may_change)
        for button in (self.import_button, self.correct_button):
            button.setEnabled(may_change)
            button.setToolTip("" if may_change else _ONLY_LEADS)

    # --------------------------------------------------------------------------------------------------- lay out

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(label(self.title, "title"))
        head.addSpacing(8)
        for widget in (self.before, self.year_label, self.after, self.status, self.this_year):
            head.addWidget(widget)
        head.addStretch(1)
        self.export_done: QLabel = label("", "muted")
        head.addWidget(self.export_done)
        head.addWidget(self.export_button)
        head.addWidget(self.import_button)
        self.body.addLayout(head)
        self.body.addWidget(self.notice)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._sheet_card(), 1)
        row.addWidget(self._side())
        self.body.addLayout(row, 1)

    def _sheet_card(self) -> Card:
        self._area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setObjectName("body")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.addWidget(self.view, 1)
        area.setWidget(inside)
        legend = QHBoxLayout()
        legend.setSpacing(8)
        for chip in (ChipText("休 放假", Tone.ACCENT), ChipText("班 调休上班", Tone.RISK), ChipText("灰字 周末")):
            legend.addWidget(Chip(chip.text, chip.tone))
        legend.addStretch(1)
        legend.addWidget(label("方向键选日，停留看原因，Enter 更正", "muted"))
        card = Card()
        card.add(area, 1)
        card.body.addLayout(legend)
        return card

    def _side(self) -> ScrollColumn:
        side = ScrollColumn(_SIDE)
        day = Card("所选日期", aside=self.correct_button)
        day.add(self.chosen)
        facts = Card("本年")
        facts.add(self.facts)
        self._holiday_card = Card("放假安排")
        self._holiday_card.add(self.holidays)
        history = Card("导入与更正记录")
        history.body.addLayout(self.history)
        for card in (day, facts, self._holiday_card, history):
            side.add(card)
        side.body.addStretch(1)
        return side


def _notice(sheet: YearSheet) -> str:
    if sheet.is_known and sheet.status is CalendarStatus.OFFICIAL:
        return ""
    if sheet.is_known:
        return f"{sheet.year} 年的安排为暂定：跨入该年的时限都标为暂定，导入已公布的安排后重新计算。"
    return (
        f"{sheet.year} 年放假安排尚未录入，按周一至周五推算：跨入该年的时限都标为暂定。"
        "国务院办公厅通知发布后，由主管导入。"
    )


def _export(desk: Desk, year: int, path: Path) -> None:
    save_year(path, export_year(desk, year))
