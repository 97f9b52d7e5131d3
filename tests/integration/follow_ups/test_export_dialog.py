"""Export and print from the window, on a real desk, with real pages rendered in the child process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from lian_desk.models.tables.materials.issued_document import IssuedDocument
from lian_desk.models.tables.people.assistance_file import FileEntry
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.models.vocabulary import DocumentKind
from lian_desk.services.papers.register import Verdict, check_paper
from lian_desk.ui.application import dress
from lian_desk.ui.common.running.change_bus import ChangeBus
from lian_desk.ui.common.running.context import Navigator, UiContext
from lian_desk.ui.common.running.task_runner import TaskRunner
from lian_desk.ui.papers.export_dialog import ExportDialog
from tests.integration.follow_ups.conftest import NAME, Case
from tests.integration.paper_forms.reading import read_back

RECORD = DocumentKind.FOLLOW_UP_RECORD


@pytest.fixture
def context(case: Case, qapp: QApplication) -> Iterator[UiContext]:
    runner = TaskRunner()
    yield UiContext(case.desk, runner, ChangeBus(), Navigator(), dress(qapp))
    runner.wait_idle()
    runner.shut_down()


@pytest.fixture
def dialog(case: Case, context: UiContext, qtbot: QtBot, tmp_path: Path) -> ExportDialog:
    (tmp_path / "out").mkdir()
    made = ExportDialog(context, RECORD, case.file_id)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    made.show()
    made.form.set_values({"folder": str(tmp_path / "out")})
    qtbot.waitUntil(lambda: 0 < made.preview.page_count == made.preview.rendered_count, timeout=20_000)
    return made


def test_the_preview_shows_every_page_before_anything_is_issued(case: Case, dialog: ExportDialog) -> None:
    assert dialog.preview.page_count == 2
    with case.desk.read() as session:
        assert session.scalars(select(IssuedDocument)).all() == []


def test_export_writes_a_masked_numbered_file(case: Case, dialog: ExportDialog, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(dialog.saved, timeout=10_000):
        dialog.primary.click()
    (written,) = (tmp_path / "out").iterdir()
    assert written.name == "A-26-NJ01-00001_FR-26-NJ01-00001.pdf"
    assert NAME not in read_back(written).run
    assert "已导出 FR-26-NJ01-00001" in dialog.banner.text
    assert check_paper(case.desk, written).verdict is Verdict.UNCHANGED


def test_clear_data_needs_a_purpose_and_looking_at_it_is_audited(
    case: Case, context: UiContext, dialog: ExportDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog.form.fields["masking"].chips._click("revealed")  # type: ignore[attr-defined]
    context.runner.wait_idle()
    with case.desk.read() as session:
        assert session.scalars(select(AuditEntry.kind).order_by(AuditEntry.sequence.desc())).first() == "RecordReveal"
    dialog.primary.click()
    assert "用途" in dialog.form.fields["purpose"].error
    qtbot.keyClicks(dialog.form.fields["purpose"].input, "hospital")
    context.runner.wait_idle()
    with case.desk.read() as session:
        looks = session.scalars(select(AuditEntry.kind).where(AuditEntry.kind == "RecordReveal")).all()
    assert len(looks) == 1, "typing a purpose is no second look"
    with qtbot.waitSignal(dialog.saved, timeout=10_000):
        dialog.primary.click()
    (written,) = (tmp_path / "out").iterdir()
    assert NAME in read_back(written).run
    assert NAME not in written.name


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"period_from": "2026-11-01"}, "period_to"),
        ({"period_from": "2026-11-20", "period_to": "2026-11-01"}, "period_to"),
        ({"folder": "/no/such/folder"}, "folder"),
    ],
)
def test_wrong_choices_are_named(case: Case, dialog: ExportDialog, values: dict[str, str], wrong: str) -> None:
    dialog.form.set_raw_values(values)
    dialog.primary.click()
    assert dialog.form.fields[wrong].error
    assert not dialog.is_busy
    with case.desk.read() as session:
        assert session.scalars(select(IssuedDocument)).all() == []


def test_print_sends_every_page_and_is_entered(
    case: Case, context: UiContext, dialog: ExportDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    target = tmp_path / "printed.pdf"

    def to_file(printer: QPrinter, _parent: QWidget, _pages: int) -> bool:
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(target))
        return True

    dialog.ask_printer = to_file
    with qtbot.waitSignal(dialog.saved, timeout=20_000):
        dialog.print_button.click()
    context.runner.wait_idle()
    assert len(read_back(target).pages) == 2
    with case.desk.read() as session:
        titles = session.scalars(select(FileEntry.title).order_by(FileEntry.id)).all()
    assert titles[-2:] == ["导出随访记录", "打印随访记录"]


def test_a_cancelled_printer_issues_nothing(case: Case, dialog: ExportDialog) -> None:
    dialog.ask_printer = lambda _printer, _parent, _pages: False
    dialog.print_button.click()
    assert not dialog.is_busy
    with case.desk.read() as session:
        assert session.scalars(select(IssuedDocument)).all() == []


def test_a_file_on_disk_is_checked_against_what_was_issued(
    case: Case, context: UiContext, dialog: ExportDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(dialog.saved, timeout=10_000):
        dialog.primary.click()
    (written,) = (tmp_path / "out").iterdir()
    dialog.ask_file = lambda _parent: written
    dialog.verify_button.click()
    context.runner.wait_idle()
    assert "与签发时一致：随访记录 FR-26-NJ01-00001" in dialog.banner.text
    written.write_bytes(written.read_bytes() + b"\n")
    dialog.verify_button.click()
    context.runner.wait_idle()
    assert "已被改动" in dialog.banner.text
    dialog.ask_file = lambda _parent: tmp_path / "gone.pdf"
    dialog.verify_button.click()
    context.runner.wait_idle()
    assert dialog.banner.text
    assert "一致" not in dialog.banner.text
