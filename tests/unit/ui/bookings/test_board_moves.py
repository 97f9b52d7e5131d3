"""Dragging a card opens the dialog of the step or says why not; it never changes anything by itself."""

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lian_desk.models.vocabulary import RequestStatus, ServiceKind
from lian_desk.services.desk.explanations import explain
from lian_desk.services.listings.service_requests import STAGES
from lian_desk.ui.bookings.board import Board, StageColumn
from lian_desk.ui.bookings.card_view import CARD_MIME, card_key
from lian_desk.ui.bookings.page import BookingsPage
from lian_desk.ui.common.explain.explain import ExplainPopover, install_explainer
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.look.theme import Scheme
from lian_desk.ui.common.running.context import UiContext
from tests.desk_world import World
from tests.ui_fixture import settle

MOVE = Qt.DropAction.MoveAction
LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def page(ui: UiContext, qtbot: QtBot) -> Iterator[BookingsPage]:
    install_explainer(partial(explain, ui.desk))
    made = BookingsPage(ui)
    qtbot.addWidget(made)
    made.resize(1240, 760)
    made.show()
    yield made
    install_explainer(None)


def lane(board: Board, stage: str) -> StageColumn:
    return board.columns[list(STAGES).index(stage)]


def mime(page: BookingsPage, stage: str) -> QMimeData:
    model = lane(page.board, stage).model
    return model.mimeData([model.index(0, 0)])


def drop(page: BookingsPage, data: QMimeData, stage: str, ui: UiContext) -> None:
    column = lane(page.board, stage)
    enter = QDragEnterEvent(QPoint(20, 40), MOVE, data, LEFT, PLAIN)
    QApplication.sendEvent(column, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(column, QDropEvent(QPointF(20, 40), MOVE, data, LEFT, PLAIN))
    settle(ui)


@pytest.fixture
def started(page: BookingsPage, ui: UiContext, world: World) -> int:
    request_id = world.to_started(world.open_file())
    page.activate()
    settle(ui)
    return request_id


def test_a_card_carries_its_key_and_nothing_else(page: BookingsPage, ui: UiContext, started: int) -> None:
    model = lane(page.board, "coordinating").model
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    data = mime(page, "coordinating")
    assert data.formats() == [CARD_MIME]
    assert not data.hasText()
    assert card_key(data) == started
    assert model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsDragEnabled
    assert model.supportedDragActions() == MOVE
    assert model.supportedDropActions() == Qt.DropAction.IgnoreAction
    assert card_key(model.mimeData([])) is None
    page.reload()
    settle(ui)
    assert tester.model() is model


def test_a_drop_asks_for_the_dialog_and_changes_nothing(
    page: BookingsPage, ui: UiContext, world: World, started: int, qtbot: QtBot
) -> None:
    before = world.desk.audit_head()
    with qtbot.waitSignal(ui.navigator.action_requested) as asked:
        drop(page, mime(page, "coordinating"), "booked", ui)
    assert asked.args == ["request_record_booking", started]
    assert world.status(started) is RequestStatus.STARTED
    assert world.desk.audit_head() == before


def test_a_refused_drop_says_why_in_its_column_with_the_clause(
    page: BookingsPage, ui: UiContext, world: World, started: int
) -> None:
    drop(page, mime(page, "coordinating"), "visiting", ui)
    refusal = lane(page.board, "visiting").refusal
    assert refusal.text == "还不能到“就诊 / 在院”：请先完成“记录预约成功”。"
    refusal.basis.click()
    shown = refusal.findChild(ExplainPopover)
    assert shown is not None
    assert world.desk.pack.clause("R48").text in shown.words
    shown.close()
    drop(page, mime(page, "coordinating"), "follow_up", ui)
    assert refusal.text == ""
    assert lane(page.board, "follow_up").refusal.text
    assert world.status(started) is RequestStatus.STARTED


def test_a_drop_on_its_own_column_does_nothing(page: BookingsPage, ui: UiContext, started: int) -> None:
    asked: list[str] = []
    ui.navigator.action_requested.connect(lambda action, _subject: asked.append(action))
    drop(page, mime(page, "coordinating"), "coordinating", ui)
    assert asked == []
    assert not any(column.refusal.text for column in page.board.columns)


def test_foreign_things_are_not_taken(page: BookingsPage, started: int) -> None:
    data = QMimeData()
    data.setText(str(started))
    enter = QDragEnterEvent(QPoint(20, 40), MOVE, data, LEFT, PLAIN)
    QApplication.sendEvent(lane(page.board, "booked"), enter)
    assert not enter.isAccepted()


def test_while_a_card_is_in_the_air_columns_tell_where_it_may_go(
    page: BookingsPage, ui: UiContext, started: int
) -> None:
    page.board._begin(started)
    settle(ui)
    assert lane(page.board, "booked").hint.text == "放到这里：记录预约成功"
    visiting = lane(page.board, "visiting")
    assert visiting.hint.text == ""
    data = mime(page, "coordinating")
    QApplication.sendEvent(visiting, QDragEnterEvent(QPoint(9, 9), MOVE, data, LEFT, PLAIN))
    assert "请先完成" in visiting.hint.text
    QApplication.sendEvent(visiting, QDragLeaveEvent())
    assert visiting.hint.text == ""
    page.board._end()
    assert not any(column.hint.isVisible() for column in page.board.columns)


@pytest.mark.parametrize("by", ["ctrl_right", "menu_key"])
def test_the_keyboard_lists_the_same_moves(
    page: BookingsPage, ui: UiContext, started: int, qtbot: QtBot, by: str
) -> None:
    view = lane(page.board, "coordinating").view
    view.take_keyboard()
    if by == "ctrl_right":
        QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    else:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), view.mapToGlobal(QPoint(0, 0)))
        QApplication.sendEvent(view.viewport(), event)
    settle(ui)
    menu = page.board.steps.menu
    assert menu is not None
    words = [action.text() for action in menu.actions() if action.text()]
    assert words[0] == "记录预约成功 → 已预约"
    assert {"客户取消", "未约成", "暂停", "打开这项服务"} <= set(words)
    with qtbot.waitSignal(ui.navigator.action_requested) as asked:
        menu.actions()[0].trigger()
    assert asked.args == ["request_record_booking", started]
    menu.close()


def test_a_step_without_a_form_asks_for_a_yes(page: BookingsPage, ui: UiContext, world: World, qtbot: QtBot) -> None:
    request_id = world.to_requirement(world.open_file())
    page.activate()
    settle(ui)
    drop(page, mime(page, "requirement"), "coordinating", ui)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CommandDialog)
    assert world.status(request_id) is RequestStatus.REQUIREMENT_CONFIRMED
    dialog.primary.click()
    settle(ui, 8)
    assert world.status(request_id) is RequestStatus.COORDINATING
    assert lane(page.board, "coordinating").model.row_count == 1


def test_left_and_right_go_to_the_next_column_with_a_card(
    page: BookingsPage, ui: UiContext, world: World, started: int
) -> None:
    world.open_request(world.open_file(), ServiceKind.CASE_MANAGEMENT)
    page.reload()
    settle(ui)
    view = lane(page.board, "coordinating").view
    view.take_keyboard()
    page.window().activateWindow()
    QTest.keyClick(view, Qt.Key.Key_Left)
    review = lane(page.board, "review").view
    assert review.currentIndex().isValid()
    QTest.keyClick(review, Qt.Key.Key_Right)
    assert page.board.focusWidget() in {view, None} or page.window().focusWidget() is view


@pytest.mark.parametrize("scheme", list(Scheme))
def test_the_board_paints_refusals_in_both_looks(
    page: BookingsPage, ui: UiContext, started: int, scheme: Scheme
) -> None:
    ui.theme.set_scheme(scheme)
    try:
        drop(page, mime(page, "coordinating"), "visiting", ui)
        assert not page.grab().isNull()
        assert (
            not lane(page.board, "coordinating")
            .view._picture(lane(page.board, "coordinating").model.index(0, 0))
            .isNull()
        )
    finally:
        ui.theme.set_scheme(Scheme.LIGHT)
