"""A row's fault is mended in the preview, columns are told by hand and remembered, and nothing typed is lost."""

from pathlib import Path

import pytest
import xlsxwriter
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.reference.table_import import ColumnMapping
from lian_desk.services.desk.column_mappings import RememberColumns, load_mappings
from lian_desk.services.hospitals.list_import import ListChange
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.hospitals.import_dialog import HospitalImportDialog
from tests.desk_facts import refusal, sealed
from tests.desk_world import World
from tests.integration.hospitals.test_hospital_page import offered, shown_page


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "清单.csv"
    rows = ["南京新院,江苏省,姑苏区,三甲", "苏州新院,江苏省,苏州市,三级（参照三甲）", "无锡新院,江苏省,无锡市,三甲"]
    path.write_text("\n".join(["医院名称,省份,城市,等级", *rows]), encoding="utf-8")
    return path


def opened(context: UiContext, qtbot: QtBot, file: Path) -> HospitalImportDialog:
    return offered(shown_page(context, qtbot), context, file)


def write(qtbot: QtBot, dialog: HospitalImportDialog, text: str) -> None:
    """Write into the cell the cursor is on, by the keyboard alone."""
    table = dialog.table_field.table
    QTest.keyClick(table, Qt.Key.Key_Return)
    editor = table.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    editor.setText(text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    # Qt takes the words over when the key has been heard
    qtbot.waitUntil(lambda: table.findChild(QLineEdit) is None or not table.findChild(QLineEdit).isVisible())


def test_faults_are_walked_and_mended_by_the_keyboard(context: UiContext, qtbot: QtBot, file: Path) -> None:
    dialog = opened(context, qtbot, file)
    field = dialog.table_field
    tester = QAbstractItemModelTester(field.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert tester is not None
    assert (field.chips.value, field.model.rowCount()) == ("faulty", 2)
    assert field.table.hasFocus(), "the first thing to do has the keyboard"
    line = field.model.line(field.table.currentIndex().row())
    assert line is not None
    assert (line.number, line.at) == (2, "city")
    assert "姑苏区" in field.line_words.text()
    write(qtbot, dialog, "苏州市姑苏区")
    mended = field.model.line(0)
    assert mended is not None
    assert not mended.is_faulty, "the row is read again at once"
    assert not dialog.primary.isEnabled(), "what it does to the list is reckoned before anybody agrees"
    assert context.runner.wait_idle(60_000)
    assert field.model.rowCount() == 2, "a row that is mended stays in sight"
    QTest.keyClick(field.table, Qt.Key.Key_F8)
    assert field.table.currentIndex().row() == 1
    write(qtbot, dialog, "三甲")
    assert context.runner.wait_idle(60_000)
    assert dialog.planned is not None
    assert (dialog.planned.count(ListChange.FAULTY), dialog.planned.count(ListChange.NEW)) == (0, 3)
    assert field.fault_button.isHidden()
    dialog.form.set_values({"source": "清单"})
    dialog.try_submit()
    assert context.runner.wait_idle(60_000)
    with context.desk.read() as session:
        cities = session.scalars(select(Hospital.city).where(Hospital.name.contains("新院")).order_by(Hospital.name))
        assert sorted(cities) == ["无锡市", "苏州市", "苏州市"]


def test_a_cell_that_is_written_wrong_says_so_at_once(context: UiContext, qtbot: QtBot, file: Path) -> None:
    dialog = opened(context, qtbot, file)
    write(qtbot, dialog, "乌有区")
    line = dialog.table_field.model.line(0)
    assert line is not None
    assert line.is_faulty
    assert "乌有区" in line.words
    assert line.cells[2] == "乌有区", "what was typed stays"


def test_what_was_mended_comes_back_as_a_draft(context: UiContext, qtbot: QtBot, file: Path) -> None:
    dialog = opened(context, qtbot, file)
    write(qtbot, dialog, "苏州")
    dialog.form.fields["source"].set_raw("利安清单")
    assert context.runner.wait_idle(60_000)
    dialog.suspend()
    assert context.runner.wait_idle(60_000)
    again = opened(context, qtbot, file)
    assert "已恢复" in again.banner.text
    assert again.form.fields["source"].raw() == "利安清单"
    assert again.planned is not None
    assert again.planned.count(ListChange.FAULTY) == 1
    assert next(line.cells[2] for line in again.table_field.lines) == "苏州"


def test_an_open_editor_is_taken_over_when_another_part_is_shown(context: UiContext, qtbot: QtBot, file: Path) -> None:
    dialog = opened(context, qtbot, file)
    table = dialog.table_field.table
    QTest.keyClick(table, Qt.Key.Key_Return)
    editor = table.findChild(QLineEdit)
    assert editor is not None
    editor.setText("苏州市")
    editor.setFocus()
    dialog.table_field.show_part(None)
    assert context.runner.wait_idle(60_000)
    line = dialog.table_field.model.line(0)
    assert line is not None
    assert line.cells[2] == "苏州市"


def book_of_two_sheets(tmp_path: Path) -> Path:
    path = tmp_path / "清单.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name, city in (("江苏", "南京市"), ("河南", "郑州市")):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["合作单位", "地方", "档次"])
        sheet.write_row(1, 0, [f"{name}新院", city, "三甲"])
    book.close()
    return path


def test_columns_are_told_by_hand_and_remembered(context: UiContext, qtbot: QtBot, tmp_path: Path) -> None:
    path = book_of_two_sheets(tmp_path)
    dialog = opened(context, qtbot, path)
    mapper = dialog.table_field.mapper
    assert mapper.isVisible()
    assert mapper.boxes[0].hasFocus()
    assert not dialog.primary.isEnabled()
    for box, name in zip(mapper.boxes, ("name", "city", "level"), strict=True):
        boxes = dialog.table_field.mapper.boxes
        at = mapper.boxes.index(box) if box in mapper.boxes else len([one for one in boxes if one.currentData()])
        chosen = dialog.table_field.mapper.boxes[at]
        chosen.setCurrentIndex(chosen.findData(name))
        chosen.activated.emit(chosen.currentIndex())
        assert context.runner.wait_idle(60_000)
    assert dialog.planned is not None
    assert dialog.planned.count(ListChange.NEW) == 1
    dialog.sheet_places = [dialog.table_field.sheets.itemText(at) for at in range(2)]
    assert dialog.sheet_places == ["江苏 · 2 行", "河南 · 2 行"]
    dialog._leave()
    assert context.runner.wait_idle(60_000)
    again = opened(context, qtbot, path)
    assert "列按上次手工指定的对应" in again.table_field.words.text()
    assert again.planned is not None
    assert again.table_field.mapper.isHidden()
    again.table_field.sheets.setCurrentIndex(1)
    again.table_field.sheets.activated.emit(1)
    assert context.runner.wait_idle(60_000)
    assert again.table_field.words.text().startswith("读取工作表“河南”")
    assert [line.cells[0] for line in again.table_field.lines] == ["河南新院"]
    with context.desk.read() as session:
        assert len(session.scalars(select(ColumnMapping)).all()) == 1
    assert [entry.kind for entry in sealed(context.desk)].count("RememberColumns") == 1


def test_another_telling_for_the_same_headings_holds(world: World) -> None:
    order = {"list_kind": "hospital_list", "fingerprint": "a" * 64}
    world.run(RememberColumns, by=world.lead, columns=(("name", 0),), **order)
    world.run(RememberColumns, by=world.lead, columns=(("name", 2), ("city", 1)), **order)
    assert load_mappings(world.desk, "hospital_list") == {"a" * 64: {"name": 2, "city": 1}}
    assert load_mappings(world.desk, "calendar_year") == {}
    assert refusal(world, RememberColumns, columns=(("name", 0),), **order).code.value == "not_allowed"
    for wrong in ({"fingerprint": "a"}, {"list_kind": ""}, {"columns": (("name", -1),)}, {"columns": (("", 1),)}):
        values = {"columns": (("name", 0),), **order} | wrong
        assert refusal(world, RememberColumns, by=world.lead, **values).code.value == "value_not_understood"


def test_tab_comes_to_everything_above_the_rows(context: UiContext, qtbot: QtBot, file: Path) -> None:
    dialog = opened(context, qtbot, file)
    field = dialog.table_field
    field.map_button.click()
    dialog.form.fields["is_whole"].focus()
    met: list[QWidget] = []
    while not met or met[-1] is not field.table:
        focused = dialog.focusWidget()
        assert focused is not None
        assert len(met) < 30, "Tab never comes to the rows"
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        met.append(dialog.focusWidget())
    wanted = [field.heads, field.map_button, *field.mapper.boxes, field.fault_button]
    assert [part for part in met if part in wanted] == wanted
    assert set(field.chips.findChildren(QPushButton)) <= set(met)


def test_f8_goes_to_the_next_fault_from_every_field(context: UiContext, qtbot: QtBot, file: Path) -> None:
    dialog = opened(context, qtbot, file)
    source = dialog.form.fields["source"]
    source.focus()
    QTest.keyClick(source.input, Qt.Key.Key_F8)
    assert dialog.table_field.table.hasFocus()
    assert dialog.table_field.table.currentIndex().row() == 1


def test_a_list_without_rows_says_so(context: UiContext, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "清单.csv"
    path.write_text("医院名称,城市,等级\n", encoding="utf-8")
    dialog = opened(context, qtbot, path)
    assert "没有任何行" in dialog.table_field.summary.text
    assert not dialog.primary.isEnabled()
