"""What other features may ask of this one; each function gets the key of a request. The table of pages names them."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from lian_desk.services.request_views.forms import EvidenceChoices, load_evidence_choices, load_start
from lian_desk.services.request_views.views import RequestView, load_request_view
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
from lian_desk.ui.common.forms.request_dialog import RequestDialog
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.wishes import open_found

_Plain = Callable[[UiContext, RequestView, QWidget], RequestDialog]
_WithEvidence = Callable[[UiContext, RequestView, EvidenceChoices, QWidget], RequestDialog]


def confirm_start(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 确认开启服务."""
    work = partial(load_start, context.desk, subject)
    open_found(context, parent, work, lambda found: ConfirmStartDialog(context, found, parent))


def record_attempt(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 记录联系医院."""
    _open(context, parent, subject, AttemptDialog)


def record_booking(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 记录预约成功."""
    _open(context, parent, subject, BookingDialog)


def send_instructions(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 告知结果与注意事项."""
    _open(context, parent, subject, InstructionsDialog)


def record_attendance(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 记录到院."""
    _open(context, parent, subject, AttendanceDialog)


def complete_service(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 服务完成."""
    _open(context, parent, subject, CompleteDialog)


def record_no_show(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 未按时就约."""
    _open(context, parent, subject, NoShowDialog)


def record_not_booked(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 未约成."""
    _open(context, parent, subject, NotBookedDialog)


def cancel_by_insured(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 客户取消."""
    _open_with_evidence(context, parent, subject, CancelDialog)


def reschedule_by_hospital(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 医院停诊改期."""
    _open_with_evidence(context, parent, subject, RescheduleDialog)


def reverse_start(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 冲正权益."""
    _open_with_evidence(context, parent, subject, ReverseDialog)


def reopen(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 更正：恢复误结束的服务."""
    _open_with_evidence(context, parent, subject, ReopenDialog)


def correct_start(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 更正：误开启."""
    _open_with_evidence(context, parent, subject, CorrectStartDialog)


def correct_booking(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 更正预约内容."""
    _open_with_evidence(context, parent, subject, CorrectBookingDialog)


def record_restriction(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 医院限制预约."""
    _open(context, parent, subject, RestrictionDialog)


def _open(context: UiContext, parent: QWidget, subject: int, make: _Plain) -> None:
    work = partial(load_request_view, context.desk, subject)
    open_found(context, parent, work, lambda view: make(context, view, parent))


def _open_with_evidence(context: UiContext, parent: QWidget, subject: int, make: _WithEvidence) -> None:
    def work() -> tuple[RequestView, EvidenceChoices] | None:
        view = load_request_view(context.desk, subject)
        return None if view is None else (view, load_evidence_choices(context.desk, subject))

    open_found(context, parent, work, lambda found: make(context, *found, parent))
