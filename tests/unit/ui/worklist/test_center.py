"""What runs out is told by card, bell and tray, leads to the worklist, and is quiet while the desk is locked."""

from datetime import datetime

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from lian_desk.bootstrap import DeskWindow
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import ClockKind
from lian_desk.services.commands.changes import Changes
from lian_desk.services.worklist.alerts import Alert, AlertLevel
from lian_desk.ui.common.look.theme import Scheme
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.sign_in.lock_screen import LockScreen
from lian_desk.ui.worklist.alert_card import AlertCard
from lian_desk.ui.worklist.bell import AlertList, Bell
from lian_desk.ui.worklist.center import NotificationCenter
from lian_desk.ui.worklist.tray import Tray
from tests.desk_world import World
from tests.ui_fixture import settle

PRESSING = datetime(2026, 9, 30, 9, 30, tzinfo=SHANGHAI)
ALERT = Alert(AlertLevel.URGENT, ClockKind.FEEDBACK, 1, PRESSING, PRESSING)
QUIET = Alert(AlertLevel.NOTICE, ClockKind.BOOKING, 12, PRESSING, PRESSING)


@pytest.fixture
def window(qtbot: QtBot, ui: UiContext) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    return made


@pytest.fixture
def center(ui: UiContext, window: QWidget) -> NotificationCenter:
    return NotificationCenter(ui, window)


def words(widget: QWidget) -> str:
    return "\n".join(found.text() for found in widget.findChildren(QLabel))


def test_a_promise_that_runs_out_comes_up_in_the_corner(
    center: NotificationCenter, ui: UiContext, world: World
) -> None:
    world.to_requirement(world.open_file())
    center.look()
    settle(ui)
    assert center.card.isHidden()
    world.clock.moment = PRESSING
    center.look()
    settle(ui)
    assert "1 项协调反馈将在 30 分钟后到期" in words(center.card)
    assert center.card.isVisible()
    assert center.bell.count == 1
    center.look()
    settle(ui)
    assert center.bell.count == 1


def test_the_card_stands_inside_the_window_and_moves_with_it(center: NotificationCenter, window: QWidget) -> None:
    center.tell([ALERT])
    assert window.rect().contains(center.card.geometry())
    window.resize(900, 520)
    QApplication.processEvents()
    assert window.rect().contains(center.card.geometry())


def test_following_leads_to_the_worklist(center: NotificationCenter, ui: UiContext, qtbot: QtBot) -> None:
    center.tell([ALERT])
    with qtbot.waitSignal(ui.navigator.page_requested) as asked:
        center.card.followed.emit()
    assert asked.args == ["worklist"]


def test_the_bell_lists_the_alerts_of_today(center: NotificationCenter, world: World, qtbot: QtBot) -> None:
    world.clock.moment = PRESSING
    center.tell([QUIET])
    center.tell([ALERT])
    assert center.bell.count == 2
    assert center.bell.accessibleName() == "提醒，2 条未读"
    center.bell.click()
    shown = center._window.findChild(AlertList)
    assert shown is not None
    assert words(shown).index("协调反馈") < words(shown).index("12 项预约时限")
    assert center.bell.count == 0
    with qtbot.waitSignal(shown.followed):
        shown._follow()
    world.clock.moment = PRESSING.replace(month=10, day=8)
    center.tell([])
    assert center.today == ()


def test_an_empty_list_says_so(center: NotificationCenter) -> None:
    center.show_list()
    shown = center._window.findChild(AlertList)
    assert shown is not None
    assert "今天还没有提醒" in words(shown)
    shown.close()


def test_locked_it_is_quiet_and_loses_nothing(center: NotificationCenter, ui: UiContext, world: World) -> None:
    world.to_requirement(world.open_file())
    world.clock.moment = PRESSING
    center.hush()
    center.look()
    settle(ui)
    assert center.card.isHidden()
    center.speak()
    settle(ui)
    assert center.card.isVisible()
    center.hush()
    assert center.card.isHidden()
    # a look that was under way when the desk was locked
    center.tell([QUIET])
    assert center.card.isHidden()
    assert center.bell.count == 2
    center.speak()
    assert center.card.isVisible()


def test_a_change_of_a_clock_is_looked_at_soon(center: NotificationCenter) -> None:
    center._soon.stop()
    center.hush()
    center._apply(Changes(updated={"clock_run": frozenset({1})}))
    assert not center._soon.isActive()
    center.speak()
    center._apply(Changes(updated={"hospital": frozenset({1})}))
    assert not center._soon.isActive()
    center._apply(Changes(updated={"clock_run": frozenset({1})}))
    assert center._soon.isActive()


def test_a_failed_look_does_not_stop_the_next(center: NotificationCenter) -> None:
    center._is_looking = True
    center._missed(OSError())
    assert not center._is_looking


def test_the_system_is_told_in_words_without_a_name(window: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, object]] = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", staticmethod(lambda: True))
    monkeypatch.setattr(
        QSystemTrayIcon, "showMessage", lambda _icon, _title, text, kind, _ms: said.append((text, kind))
    )
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda _icon: None)
    tray = Tray(window)
    assert tray.say(ALERT.words, ALERT.level)
    assert tray.say(QUIET.words, QUIET.level)
    assert [kind for _text, kind in said] == [
        QSystemTrayIcon.MessageIcon.Warning,
        QSystemTrayIcon.MessageIcon.Information,
    ]
    tray.take_away()
    assert tray._icon is None


def test_without_a_tray_there_is_no_message(window: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: False))
    assert not Tray(window).say(ALERT.words, ALERT.level)


@pytest.mark.parametrize("scheme", list(Scheme))
def test_bell_and_card_paint_in_both_looks(scheme: Scheme, ui: UiContext, window: QWidget, qtbot: QtBot) -> None:
    ui.theme.set_scheme(scheme)
    try:
        bell, card = Bell(), AlertCard(window)
        qtbot.addWidget(bell)
        bell.set_count(120)
        card.say([ALERT, QUIET, ALERT, QUIET, ALERT])
        assert "另 3 条" in words(card)
        for widget in (bell, card):
            picture = widget.grab().toImage()
            colors = {picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}
            assert len(colors) > 3
    finally:
        ui.theme.set_scheme(Scheme.LIGHT)


def test_the_window_has_the_bell_and_is_quiet_when_locked(shown: DeskWindow) -> None:
    center = shown.window.findChild(NotificationCenter)
    assert center is not None
    assert shown.window.top_bar.isAncestorOf(center.bell)
    center.tell([ALERT])
    assert center.card.isVisible()
    shown.window.lock_requested.emit()
    assert center.card.isHidden()
    lock = shown.window.findChild(LockScreen)
    assert lock is not None
    lock.try_unlock()
    assert center.card.isVisible()
