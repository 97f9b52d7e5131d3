"""All keys, few rows: what is asked of the database, what Qt's model tester says, what stays held."""

from array import array

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.services.commands.changes import Changes
from lian_desk.services.listings.base import ListQuery
from lian_desk.ui.common.lists.columns import Column, ColumnKind
from lian_desk.ui.common.lists.desk_table import DeskTable
from lian_desk.ui.common.lists.windowed_table_model import (
    KEPT_PAGES,
    PAGE_ROWS,
    PLACEHOLDER,
    KeyRole,
    RowRole,
    WindowedTableModel,
)

COLUMNS = (
    Column("姓名", text=lambda row: row.name, sort="name", kind=ColumnKind.NAME),
    Column("序号", text=lambda row: str(row.number), kind=ColumnKind.NUMBER, tooltip=lambda row: f"第 {row.number} 行"),
)


@pytest.fixture
def model(context, source, runner, qapp):
    made = WindowedTableModel(source, COLUMNS, runner, context.desk.clock.now)
    tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    made.search()
    assert runner.wait_idle()
    yield made
    del tester


def test_the_first_page_is_shown_before_the_keys_are_counted(context, source, runner):
    model = WindowedTableModel(source, COLUMNS, runner, context.desk.clock.now)
    shown = []
    model.searched.connect(lambda _new: shown.append((model.rowCount(), model.is_complete)))
    model.search()
    assert runner.wait_idle()
    assert shown == [(PAGE_ROWS, False)]
    assert model.rowCount() == 1000
    assert model.is_complete
    assert source.key_statements == 2
    assert source.row_statements == 1


def test_a_missing_cell_answers_at_once_and_is_loaded_once(model, source, runner):
    before = source.row_statements
    row = 5 * PAGE_ROWS + 3
    assert model.index(row, 0).data() == PLACEHOLDER
    assert model.index(row + 1, 1).data() == PLACEHOLDER
    assert source.row_statements == before
    changed = []
    model.dataChanged.connect(lambda top, bottom, *_roles: changed.append((top.row(), bottom.row())))
    assert runner_settles(runner, model)
    assert source.row_statements == before + 1
    assert changed == [(5 * PAGE_ROWS, 6 * PAGE_ROWS - 1)]
    assert model.index(row, 0).data() == f"甲{row:06d}"


def runner_settles(runner, model):
    """Let the timer of the misses fire, then wait for the pages."""
    model._load_missing()
    return runner.wait_idle()


def test_two_hundred_jumps_ask_for_no_page_twice_and_keep_few(context, runner, source, qtbot):
    source.names = {key: f"乙{key:09d}" for key in range(1, 100_001)}
    model = WindowedTableModel(source, COLUMNS, runner, context.desk.clock.now)
    table = DeskTable(model, context.theme, context.desk.clock.now)
    qtbot.addWidget(table)
    table.resize(500, 440)
    table.show()
    model.search()
    assert runner.wait_idle(20_000)
    before = source.row_statements
    bar = table.verticalScrollBar()
    for jump in range(200):
        bar.setValue(bar.maximum() * jump // 199)
        table.viewport().repaint()
        runner_settles(runner, model)
    # a screen of rows crosses a page border now and then: two pages for such a jump
    assert source.row_statements - before <= 260
    assert len(model._pages) <= KEPT_PAGES
    assert max(source.row_batches) <= PAGE_ROWS
    assert source.key_statements == 2


def test_sorting_is_a_new_search_and_an_older_answer_is_dropped(model, source, runner):
    model.search(model.query.with_text("甲0009"))
    model.sort(0, Qt.SortOrder.DescendingOrder)
    assert runner.wait_idle()
    assert model.query == ListQuery(text="甲0009", sort="name", descending=True)
    assert model.rowCount() == 100
    assert model.index(0, 0).data() == "甲000999"


def test_a_column_without_sort_asks_nothing(model, source, runner):
    before = source.key_statements
    model.sort(1)
    assert runner.wait_idle()
    assert source.key_statements == before


def test_a_change_elsewhere_asks_nothing(model, source, runner):
    before = source.key_statements
    model.apply(Changes(updated={"policy": frozenset({3})}))
    assert runner.wait_idle()
    assert source.key_statements == before


def test_equal_keys_reload_only_the_touched_page(model, source, runner):
    for row in (0, 200, 400):
        model.index(row, 0).data()
        runner_settles(runner, model)
    key = model.key_at(200)
    before = source.row_statements
    changed = []
    model.dataChanged.connect(lambda top, _bottom, *_roles: changed.append(top.row()))
    model.apply(Changes(updated={"booking": frozenset({key})}))
    assert runner.wait_idle()
    assert source.row_statements == before + 1
    assert changed == [PAGE_ROWS]


def test_a_change_in_a_table_behind_the_rows_reloads_every_kept_page(model, source, runner):
    for row in (0, 200, 400):
        model.index(row, 0).data()
        runner_settles(runner, model)
    before = source.row_statements
    model.apply(Changes(updated={"hospital": frozenset({77})}))
    assert runner.wait_idle()
    assert source.row_statements == before + 3


def test_selection_cursor_and_top_row_are_kept_by_key(context, model, source, runner, qtbot):
    table = DeskTable(model, context.theme, context.desk.clock.now)
    qtbot.addWidget(table)
    table.resize(500, 440)
    table.show()
    table.setCurrentIndex(model.index(300, 0))
    table.scrollTo(model.index(295, 0), DeskTable.ScrollHint.PositionAtTop)
    runner_settles(runner, model)
    key = model.key_at(300)
    top = model.key_at(table.rowAt(0))
    newcomers = {5000 + number: f"一{number:06d}" for number in range(7)}
    source.names |= newcomers
    model.apply(Changes(created={"booking": frozenset(newcomers)}))
    assert runner.wait_idle()
    runner_settles(runner, model)
    assert model.rowCount() == 1007
    assert model.key_at(table.currentIndex().row()) == key
    assert table.keeper.selected_keys() == [key]
    assert model.key_at(table.rowAt(0)) == top


def test_rows_stay_readable_while_their_page_is_fetched_again(model, source, runner):
    source.names[1] = "一"
    model.apply(Changes(created={"booking": frozenset({1})}))
    assert runner.wait_idle()
    assert model.index(1, 0).data() == "甲000000"
    assert runner_settles(runner, model)


def test_selecting_all_gives_every_key_without_loading_a_row(context, model, source, runner, qtbot):
    table = DeskTable(model, context.theme, context.desk.clock.now)
    qtbot.addWidget(table)
    before = source.row_statements
    table.selectionModel().select(model.index(0, 0), QItemSelectionModel.SelectionFlag.Clear)
    table.selectAll()
    assert array("q", table.keeper.selected_keys()) == model.all_keys()
    assert source.row_statements == before


def test_a_failure_is_told_and_the_old_rows_stay(model, source, runner):
    told = []
    model.failed.connect(told.append)
    source.error = EnvironmentProblem(ErrorCode.RESOURCE_MISSING)
    model.search(model.query.with_text("x"))
    assert runner.wait_idle()
    assert told[0].code is ErrorCode.RESOURCE_MISSING
    assert model.rowCount() == 1000


def test_roles_answer_for_eye_ear_and_code(model):
    index = model.index(0, 1)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "序号 0"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "第 0 行"
    assert index.data(KeyRole) == 1_000_000_000_000
    assert index.data(RowRole).name == "甲000000"
    assert model.headerData(0, Qt.Orientation.Horizontal) == "姓名"


def test_an_empty_list_is_complete_at_once(context, source, runner):
    source.names = {}
    model = WindowedTableModel(source, COLUMNS, runner, context.desk.clock.now)
    counted = []
    model.counted.connect(counted.append)
    model.search()
    assert runner.wait_idle()
    assert counted == [0]
    assert source.key_statements == 1
    assert source.row_statements == 0
