"""医院名录: a lead takes in a list after seeing every row; everybody sees the history of a campus."""

from datetime import date
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.services.hospitals.list_import import ListChange
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.hospitals import import_dialog
from lian_desk.ui.hospitals.import_dialog import HospitalImportDialog
from lian_desk.ui.hospitals.page import HospitalPage

HEAD = "编号,医院名称,院区,省份,城市,等级,专科,别名\n"
NEW = "900001,苏州新院,东院区,江苏省,苏州市,三甲,综合,苏新院\n"
CHANGED = "110000-01,北京协和医院,东单院区,北京市,北京市,三级,综合,\n"
FAULTY = "900002,无锡新院,,,无锡市,特级,,\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "清单.csv"
    path.write_text(HEAD + NEW + CHANGED + FAULTY, encoding="utf-8")
    return path


def shown_page(context: UiContext, qtbot: QtBot) -> HospitalPage:
    page = HospitalPage(context)
    qtbot.addWidget(page)
    page.resize(1252, 820)
    page.show()
    qtbot.waitExposed(page)
    page.activate()
    assert context.runner.wait_idle()
    return page


@pytest.fixture
def page(context: UiContext, qtbot: QtBot) -> HospitalPage:
    return shown_page(context, qtbot)


def offered(page: HospitalPage, context: UiContext, file: Path) -> HospitalImportDialog:
    dialog = page.offer(file)
    dialog.tester = QAbstractItemModelTester(
        dialog.table_field.model, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    assert context.runner.wait_idle(60_000)
    return dialog


def test_a_list_is_previewed_and_its_sound_rows_are_taken_in(
    page: HospitalPage, context: UiContext, file: Path
) -> None:
    before = page.list.model.rowCount()
    dialog = offered(page, context, file)
    assert dialog.plan is not None
    assert {change: dialog.plan.count(change) for change in ListChange} == {
        ListChange.NEW: 1,
        ListChange.CHANGED: 1,
        ListChange.TAKEN_OFF: 0,
        ListChange.UNCHANGED: 0,
        ListChange.FAULTY: 1,
    }
    model = dialog.table_field.model
    assert model.rowCount() == 1, "faults come first"
    assert "等级“特级”看不懂" in model.line(0).words
    dialog.table_field.chips.chosen.emit(None)
    assert context.runner.wait_idle()
    assert model.rowCount() == 3
    assert dialog.primary.text() == "导入 2 项"
    dialog.try_submit()
    assert dialog.form.fields["source"].error
    saved: list[object] = []
    dialog.saved.connect(saved.append)
    dialog.form.set_values({"source": "医院清单 2026-10", "effective_on": date(2026, 10, 1)})
    dialog.replan()
    assert context.runner.wait_idle()
    dialog.try_submit()
    assert context.runner.wait_idle()
    assert saved == [2]
    assert page.list.model.rowCount() == before + 2
    with context.desk.read() as session:
        rows = session.scalars(
            select(Hospital).where(Hospital.code == "110000-01").order_by(Hospital.on_list_from)
        ).all()
    assert [row.on_list_to for row in rows] == [date(2026, 10, 1), None]


def test_a_whole_list_that_takes_much_off_is_said_loudly(page: HospitalPage, context: UiContext, file: Path) -> None:
    dialog = offered(page, context, file)
    dialog.form.fields["is_whole"].box.setChecked(True)
    assert not dialog.primary.isEnabled()
    assert context.runner.wait_idle()
    assert dialog.plan is not None
    assert dialog.plan.count(ListChange.TAKEN_OFF) > 100
    assert "移出较多" in dialog.table_field.summary.text
    assert dialog.table_field.summary.property("tone") == Tone.BROKEN.value


def test_a_day_that_cannot_be_read_takes_the_plan_away(page: HospitalPage, context: UiContext, file: Path) -> None:
    dialog = offered(page, context, file)
    dialog.form.fields["effective_on"].set_raw("明天吧")
    dialog.form.fields["effective_on"].edited.emit()
    assert context.runner.wait_idle()
    assert dialog.plan is None
    assert not dialog.primary.isEnabled()


def test_reading_can_be_stopped(
    page: HospitalPage, context: UiContext, file: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    reached, go_on = Event(), Event()
    real = import_dialog.read_hospitals

    def slow(found, **watch):
        reached.set()
        assert go_on.wait(10)
        return real(found, **watch)

    monkeypatch.setattr(import_dialog, "read_hospitals", slow)
    dialog = page.offer(file)
    qtbot.waitUntil(reached.is_set, timeout=10_000)
    dialog.progress.cancelled.emit()
    go_on.set()
    assert context.runner.wait_idle()
    assert "已停止读取" in dialog.banner.text
    assert dialog.plan is None
    assert not dialog.primary.isEnabled()


def test_a_file_whose_columns_nobody_knows_asks_which_they_are(
    page: HospitalPage, context: UiContext, file: Path
) -> None:
    file.write_text("甲,乙\n1,2\n", encoding="utf-8")
    dialog = offered(page, context, file)
    assert "没有找到这些列：医院名称、城市、等级" in dialog.table_field.summary.text
    assert dialog.table_field.mapper.isVisible()
    assert not dialog.primary.isEnabled()


def test_a_directory_changed_behind_the_preview_is_compared_again(
    page: HospitalPage, context: UiContext, file: Path, tmp_path: Path
) -> None:
    first, second = offered(page, context, file), offered(page, context, file)
    for dialog in (first, second):
        dialog.form.set_values({"source": "医院清单 2026-10"})
        dialog.try_submit()
        assert context.runner.wait_idle()
    assert "预览之后数据有变化" in second.banner.text
    assert second.plan is not None
    assert second.plan.count(ListChange.NEW) == 0


def test_a_case_manager_cannot_take_in_a_list(manager_context: UiContext, qtbot: QtBot) -> None:
    page = shown_page(manager_context, qtbot)
    assert not page.import_button.isEnabled()
    assert not page.acceptDrops()


def test_a_dropped_list_opens_its_preview(page: HospitalPage, context: UiContext, file: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    none, copy, left = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPoint(5, 5), copy, mime, left, none)
    page.dragEnterEvent(enter)
    assert enter.isAccepted()
    page.dropEvent(QDropEvent(QPointF(5, 5), copy, mime, left, none))
    assert context.runner.wait_idle()
    assert len(page.findChildren(HospitalImportDialog)) == 1


def test_a_campus_shows_its_history(page: HospitalPage, context: UiContext) -> None:
    page.list.search("协和医院 东单")
    assert context.runner.wait_idle()
    row = page.list.model.row_data(0)
    dialog = page.show_detail(row)
    assert context.runner.wait_idle()
    assert dialog.heading.text() == "北京协和医院 东单院区"
    dialog.accept()
