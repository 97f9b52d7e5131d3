"""The page 工作日历 and its dialogs on a real desk, with the widgets a user touches."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHelpEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.models.vocabulary import CalendarStatus, ClockDoubt, ClockKind, DayKind
from lian_desk.services.desk.clock_watch import KIND, ClockWatch
from lian_desk.services.working_calendar.year_files import read_year_file
from lian_desk.ui import actions
from lian_desk.ui.common.look.theme import Scheme
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.shell.live_clock import LiveClock
from lian_desk.ui.working_calendar.clock_guard import ClockGuard, guard_clock
from lian_desk.ui.working_calendar.correction_dialog import CorrectDayDialog
from lian_desk.ui.working_calendar.import_dialog import ImportYearDialog
from lian_desk.ui.working_calendar.page import CalendarPage
from lian_desk.ui.working_calendar.preview import DAYS, MOVES
from tests.desk_world import World
from tests.integration.working_calendar.test_calendar_years import SOURCE, to_requirement

GOOD = "date,kind,name\n" + "".join(f"2027-01-0{day},off,元旦\n" for day in (1, 2, 3, 4, 5)) + "2027-01-09,work,元旦\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "2027.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def shown_page(context: UiContext, qtbot: QtBot) -> CalendarPage:
    page = CalendarPage(context)
    qtbot.addWidget(page)
    page.resize(1252, 820)
    page.show()
    qtbot.waitExposed(page)
    page.activate()
    assert context.runner.wait_idle()
    return page


@pytest.fixture
def page(context: UiContext, qtbot: QtBot) -> CalendarPage:
    return shown_page(context, qtbot)


def fill(dialog: QWidget, **values: str) -> None:
    for name, value in values.items():
        dialog.form.fields[name].set_raw(value)  # type: ignore[attr-defined]
        dialog.form.fields[name].edited.emit()  # type: ignore[attr-defined]


def test_the_sheet_shows_the_year_with_its_source(page: CalendarPage) -> None:
    assert page.sheet is not None
    assert (page.year_label.text(), page.status.text) == ("2026 年", "已公布")
    assert not page.notice.isVisible()
    assert page.view.current is not None
    assert page.view.current.day_on == date(2026, 9, 28)
    assert page.chosen.text() == "2026年9月28日 周一 · 工作日"


def test_every_day_has_its_own_place_inside_the_sheet(page: CalendarPage) -> None:
    assert page.sheet is not None
    places = [page.view.place_of(line.day_on) for line in page.sheet.days]
    assert len({(place.x(), place.y()) for place in places}) == 365
    assert all(page.view.rect().contains(place) for place in places)


def test_hover_says_why(page: CalendarPage, qtbot: QtBot) -> None:
    point = page.view.place_of(date(2026, 10, 10)).center()
    event = QHelpEvent(QEvent.Type.ToolTip, point, page.view.mapToGlobal(point))
    QApplication.sendEvent(page.view, event)
    qtbot.waitUntil(lambda: QToolTip.text() == "2026年10月10日 周六 · 调休上班（国庆节）")


def test_the_sheet_is_walked_by_keyboard_and_mouse(page: CalendarPage) -> None:
    view = page.view
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.current is not None
    assert view.current.day_on == date(2026, 10, 6)
    assert view.accessibleDescription() == "2026年10月6日 周二 · 国庆节放假"
    QTest.keyClick(view, Qt.Key.Key_Home)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.current.day_on == date(2026, 1, 1)
    place = view.place_of(date(2026, 5, 9)).center()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert view.current.kind is DayKind.MAKE_UP_WORKING_DAY


def test_the_cursor_stays_in_sight_in_a_low_window(page: CalendarPage, qtbot: QtBot) -> None:
    page.resize(1092, 520)
    qtbot.waitUntil(lambda: page._area.verticalScrollBar().maximum() > 0)
    QTest.keyClick(page.view, Qt.Key.Key_End)
    assert page._area.verticalScrollBar().value() > 0
    QTest.keyClick(page.view, Qt.Key.Key_Home)
    assert page._area.verticalScrollBar().value() < page._area.verticalScrollBar().maximum()


def test_an_unknown_year_says_that_its_deadlines_are_provisional(page: CalendarPage, context: UiContext) -> None:
    page.after.click()
    assert context.runner.wait_idle()
    assert (page.year_label.text(), page.status.text) == ("2027 年", "暂定")
    assert "尚未录入" in page.notice.text
    page.this_year.click()
    assert context.runner.wait_idle()
    assert page.year_label.text() == "2026 年"


def test_a_year_is_taken_in_after_its_effects_were_seen(
    page: CalendarPage, context: UiContext, world: World, file: Path
) -> None:
    request_id = to_requirement(world)
    dialog = page.offer(file)
    testers = [
        QAbstractItemModelTester(shown.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        for shown in dialog.preview.lists.values()
    ]
    assert len(testers) == 2
    assert context.runner.wait_idle()
    dialog.preview.show_part(MOVES)
    assert context.runner.wait_idle()
    moves = dialog.preview.lists[MOVES].model
    assert moves.rowCount() == 1
    row = moves.row_data(0)
    assert (row.number, row.old_due, row.new_due) == (
        world.row(request_id).number,
        "2027-01-06 21:00",
        "2027-01-09 21:00",
    )
    assert row.chip.text == "推后"
    dialog.try_submit()
    assert dialog.form.fields["source"].error
    assert not dialog.is_busy
    fill(dialog, source=SOURCE)
    dialog.try_submit()
    assert context.runner.wait_idle()
    assert page.year_label.text() == "2027 年"
    assert page.status.text == "已公布"
    assert context.desk.calendar.status_of(2027) is CalendarStatus.OFFICIAL
    with world.desk.read() as session:
        run = session.scalars(select(ClockRun).where(ClockRun.kind == ClockKind.BOOKING)).one()
    assert run.due_at == datetime(2027, 1, 9, 21, 0, tzinfo=SHANGHAI)


def test_faults_stand_beside_their_rows_and_nothing_can_be_taken_in(
    page: CalendarPage, context: UiContext, file: Path
) -> None:
    file.write_text(GOOD + "2027-02-30,off,x\n2027-03-01,work,y\n", encoding="utf-8")
    dialog = page.offer(file)
    assert context.runner.wait_idle()
    rows = dialog.table_field.model
    assert [rows.line(row).number for row in range(rows.rowCount())] == [8, 9]
    assert not dialog.primary.isEnabled()
    assert "2 行有误" in dialog.preview.summary.text


def test_a_file_that_is_no_year_is_refused_in_words(page: CalendarPage, context: UiContext, file: Path) -> None:
    file.write_bytes(b"\x00\x01")
    dialog = page.offer(file)
    assert context.runner.wait_idle()
    assert "文件打不开或格式不符" in dialog.banner.text
    assert not dialog.primary.isEnabled()


def test_the_provisional_status_is_reckoned_before_it_is_taken(
    page: CalendarPage, context: UiContext, world: World, file: Path
) -> None:
    to_requirement(world)
    dialog = page.offer(file)
    assert context.runner.wait_idle()
    first = dialog.plan
    fill(dialog, status=CalendarStatus.PROVISIONAL.value)
    assert not dialog.primary.isEnabled()
    assert context.runner.wait_idle()
    assert dialog.plan is not None
    assert first is not None
    assert dialog.plan.mark != first.mark
    assert all(move.is_provisional for move in dialog.plan.moves)


def test_what_changed_behind_the_preview_is_shown_again(
    page: CalendarPage, context: UiContext, world: World, file: Path
) -> None:
    dialog = page.offer(file)
    assert context.runner.wait_idle()
    to_requirement(world)
    fill(dialog, source=SOURCE)
    dialog.try_submit()
    assert context.runner.wait_idle()
    assert "预览之后数据有变化" in dialog.banner.text
    assert dialog.preview.lists[MOVES].model.rowCount() == 1
    dialog.try_submit()
    assert context.runner.wait_idle()
    assert page.year_label.text() == "2027 年"


def test_a_day_is_corrected_with_a_reason(page: CalendarPage, context: UiContext) -> None:
    page.view.choose(date(2026, 10, 8))
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    (dialog,) = page.findChildren(CorrectDayDialog)
    assert context.runner.wait_idle()
    assert not dialog.primary.isEnabled()
    fill(dialog, kind=DayKind.DAY_OFF.value, label="国庆节")
    assert context.runner.wait_idle()
    assert dialog.preview.lists[DAYS].model.rowCount() == 1
    dialog.try_submit()
    assert dialog.form.fields["reason"].error
    fill(dialog, reason="补发通知延长一天")
    dialog.try_submit()
    assert context.runner.wait_idle()
    assert not context.desk.calendar.is_working_day(date(2026, 10, 8))
    assert page.chosen.text() == "2026年10月8日 周四 · 国庆节放假"
    assert "补发通知延长一天" in page.sheet.source  # type: ignore[union-attr]


def test_a_case_manager_looks_and_exports_but_does_not_change(
    manager_context: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    page = shown_page(manager_context, qtbot)
    assert not page.import_button.isEnabled()
    assert not page.correct_button.isEnabled()
    assert "由主管" in page.import_button.toolTip()
    assert not page.acceptDrops()
    page.correct()
    assert page.findChildren(CorrectDayDialog) == []
    target = tmp_path / "out.json"
    page.export_to(target)
    assert manager_context.runner.wait_idle()
    assert read_year_file(target).year == 2026


def test_an_export_that_cannot_be_written_says_so(page: CalendarPage, context: UiContext, tmp_path: Path) -> None:
    page.export_to(tmp_path / "gone" / "out.json")
    assert context.runner.wait_idle()
    assert page.message_bar.text


def test_a_dropped_file_opens_its_preview(page: CalendarPage, context: UiContext, file: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    none, copy, left = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPoint(5, 5), copy, mime, left, none)
    page.dragEnterEvent(enter)
    assert enter.isAccepted()
    page.dropEvent(QDropEvent(QPointF(5, 5), copy, mime, left, none))
    assert context.runner.wait_idle()
    (dialog,) = page.findChildren(ImportYearDialog)
    assert dialog.primary.isEnabled()


@pytest.mark.parametrize("scheme", list(Scheme))
def test_painting_a_year_is_quick_in_both_looks(page: CalendarPage, context: UiContext, scheme: Scheme) -> None:
    context.theme.set_scheme(scheme)
    image = page.view.grab().toImage()
    off = page.view.place_of(date(2026, 10, 1))
    plain = page.view.place_of(date(2026, 10, 8))
    corner = QPoint(4, 4)
    scale = image.devicePixelRatio()

    def colour(place: QPoint) -> str:
        return image.pixelColor(round(place.x() * scale), round(place.y() * scale)).name()

    assert colour(off.topLeft() + corner) == context.theme.tokens.accent_soft.lower()
    assert colour(plain.topLeft() + corner) != context.theme.tokens.accent_soft.lower()
    context.theme.set_scheme(Scheme.LIGHT)


# ------------------------------------------------------------------------------------------------------- the clock


@pytest.fixture
def host(qtbot: QtBot, context: UiContext) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_a_wrong_clock_is_said_and_a_lead_may_vouch_for_it(
    context: UiContext, host: QWidget, clock: FixedClock
) -> None:
    clock.moment -= timedelta(days=400)
    bands: list[QWidget] = []
    ticking = LiveClock(clock.now, host)
    guard = guard_clock(context, ticking.minute_passed, bands.append, host)
    assert bands == [guard.bar]
    assert context.runner.wait_idle()
    assert guard.finding is not None
    assert guard.finding.doubt is ClockDoubt.BEHIND_LOG
    assert guard.bar.text.startswith("本机时钟为 2025-08-24 10:00")
    guard.bar._action.click()
    assert context.runner.wait_idle()
    assert guard.bar.text == ""
    guard.start()
    assert context.runner.wait_idle()
    assert guard.finding is None


def kinds(context: UiContext) -> list[str]:
    with context.desk.read() as session:
        return list(session.scalars(select(AuditEntry.kind).order_by(AuditEntry.sequence.desc()).limit(2)))


def test_a_jump_while_running_is_said_and_sealed(manager_context: UiContext, host: QWidget, clock: FixedClock) -> None:
    length: Callable[[], timedelta] = lambda: timedelta(hours=1)  # noqa: E731 - a machine whose length stands still
    guard = ClockGuard(manager_context, ClockWatch(clock, length), host)
    guard.look()
    assert guard.finding is None
    clock.moment -= timedelta(minutes=10)
    guard.look()
    assert manager_context.runner.wait_idle()
    assert guard.finding is not None
    assert guard.finding.doubt is ClockDoubt.SET_BACK
    assert not guard.bar._action.isVisibleTo(guard.bar), "only a lead may vouch for the clock"
    assert kinds(manager_context)[0] == KIND


def test_the_page_is_exported_by_the_windows_action(page: CalendarPage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(page, "export", lambda: asked.append(True))
    assert page.handle_action(actions.EXPORT)
    assert not page.handle_action(actions.PRINT)
    assert asked == [True]
