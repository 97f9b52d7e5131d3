"""The papers in the window: every kind in one form, corrections, the register, batches; on a real desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from lian_desk.models.tables.materials.issued_document import IssuedDocument
from lian_desk.models.tables.people.disclosure import Disclosure
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.models.vocabulary import DocumentKind, MaskingLevel
from lian_desk.services.papers.batches import BatchResult
from lian_desk.services.papers.issuing import fetch_issued, issue
from lian_desk.services.papers.orders import ExportOrder
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.papers import handlers
from lian_desk.ui.papers.batch_dialog import BatchDialog
from lian_desk.ui.papers.export_dialog import ExportDialog
from lian_desk.ui.papers.pages_field import _page_numbers
from lian_desk.ui.papers.paper_form import FILE_KINDS
from lian_desk.ui.papers.register_dialog import RegisterDialog
from tests.desk_world import World
from tests.integration.paper_forms.reading import read_back
from tests.ui_fixture import settle, type_chinese, wait_for

K = DocumentKind


@pytest.fixture
def file_id(world: World) -> int:
    made = world.open_file()
    world.to_booked(made)
    return made


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def shown(qtbot: QtBot, dialog: QWidget) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()


@pytest.fixture
def dialog(ui: UiContext, file_id: int, out: Path, qtbot: QtBot) -> ExportDialog:
    made = ExportDialog(ui, K.FOLLOW_UP_RECORD, file_id)
    shown(qtbot, made)
    made.form.set_values({"folder": str(out)})
    settle(ui)
    return made


def test_one_form_makes_every_kind_and_asks_only_what_the_kind_needs(
    ui: UiContext, dialog: ExportDialog, out: Path, world: World
) -> None:
    visible = {kind: set() for kind in FILE_KINDS}
    for kind in FILE_KINDS:
        dialog.show_kind(kind)
        settle(ui)
        assert dialog.paper.kind is kind
        visible[kind] = {name for name, field in dialog.form.fields.items() if not field.isHidden()}
    assert "period_from" in visible[K.FOLLOW_UP_RECORD]
    assert {"pages", "recipient"} <= visible[K.MEDICAL_SHEET]
    assert "subject" in visible[K.BOOKING_NOTICE]
    assert visible[K.DEADLINE_PROOF] == {"kind", "masking", "purpose", "folder"}
    assert dialog.paper.missing_subject.startswith("这份档案还没有宣教")
    assert not dialog.preview.page_count
    dialog.show_kind(K.BOOKING_NOTICE)
    settle(ui)
    wait_for(ui, lambda: dialog.preview.page_count and dialog.preview.rendered_count == dialog.preview.page_count)
    dialog.primary.click()
    wait_for(ui, lambda: "已导出" in dialog.banner.text)
    (written,) = out.iterdir()
    assert "预约结果与注意事项" in read_back(written).run
    with world.desk.read() as session:
        row = session.scalars(select(IssuedDocument)).one()
        assert (row.masking, row.subject_id) == (MaskingLevel.INSURED, session.scalars(select(Booking.id)).one())


def test_a_sheet_for_the_doctor_asks_for_whom_and_is_logged(
    ui: UiContext, dialog: ExportDialog, out: Path, world: World
) -> None:
    dialog.show_kind(K.MEDICAL_SHEET)
    settle(ui)
    dialog.primary.click()
    assert dialog.form.fields["recipient"].error
    dialog.form.fields["recipient"].focus()
    type_chinese(dialog.form.fields["recipient"].input, "中山医院心内科")
    wait_for(ui, lambda: dialog.paper.draft_order() == dialog._previewed)
    dialog.primary.click()
    wait_for(ui, lambda: "已导出" in dialog.banner.text)
    with world.desk.read() as session:
        assert session.scalars(select(Disclosure.recipient)).one() == "中山医院心内科"
        looks = session.scalars(select(AuditEntry.kind).where(AuditEntry.kind == "RecordReveal")).all()
    assert len(looks) == 1, "one reader is looked at once"


def test_a_correction_is_chosen_explained_and_printed(
    ui: UiContext, dialog: ExportDialog, out: Path, world: World, file_id: int
) -> None:
    assert dialog.form.fields["corrects"].isHidden()
    dialog.primary.click()
    wait_for(ui, lambda: "已导出" in dialog.banner.text)
    settle(ui)
    assert not dialog.form.fields["corrects"].isHidden()
    with world.desk.read() as session:
        first = session.scalars(select(IssuedDocument)).one()
    dialog.form.fields["corrects"].set_value(first.id)
    dialog.form.edited.emit()
    dialog.primary.click()
    assert "原因" in dialog.form.fields["correction_reason"].error
    dialog.form.fields["correction_reason"].set_value("时间有误")
    dialog.primary.click()
    wait_for(ui, lambda: len(list(out.iterdir())) == 2 and "已导出" in dialog.banner.text)
    newest = max(out.iterdir())
    assert f"本件更正{first.number}" in read_back(newest).run


def test_the_register_checks_prints_again_and_saves_the_same_bytes(
    ui: UiContext, world: World, file_id: int, out: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    paper = issue(world.desk, ExportOrder(kind=K.FILE_SUMMARY, file_id=file_id), out)
    register = RegisterDialog(ui)
    shown(qtbot, register)
    settle(ui)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(out / paper.file_name))])
    actions, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(5, 5), actions, mime, buttons, keys)
    register.dragEnterEvent(entering)
    assert entering.isAccepted()
    register.dropEvent(QDropEvent(QPointF(5, 5), actions, mime, buttons, keys))
    wait_for(ui, lambda: "与签发时一致" in register.verdict.text)
    assert "签名完整" in register.verdict.text
    wait_for(ui, lambda: register.list.model.row_count == 1)
    register.list.table.selectRow(0)
    settle(ui)
    assert register.save_button.isEnabled()
    copy = tmp_path / "copy.pdf"
    register.ask_target = lambda _parent, _name: copy
    register.save_again()
    wait_for(ui, copy.exists)
    assert copy.read_bytes() == fetch_issued(world.desk, paper.key) == (out / paper.file_name).read_bytes()

    def to_file(printer: QPrinter, _parent: QWidget, pages: int) -> bool:
        assert pages == paper.drawn.page_count
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "printed.pdf"))
        printer.setFromTo(2, 2)
        return True

    register.ask_printer = to_file
    register.print_again()
    wait_for(ui, lambda: "已送打印机" in register.verdict.text)
    assert len(read_back(tmp_path / "printed.pdf").pages) == 1
    register.ask_target = lambda _parent, name: tmp_path / name
    register.export_certificate()
    wait_for(ui, (tmp_path / "lian_desk_01.pem").exists)
    register.accept()
    settle(ui)


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_refuses_is_said_and_the_paper_stays_issued(
    ui: UiContext, dialog: ExportDialog, world: World
) -> None:
    def nowhere(printer: QPrinter, _parent: QWidget, _pages: int) -> bool:
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName("/no/such/folder/x.pdf")
        return True

    dialog.ask_printer = nowhere
    dialog.print_paper()
    wait_for(ui, lambda: "打印机没有接受" in dialog.banner.text)
    assert not dialog.is_busy
    with world.desk.read() as session:
        assert session.scalars(select(IssuedDocument.content_sha256)).one()
        assert "RecordPrint" not in session.scalars(select(AuditEntry.kind)).all()


def test_copies_are_repeated_where_the_printer_cannot(ui: UiContext, dialog: ExportDialog, tmp_path: Path) -> None:
    target = tmp_path / "copies.pdf"

    def twice(printer: QPrinter, _parent: QWidget, _pages: int) -> bool:
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(target))
        printer.setCopyCount(2)
        return True

    dialog.ask_printer = twice
    dialog.print_paper()
    wait_for(ui, lambda: "已送打印机" in dialog.banner.text)
    pages = len(read_back(target).pages)
    assert pages == 2 * dialog.preview.page_count


def test_a_batch_runs_with_progress_and_says_what_came_of_it(
    ui: UiContext, world: World, file_id: int, out: Path, qtbot: QtBot
) -> None:
    world.open_file()
    batch = BatchDialog(ui)
    shown(qtbot, batch)
    wait_for(ui, lambda: batch.file_count == 2)
    batch.form.set_values({"folder": str(out), "binding": "bound"})
    results: list[BatchResult] = []
    batch.saved.connect(results.append)
    batch.primary.click()
    assert batch.progress.isVisible()
    wait_for(ui, lambda: bool(results), 60)
    assert (results[0].issued, results[0].joined) == (2, next(out.iterdir()))
    assert "已签发 2 份" in batch.banner.text
    assert "合订" in batch.banner.text
    assert not batch.is_busy
    batch.form.set_values({"period_from": world.desk.today, "period_to": world.desk.today})
    batch.recount()
    wait_for(ui, lambda: batch.file_count == 0)
    batch.primary.click()
    assert "没有符合条件的档案" in batch.form.fields["holder"].error


def test_what_other_features_ask_for_opens_the_right_paper(
    ui: UiContext, world: World, file_id: int, qtbot: QtBot
) -> None:
    with world.desk.read() as session:
        booking = session.scalars(select(Booking.id)).one()
    parent = QWidget()
    qtbot.addWidget(parent)
    handlers.open_booking_notice(ui, parent, booking)
    settle(ui)
    (dialog,) = [child for child in parent.children() if isinstance(child, ExportDialog)]
    settle(ui)
    assert dialog.paper.kind is K.BOOKING_NOTICE
    assert dialog.paper.draft_order().subject_id == booking
    dialog.reject()


@pytest.mark.parametrize(
    ("text", "pages"), [("", (1, 2, 3)), ("2", (2,)), ("1-2，3", (1, 2, 3)), ("3,1", (3, 1)), ("2-2、2", (2,))]
)
def test_page_numbers_are_read_as_people_write_them(text: str, pages: tuple[int, ...]) -> None:
    assert _page_numbers(text, 3) == pages


@pytest.mark.parametrize("text", ["4", "0", "a", "-2", "3-2", "1-99999999"])
def test_page_numbers_that_are_not_there_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        _page_numbers(text, 3)
