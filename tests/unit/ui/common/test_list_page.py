"""A list explains itself in every state and stays usable by keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.services.commands.changes import Changes
from lian_desk.services.listings.base import ListQuery
from lian_desk.ui.common.lists.columns import ButtonCell, Column, ColumnKind, DeadlineCell
from lian_desk.ui.common.lists.desk_table import DeskTable
from lian_desk.ui.common.lists.list_page import EmptyWords, ListPage, ListSpec, RecordList
from lian_desk.ui.common.look.chips import ChipText, FilterChoice
from lian_desk.ui.common.look.tokens import Tone

COLUMNS = (
    Column(
        "时限",
        deadline=lambda row, now: DeadlineCell(f"{row.number} · {now:%M:%S}", Tone.RISK, 0.5, "跨国庆"),
        width=140,
    ),
    Column(
        "姓名", text=lambda row: row.name, kind=ColumnKind.NAME, secondary=lambda row: f"A-{row.number}", sort="name"
    ),
    Column("状态", kind=ColumnKind.CHIP, chips=lambda _row: [ChipText("协调中", Tone.ACCENT)]),
    Column("说明", text=lambda row: row.name, kind=ColumnKind.TWO_LINES, secondary=lambda _row: "第二行", stretch=True),
    Column("", button=lambda _row: ButtonCell("处理", primary=True), kind=ColumnKind.ACTION, width=80),
)


def spec_for(source, **more):
    return ListSpec(
        source,
        COLUMNS,
        EmptyWords("还没有预约", "从一份档案发起服务。", "发起服务"),
        placeholder="姓名、拼音",
        filters=[("kind", [FilterChoice(None, "全部"), FilterChoice("x", "门诊")])],
        **more,
    )


@pytest.fixture
def shown(context, source, runner, qtbot):
    made = RecordList(context, spec_for(source))
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitExposed(made)
    assert runner.wait_idle()
    return made


def test_it_searches_by_itself_when_first_shown(shown):
    assert shown.model.rowCount() == 1000
    assert shown.count_label.text() == "共 1,000 条"


def test_a_screen_reader_hears_which_list_it_is(context, source, qtbot):
    made = RecordList(context, spec_for(source, spoken="随访"))
    qtbot.addWidget(made)
    assert made.table.accessibleName() == "随访"


def test_typing_searches_once_after_a_pause(shown, source, runner, qtbot):
    before = source.key_statements
    event = QInputMethodEvent()
    event.setCommitString("甲00001")
    QApplication.sendEvent(shown.search_box, event)
    QTest.keyClicks(shown.search_box, "2")
    assert source.key_statements == before
    qtbot.waitUntil(lambda: shown.model.rowCount() == 1)
    assert runner.wait_idle()
    assert shown.model.query == ListQuery(text="甲000012")
    assert source.key_statements == before + 1


def test_enter_in_the_search_box_goes_to_the_list_and_enter_there_opens_the_row(shown, source, runner):
    opened = []
    shown.row_activated.connect(opened.append)
    shown.search_box.setFocus()
    QTest.keyClick(shown.search_box, Qt.Key.Key_Return)
    assert runner.wait_idle()
    assert shown.table.hasFocus()
    QTest.keyClick(shown.table, Qt.Key.Key_Down)
    QTest.keyClick(shown.table, Qt.Key.Key_Return)
    assert [row.name for row in opened] == ["甲000001"]


def test_the_painted_button_is_pressed_by_mouse_and_by_enter(shown, source):
    pressed, opened = [], []
    shown.action_pressed.connect(pressed.append)
    shown.row_activated.connect(opened.append)
    index = shown.model.index(2, len(COLUMNS) - 1)
    rect = shown.table.visualRect(index)
    point = rect.topLeft() + shown.table.rect().topLeft()
    point.setX(rect.left() + 20)
    point.setY(rect.center().y())
    QTest.mouseClick(shown.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)
    shown.table.setCurrentIndex(shown.model.index(3, len(COLUMNS) - 1))
    QTest.keyClick(shown.table, Qt.Key.Key_Return)
    assert [row.number for row in pressed] == [2, 3]
    assert opened == []


def test_nothing_found_offers_to_clear_and_an_empty_list_offers_the_next_step(shown, source, runner):
    wished = []
    shown.next_step_requested.connect(lambda: wished.append(True))
    shown.search("没有这个人")
    assert runner.wait_idle()
    assert shown.state.title == "没有符合条件的记录"
    shown.state.button.click()
    assert runner.wait_idle()
    assert shown.model.rowCount() == 1000
    assert wished == []
    source.names.clear()
    shown.reload()
    assert runner.wait_idle()
    assert shown.state.title == "还没有预约"
    shown.state.button.click()
    assert wished == [True]


def test_a_failure_says_so_and_tries_again(shown, source, runner):
    source.error = EnvironmentProblem(ErrorCode.RESOURCE_MISSING)
    shown.reload()
    assert runner.wait_idle()
    assert shown.state.title == "没有读到列表"
    source.error = None
    shown.state.button.click()
    assert runner.wait_idle()
    assert shown._stack.currentWidget() is shown.table


def test_a_hidden_list_waits_with_its_questions(shown, context, source, runner):
    shown.hide()
    before = source.key_statements
    context.bus.publish(Changes(updated={"booking": frozenset({1})}))
    assert runner.wait_idle()
    assert source.key_statements == before
    shown.show()
    assert runner.wait_idle()
    assert source.key_statements > before


def test_a_filter_chip_sets_the_filter(shown, runner):
    shown.chips["kind"].findChildren(type(shown.chips["kind"].first_button()))[1].click()
    assert runner.wait_idle()
    assert shown.model.query.filter("kind") == "x"
    shown.set_filter("kind", None)
    assert runner.wait_idle()
    assert shown.model.query.filters == ()
    assert shown.chips["kind"].value is None


def test_a_heading_sorts_and_turns_round(shown, runner):
    header = shown.table.horizontalHeader()
    header.sectionClicked.emit(1)
    header.sectionClicked.emit(1)
    assert runner.wait_idle()
    assert shown.model.query.sort == "name"
    assert shown.model.query.descending
    assert shown.model.index(0, 1).data() == "甲000999"


def test_columns_share_a_narrow_window_without_a_side_scroll_bar(context, source, runner, qtbot):
    shown = RecordList(context, spec_for(source))
    qtbot.addWidget(shown)
    shown.resize(560, 400)
    shown.show()
    assert runner.wait_idle()
    table = shown.table
    assert table.horizontalHeader().length() <= table.viewport().width()


def test_a_pulled_column_is_as_wide_the_next_time(context, source, runner, qtbot):
    first = RecordList(context, spec_for(source, name="kept"))
    qtbot.addWidget(first)
    first.resize(1400, 400)
    first.show()
    first.table.horizontalHeader().resizeSection(1, 233)
    second = RecordList(context, spec_for(source, name="kept"))
    qtbot.addWidget(second)
    second.resize(1400, 400)
    second.show()
    assert second.table.horizontalHeader().sectionSize(1) == 233
    other = RecordList(context, spec_for(source, name="other"))
    qtbot.addWidget(other)
    assert other.table.widths[1] == 120
    assert runner.wait_idle()


def test_only_cells_whose_words_changed_are_painted_again(shown, context, monkeypatch):
    painted = []
    shown.table.repaint_running()
    monkeypatch.setattr(DeskTable, "update", lambda _self, index: painted.append((index.row(), index.column())))
    shown.table.repaint_running()
    assert painted == []
    context.desk.clock.moment = context.desk.clock.moment.replace(second=30)
    shown.table.repaint_running()
    assert painted
    assert {column for _row, column in painted} == {0}


def test_letters_typed_in_the_list_go_to_the_search_box_and_load_nothing(shown, source, runner):
    before = source.row_statements
    shown.table.setFocus()
    shown.table.setCurrentIndex(shown.model.index(0, 0))
    QTest.keyClick(shown.table, Qt.Key.Key_W)
    assert shown.search_box.text() == "w"
    assert shown.search_box.hasFocus()
    assert source.row_statements == before
    shown._pause.stop()


def test_copying_takes_the_selected_rows_as_they_are_shown(shown):
    shown.table.selectRow(1)
    QTest.keyClick(shown.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text().split("\t")[1:3] == ["甲000001 A-1", "协调中"]


def test_a_list_page_has_its_title_and_starts_in_the_search_box(context, source, runner, qtbot):
    class Bookings(ListPage):
        page_id = "bookings"
        title = "预约跟踪"

    page = Bookings(context, spec_for(source))
    qtbot.addWidget(page)
    page.show()
    assert runner.wait_idle()
    assert page.primary_focus() is page.list.search_box
    context.bus.publish(Changes(updated={"booking": frozenset({page.list.model.key_at(0)})}))
    assert runner.wait_idle()
    assert page.list.model.rowCount() == 1000
