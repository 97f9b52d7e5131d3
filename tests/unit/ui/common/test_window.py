"""The window: pages built late, keys that reach the right place, search that answers by keyboard."""

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.services.commands.changes import Changes
from lian_desk.ui import actions
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.shell.command_palette import SearchHit
from lian_desk.ui.common.shell.keys_help import KeysHelp
from lian_desk.ui.common.shell.navigation import PageSpec
from lian_desk.ui.common.shell.page import Page
from lian_desk.ui.common.shell.top_bar import DayWords
from lian_desk.ui.common.shell.window_memory import recall_window, remember_window
from lian_desk.ui.main_window import MainWindow, WindowFacts

built = []


class PlainPage(Page):
    tables = frozenset({"booking"})

    def __init__(self, context):
        super().__init__(context)
        self.line = QLineEdit()
        self.body.addWidget(self.line)
        self.reloads = 0
        self.subject = None
        self.actions = []
        built.append(type(self).__name__)

    def reload(self):
        self.reloads += 1

    def open_subject(self, subject, part):
        self.subject = (subject, part)

    def handle_action(self, action_id):
        self.actions.append(action_id)
        return action_id == actions.PRINT


@pytest.fixture
def opened():
    return []


@pytest.fixture
def window(context, qtbot, opened):
    built.clear()
    pages = [
        PageSpec("worklist", "工作台", "layout-dashboard", PlainPage, "Alt+1"),
        PageSpec("files", "档案", "folder-open", PlainPage, "Alt+2"),
        PageSpec("file", "个案", "file-text", PlainPage, under="files", takes_subject=True),
    ]

    def search(words):
        return [SearchHit("王*兰", "A-26-00312", "user", lambda: opened.append(words))]

    facts = WindowFacts(
        "就医协助台",
        "专案管家 · 陈静",
        "搜索",
        "演示数据",
        lambda moment: DayWords("服务时间内", Tone.KEPT, f"{moment:%Y}"),
        search=search,
    )
    made = MainWindow(context, pages, facts)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    return made


def test_a_page_is_built_when_it_is_first_shown_and_loaded_once(window):
    assert built == []
    page = window.show_page("worklist")
    window.show_page("worklist")
    assert built == ["PlainPage"]
    assert page.reloads == 1


def test_a_hidden_page_catches_up_and_a_visible_one_at_once(window, context):
    first = window.show_page("worklist")
    second = window.show_page("files")
    context.bus.publish(Changes(updated={"booking": frozenset({1})}))
    assert (first.reloads, second.reloads) == (1, 2)
    context.bus.publish(Changes(updated={"policy": frozenset({1})}))
    window.show_page("worklist")
    assert (first.reloads, second.reloads) == (2, 2)


def test_keys_open_pages_reload_and_print(window):
    window.show_page("worklist")
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    page = window.current_page
    assert page is window.page("files")
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert page.reloads == 2
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert page.actions == [actions.PRINT]


def test_an_action_nobody_here_knows_is_a_wish_to_the_navigator(window, context, qtbot):
    window.show_page("worklist")
    with qtbot.waitSignal(context.navigator.action_requested) as wish:
        QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert wish.args == [actions.NEW_FILE, None]


def test_a_key_of_64_bits_reaches_the_page_of_one_record(window, context):
    context.navigator.open_file(2**62 + 1, "bookings")
    page = window.page("file")
    assert page.subject == (2**62 + 1, "bookings")
    assert window.current_page is page
    assert window.navigation._buttons["files"].isChecked()


def test_control_l_asks_for_the_lock(window, qtbot):
    with qtbot.waitSignal(window.lock_requested):
        QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


def test_a_question_mark_shows_the_keys_but_not_while_typing(window):
    page = window.show_page("worklist")
    page.line.setFocus()
    QTest.keyClicks(page.line, "?")
    assert page.line.text() == "?"
    assert window.findChild(KeysHelp) is None
    page.setFocus()
    # platforms offer the shifted character itself to shortcuts; the offscreen one is given it like that
    QTest.keyClick(page, Qt.Key.Key_Question)
    help_window = window.findChild(KeysHelp)
    assert help_window.isVisible()
    assert help_window.height() <= window.height()
    QTest.keyClick(help_window, Qt.Key.Key_Escape)


def test_the_keys_fit_a_low_window_and_scroll_by_keyboard(window):
    window.resize(1100, 420)
    window.show_keys()
    shown = window.findChild(KeysHelp)
    assert shown.height() <= window.height()
    bar = shown.area.verticalScrollBar()
    assert bar.maximum() > 0
    QTest.keyClick(shown, Qt.Key.Key_End)
    assert shown.isVisible()
    assert bar.value() == bar.maximum()
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.isVisible()


def test_search_answers_by_keyboard(window, context, runner, opened, qtbot):
    window.show_page("worklist")
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    overlay = window.palette_overlay
    assert overlay.isVisible()
    assert overlay.line.hasFocus()
    QTest.keyClicks(overlay.line, "wl")
    qtbot.waitUntil(lambda: overlay.hits.rowCount() == 1)
    assert runner.wait_idle()
    QTest.keyClick(overlay.line, Qt.Key.Key_Return)
    assert opened == ["wl"]
    assert not overlay.isVisible()


def test_search_offers_pages_and_commands_and_goes_round(window):
    window.show_page("worklist")
    overlay = window.palette_overlay
    overlay.open_at_top()
    count = overlay.hits.rowCount()
    assert count == 2 + len(actions.ACTIONS) - 1
    QTest.keyClick(overlay.line, Qt.Key.Key_Up)
    assert overlay.view.currentIndex().row() == count - 1
    QTest.keyClick(overlay.line, Qt.Key.Key_Down)
    QTest.keyClick(overlay.line, Qt.Key.Key_Down)
    QTest.keyClick(overlay.line, Qt.Key.Key_Return)
    assert window.current_page is window.page("files")
    overlay.open_at_top()
    QTest.keyClick(overlay.line, Qt.Key.Key_Escape)
    assert not overlay.isVisible()


def test_counters_and_state_are_shown_with_words(window, context):
    context.navigator.set_counter("worklist", 4, "broken")
    assert window.navigation._buttons["worklist"].accessibleName() == "工作台 4"
    window.navigation.set_state("离线 · 12 项待同步", Tone.RISK)
    context.navigator.set_counter("unknown", 4)


def test_a_toast_offers_the_way_back_once(window):
    undone = []
    window.toast.say("已归档", undo=lambda: undone.append(True))
    assert window.toast.isVisible()
    window.resize(1200, 800)
    window.toast._button.click()
    assert undone == [True]
    assert not window.toast.isVisible()


def test_a_window_remembers_its_place(qtbot, theme, tmp_path):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.show()
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    assert not recall_window(window, settings)
    window.resize(500, 400)
    remember_window(window, settings)
    window.resize(620, 450)
    assert recall_window(window, settings)
    assert (window.width(), window.height()) == (500, 400)


def test_actions_have_distinct_ids_keys_and_shipped_icons(theme):
    ids = [spec.action_id for spec in actions.ACTIONS]
    keys = [spec.shortcut for spec in actions.ACTIONS if spec.shortcut]
    assert len(ids) == len(set(ids))
    assert len(keys) == len(set(keys))
    for spec in actions.ACTIONS:
        assert resource_path("icons", f"{spec.icon}.svg").is_file()
        assert actions.action_spec(spec.action_id) is spec


def test_every_named_action_is_in_the_table_and_every_entry_is_named():
    named = {
        value
        for name, value in vars(actions).items()
        if name.isupper() and isinstance(value, str) and not name.startswith("_")
    }
    assert named == {spec.action_id for spec in actions.ACTIONS}


def test_the_window_closes_with_a_word(window, qtbot):
    with qtbot.waitSignal(window.closing):
        QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not window.isVisible()
    assert QApplication.instance() is not None
