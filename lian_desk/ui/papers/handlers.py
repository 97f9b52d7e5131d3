"""What other features and the window ask of the papers, by the id of an action."""

from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import DocumentKind
from lian_desk.services.papers.subjects import file_of_booking, file_of_education_note
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.papers.batch_dialog import BatchDialog
from lian_desk.ui.papers.export_dialog import ExportDialog
from lian_desk.ui.papers.register_dialog import RegisterDialog


def open_export_record(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open the dialog for the 随访记录 of the file ``subject``."""
    _open(context, parent, DocumentKind.FOLLOW_UP_RECORD, subject)


def open_export_summary(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open the dialog for the 个案摘要 of the file ``subject``."""
    _open(context, parent, DocumentKind.FILE_SUMMARY, subject)


def open_medical_sheet(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open the dialog for the 病史与用药单 of the file ``subject``."""
    _open(context, parent, DocumentKind.MEDICAL_SHEET, subject)


def open_booking_notice(context: UiContext, parent: QWidget, booking_id: int) -> None:
    """Open the dialog for the 预约结果与注意事项 of the booking ``booking_id``."""
    context.runner.read(
        parent,
        lambda: file_of_booking(context.desk, booking_id),
        lambda file_id: _open_about(context, parent, (DocumentKind.BOOKING_NOTICE, file_id), booking_id),
    )


def open_education_leaflet(context: UiContext, parent: QWidget, note_id: int) -> None:
    """Open the dialog for the 健康宣教单 of the education note ``note_id``."""
    context.runner.read(
        parent,
        lambda: file_of_education_note(context.desk, note_id),
        lambda file_id: _open_about(context, parent, (DocumentKind.EDUCATION_LEAFLET, file_id), note_id),
    )


def open_team_summary(context: UiContext, parent: QWidget, _subject: None) -> None:
    """Open the dialog for the 团队小结."""
    ExportDialog(context, DocumentKind.TEAM_SUMMARY, None, parent.window()).open()


def open_batch(context: UiContext, parent: QWidget, _subject: None) -> None:
    """Open the dialog for papers of many files."""
    BatchDialog(context, parent.window()).open()


def open_register(context: UiContext, parent: QWidget, file_id: int | None) -> None:
    """Open 校验记录 with the register of issued papers, of one file where ``file_id`` names one."""
    RegisterDialog(context, file_id, parent.window()).open()


def _open(context: UiContext, parent: QWidget, kind: DocumentKind, subject: int) -> None:
    ExportDialog(context, kind, subject, parent.window()).open()


def _open_about(context: UiContext, parent: QWidget, paper: tuple[DocumentKind, int], subject_id: int) -> None:
    dialog = ExportDialog(context, *paper, parent.window())
    dialog.choose(subject_id=subject_id)
    dialog.open()
