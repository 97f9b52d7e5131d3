"""What other features may ask of this one; each function gets the key of a request. The table of pages names them."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from lian_desk.services.request_forms import EvidenceChoices, StartView, load_evidence_choices, load_start
from lian_desk.services.request_views import RequestView, load_request_view
from lian_desk.ui.bookings.booking_dialogs import (
    AttemptDialog,
    AttendanceDialog,
    BookingDialog,
    CompleteDialog,
    InstructionsDialog,
)
from lian_desk.ui.bookings.confirm_start_dialog import ConfirmStartDialog
from lian_desk.ui.bookings.correction_dialogs import (
    CorrectBookingDialog,
    CorrectStartDialog,
    ReopenDialog,
    RestrictionDialog,
)
from lian_desk.ui.bookings.exit_dialogs import (
    CancelDialog,
    NoShowDialog,
    NotBookedDialog,
    RescheduleDialog,
    ReverseDialog,
)
from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.request_dialog import RequestDialog

_Plain = Callable[[UiContext, RequestView, QWidget], RequestDialog]
_WithEvidence = Callable[[UiContext, RequestView, EvidenceChoices, QWidget], RequestDialog]


def confirm_start(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open 确认开启服务."""
    key = _key(subject)

    def show(found: StartView | None) -> None:
        if found is not None:
            ConfirmStartDialog(context, found, parent).open()

    context.runner.read(parent, partial(load_start, context.desk, key), show)


def record_attempt(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open 记录联系医院."""
    _open(context, parent, subject, AttemptDialog)


def record_booking(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open 记录预约成功."""
    _open(context, parent, subject, BookingDialog)


def send_instructions(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open 告知结果与注意事项."""
    _open(context, parent, subject, InstructionsDialog)


def record_attendance(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open 记录到院."""
    _open(context, parent, subject, AttendanceDialog)


def complete_service(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open 服务完成."""
    _open(context, parent, subject, CompleteDialog)


def record_no_show(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open 未按时就约."""
    _open(context, parent, subject, NoShowDialog)


def record_not_booked(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open 未约成."""
    _open(context, parent, subject, NotBookedDialog)


def cancel_by_insured(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open 客户取消."""
    _open_with_evidence(context, parent, subject, CancelDialog)


def reschedule_by_hospital(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open 医院停诊改期."""
    _open_with_evidence(context, parent, subject, RescheduleDialog)


def reverse_start(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open 冲正权益."""
    _open_with_evidence(context, parent, subject, ReverseDialog)


def reopen(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open 更正：恢复误结束的服务."""
    _open_with_evidence(context, parent, subject, ReopenDialog)


def correct_start(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open 更正：误开启."""
    _open_with_evidence(context, parent, subject, CorrectStartDialog)


def correct_booking(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open 更正预约内容."""
    _open_with_evidence(context, parent, subject, CorrectBookingDialog)


def record_restriction(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open 医院限制预约."""
    _open(context, parent, subject, RestrictionDialog)


def _open(context: UiContext, parent: QWidget, subject: object, make: _Plain) -> None:
    def show(view: RequestView | None) -> None:
        if view is not None:
            make(context, view, parent).open()

    context.runner.read(parent, partial(load_request_view, context.desk, _key(subject)), show)


def _open_with_evidence(context: UiContext, parent: QWidget, subject: object, make: _WithEvidence) -> None:
    key = _key(subject)

    def work() -> tuple[RequestView | None, EvidenceChoices]:
        return load_request_view(context.desk, key), load_evidence_choices(context.desk, key)

    def show(found: tuple[RequestView | None, EvidenceChoices]) -> None:
        view, choices = found
        if view is not None:
            make(context, view, choices, parent).open()

    context.runner.read(parent, work, show)


def _key(subject: object) -> int:
    assert isinstance(subject, int)
    return subject
