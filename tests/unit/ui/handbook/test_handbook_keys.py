"""手册与规则 by the keyboard alone: the page, its three views, a clause in full."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from lian_desk.ui.common.explain.explain import ExplainPopover
from lian_desk.ui.handbook.page import HandbookPage
from tests.window_fixture import Hands


def tab_to(hands: Hands, target: QWidget) -> None:
    for _press in range(60):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused is target:
            return
        hands.bot.keyClick(focused, Qt.Key.Key_Tab)
    message = "Tab does not reach it"
    raise AssertionError(message)


def test_the_page_its_views_and_a_clause_are_reached_by_keys(hands: Hands) -> None:
    window = hands.shown.window
    hands.bot.keyClick(window, Qt.Key.Key_8, Qt.KeyboardModifier.AltModifier)
    hands.settle()
    page = window.current_page
    assert isinstance(page, HandbookPage)
    assert QApplication.focusWidget() is page.editions.list.table
    chips = {button.text().split()[0]: button for button in page.views.findChildren(QPushButton)}
    tab_to(hands, chips["不可抗力"])
    hands.bot.keyClick(chips["不可抗力"], Qt.Key.Key_Space)
    assert page.events.isVisible()
    tab_to(hands, chips["通知名单"])
    hands.bot.keyClick(chips["通知名单"], Qt.Key.Key_Space)
    assert page.notices.isVisible()
    tab_to(hands, chips["手册版本"])
    hands.bot.keyClick(chips["手册版本"], Qt.Key.Key_Space)
    hands.settle()
    clauses = page.editions.parts.lists["clauses"].table
    tab_to(hands, clauses)
    clauses.selectRow(0)
    hands.bot.keyClick(clauses, Qt.Key.Key_Return)
    popover = QApplication.activePopupWidget()
    assert isinstance(popover, ExplainPopover)
    hands.bot.keyClick(popover, Qt.Key.Key_Escape)
    hands.settle()
