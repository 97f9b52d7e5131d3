"""What other features may ask of this one."""

from functools import partial

from PySide6.QtWidgets import QWidget

from lian_desk.services.service_requests.applications import ApplicationView, load_application
from lian_desk.ui.applications.answer_dialogs import RespondDialog, SettleDialog
from lian_desk.ui.applications.record_dialog import RecordApplicationDialog
from lian_desk.ui.common.running.context import UiContext


def record_application(context: UiContext, parent: QWidget, _subject: None) -> None:
    """Open 录入申请."""
    RecordApplicationDialog(context, parent).open()


def respond_to_application(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 首次响应 for the application with key ``subject``."""
    _with_application(context, parent, subject, partial(_respond, context, parent))


def settle_application(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 结束申请 for the application with key ``subject``."""
    _with_application(context, parent, subject, partial(_settle, context, parent))


def _respond(context: UiContext, parent: QWidget, view: ApplicationView) -> None:
    RespondDialog(context, view, parent).open()


def _settle(context: UiContext, parent: QWidget, view: ApplicationView) -> None:
    SettleDialog(context, view, parent).open()


def _with_application(context: UiContext, parent: QWidget, subject: int, show: "partial[None]") -> None:
    context.runner.read(parent, partial(load_application, context.desk, subject), show)
