"""The calendar by keyboard: days, pages, one day alone; what is shown goes out as a file."""

from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.services.bookings.calendar_events import CalendarSpan
from lian_desk.ui.bookings.calendar_view import CalendarView
from lian_desk.ui.bookings.day_cells import DaySheet
from lian_desk.ui.common.look.chips import Chip
from lian_desk.ui.common.look.theme import Scheme
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.worklist.day_cards import AgendaCard
from tests.desk_world import World
from tests.ui_fixture import settle

VISIT = datetime(2026, 10, 9, 8, 30, tzinfo=SHANGHAI)


@pytest.fixture
def view(ui: UiContext, world: World, qtbot: QtBot) -> CalendarView:
    world.book(world.to_started(world.open_file()), VISIT)
    made = CalendarView(ui)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    made.reload()
    settle(ui)
    return made


def press(view: CalendarView, ui: UiContext, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(view, key)
        settle(ui)


def words(widget: QWidget) -> str:
    return "\n".join(found.text() for found in (*widget.findChildren(QLabel), *widget.findChildren(QPushButton)))


def test_arrow_keys_walk_from_day_to_day(view: CalendarView, ui: UiContext) -> None:
    assert view.anchor == date(2026, 9, 28)
    press(view, ui, Qt.Key.Key_Right)
    assert view.anchor == date(2026, 9, 29)
    assert view.cells[view.anchor].property("current") is True
    assert view.cells[date(2026, 9, 28)].property("current") is False
    press(view, ui, Qt.Key.Key_Down)
    assert view.anchor == date(2026, 10, 6)
    assert "2026年10月" in words(view)
    press(view, ui, Qt.Key.Key_Up, Qt.Key.Key_Left)
    assert view.anchor == date(2026, 9, 28)


@pytest.mark.parametrize(
    ("span", "after"), [("month", date(2026, 10, 1)), ("week", date(2026, 10, 5)), ("day", date(2026, 9, 29))]
)
def test_pages_turn_with_page_keys_and_home_comes_back(
    view: CalendarView, ui: UiContext, span: str, after: date
) -> None:
    view.span.set_value(span)
    press(view, ui, Qt.Key.Key_PageDown)
    assert view.anchor == after
    press(view, ui, Qt.Key.Key_PageUp)
    assert view.anchor <= date(2026, 9, 28)
    press(view, ui, Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_Home)
    assert view.anchor == date(2026, 9, 28)


def test_enter_shows_one_day_with_every_booking(view: CalendarView, ui: UiContext, qtbot: QtBot) -> None:
    view._go(VISIT.date())
    settle(ui)
    press(view, ui, Qt.Key.Key_Return)
    sheet = view.findChild(DaySheet)
    assert sheet is not None
    shown = words(view)
    for part in ("08:30", "王*兰", "复旦大学附属中山医院", "2026年10月9日 周五"):
        assert part in shown
    assert [chip.text for chip in sheet.findChildren(Chip)] == ["待告知"]
    with qtbot.waitSignal(view.opened) as opened:
        next(found for found in sheet.findChildren(QPushButton) if found.text() == "打开").click()
    assert opened.args[0].visit_at == VISIT


def test_every_entry_is_reachable_by_tab(view: CalendarView, ui: UiContext) -> None:
    view._go(VISIT.date())
    settle(ui)
    entries = [found for found in view.findChildren(QPushButton) if "王*兰" in found.text()]
    assert len(entries) == 1
    assert entries[0].focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_click_chooses_and_a_double_click_shows_the_day(view: CalendarView, ui: UiContext) -> None:
    cell = view.cells[date(2026, 9, 30)]
    QTest.mouseClick(cell, Qt.MouseButton.LeftButton)
    assert view.anchor == date(2026, 9, 30)
    QTest.mouseDClick(cell, Qt.MouseButton.LeftButton)
    settle(ui)
    assert view.span.value == "day"
    assert "这一天没有预约" in words(view)


def test_an_answer_to_a_page_that_was_left_is_dropped(view: CalendarView, ui: UiContext) -> None:
    view.reload()
    view.span.set_value("day")
    settle(ui)
    assert view.findChild(DaySheet) is None


@pytest.mark.parametrize(
    ("span", "wanted"),
    [
        ("month", CalendarSpan(date(2026, 10, 1), 31)),
        ("week", CalendarSpan(date(2026, 10, 5), 7)),
        ("day", CalendarSpan(date(2026, 10, 9), 1)),
    ],
)
def test_what_is_shown_is_exported(
    view: CalendarView, ui: UiContext, tmp_path: Path, span: str, wanted: CalendarSpan
) -> None:
    names: list[str] = []

    def ask(_parent: QWidget, name: str) -> Path:
        names.append(name)
        return tmp_path / "out"

    view.exporting.ask = ask
    view.anchor = VISIT.date()
    view.span.set_value(span)
    view.export()
    settle(ui)
    assert names == [wanted.file_name]
    assert "王*兰" in (tmp_path / "out.ics").read_text(encoding="utf-8").replace("\r\n ", "")
    assert view.exporting.toast is not None
    assert view.exporting.toast.text == "已导出 1 项日程，姓名已遮盖。"


def test_a_cancelled_export_leaves_no_trace(view: CalendarView, ui: UiContext, world: World) -> None:
    before = world.desk.audit_head()
    view.exporting.ask = lambda _parent, _name: None
    view.export()
    settle(ui)
    assert world.desk.audit_head() == before


def test_a_refused_export_says_what_to_do(view: CalendarView, ui: UiContext, tmp_path: Path) -> None:
    view.exporting.ask = lambda _parent, name: tmp_path / "gone" / name
    view.export()
    settle(ui)
    assert view.exporting.toast is not None
    assert "文件夹" in view.exporting.toast.text


def test_the_agenda_exports_today(ui: UiContext, world: World, qtbot: QtBot, tmp_path: Path) -> None:
    card = AgendaCard(ui)
    qtbot.addWidget(card)
    card.exporting.ask = lambda _parent, name: tmp_path / name
    next(found for found in card.findChildren(QPushButton) if found.text() == "导出 .ics").click()
    settle(ui)
    assert (tmp_path / "预约日程_2026-09-28.ics").exists()
    assert card.exporting.toast is not None
    assert "没有预约" in card.exporting.toast.text


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("span", ["month", "week", "day"])
def test_it_paints_in_both_looks(view: CalendarView, ui: UiContext, scheme: Scheme, span: str) -> None:
    ui.theme.set_scheme(scheme)
    try:
        view.span.set_value(span)
        view.reload()
        settle(ui)
        assert not view.grab().isNull()
    finally:
        ui.theme.set_scheme(Scheme.LIGHT)
