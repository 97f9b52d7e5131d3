"""What other features may ask of this one."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from lian_desk.services.desk.colleagues import load_colleagues
from lian_desk.services.privacy.keeping_views import KeepingView, load_keeping
from lian_desk.services.request_views.views import RequestView, load_request_view
from lian_desk.services.service_requests.applications import ApplicationPrefill, load_prefill
from lian_desk.ui.assistance_files import file_dialogs, keeping_dialogs, told_dialogs
from lian_desk.ui.assistance_files.open_file_dialog import OpenFileDialog
from lian_desk.ui.assistance_files.page import request_part
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.wishes import RequestPlace, open_found

DialogMaker = Callable[[UiContext, int, QWidget], CommandDialog]


def new_file(context: UiContext, parent: QWidget, _subject: None) -> None:
    """Open 新建档案; the new file comes to the front."""
    _open_file(context, parent, None)


def open_file_for_application(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 新建档案 for the application with key ``subject``."""
    context.runner.read(parent, partial(load_prefill, context.desk, subject), partial(_open_file, context, parent))


def show_request(context: UiContext, _parent: QWidget, subject: RequestPlace) -> None:
    """Bring a file to the front with one of its requests."""
    file_id, request_id = subject
    context.navigator.open_file(file_id, request_part(request_id))


def add_disease(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 登记疾病 for a file."""
    _start(context, parent, subject, file_dialogs.disease_dialog)


def add_history(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 更新病史与用药 for a file."""
    _start(context, parent, subject, file_dialogs.history_dialog)


def record_guardian(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 登记监护人 for a file."""
    _start(context, parent, subject, file_dialogs.guardian_dialog)


def change_phone(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 更新电话 for a file."""
    _start(context, parent, subject, file_dialogs.phone_dialog)


def change_former_names(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 更新曾用名 for a file."""
    _start(context, parent, subject, file_dialogs.former_names_dialog)


def add_note(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 写入档案记录 for a file."""
    _start(context, parent, subject, file_dialogs.note_dialog)


def record_authorization(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 登记信息授权 for a file."""
    _start(context, parent, subject, file_dialogs.authorization_dialog)


def verify_authorization(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 核实信息授权 for an authorization."""
    _start(context, parent, subject, file_dialogs.verification_dialog)


def withdraw_authorization(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 撤回信息授权 for an authorization."""
    _start(context, parent, subject, file_dialogs.withdrawal_dialog)


def record_disclosure(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 登记信息提供 for a file."""
    _start(context, parent, subject, told_dialogs.disclosure_dialog)


def record_complaint(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 登记投诉 for a file."""
    _start(context, parent, subject, told_dialogs.complaint_dialog)


def reassign_file(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 转派档案 for a file, once the colleagues are read."""
    context.runner.read(
        parent,
        partial(load_colleagues, context.desk),
        lambda colleagues: file_dialogs.reassign_dialog(context, subject, colleagues, parent).open(),
    )


def hand_over_file(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 移交工位 for a file."""
    _keep(context, parent, subject, keeping_dialogs.hand_over_dialog)


def take_back_file(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 收回档案 for a file."""
    _keep(context, parent, subject, keeping_dialogs.take_back_dialog)


def place_legal_hold(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 设定法律保全 for a file."""
    _keep(context, parent, subject, keeping_dialogs.place_hold_dialog)


def lift_legal_hold(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 解除法律保全 for a file."""
    _keep(context, parent, subject, keeping_dialogs.lift_hold_dialog)


def erase_file(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 删除个人信息 for a file."""
    _keep(context, parent, subject, keeping_dialogs.EraseDialog)


def sensitive_event(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 登记转院或去世 for a file."""
    _keep(context, parent, subject, keeping_dialogs.sensitive_dialog)


def sensitive_event_of_request(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 登记转院或去世 for the stay with key ``subject``."""

    def show(view: RequestView | None) -> None:
        if view is not None:
            _keep(context, parent, view.file_id, partial(keeping_dialogs.sensitive_dialog, request_id=subject))

    context.runner.read(parent, partial(load_request_view, context.desk, subject), show)


def _keep(
    context: UiContext,
    parent: QWidget,
    subject: int,
    make: Callable[[UiContext, KeepingView, QWidget], CommandDialog],
) -> None:
    work = partial(load_keeping, context.desk, subject)
    open_found(context, parent, work, lambda view: make(context, view, parent))


def _start(context: UiContext, parent: QWidget, subject: int, make: DialogMaker) -> None:
    make(context, subject, parent).open()


def _open_file(context: UiContext, parent: QWidget, application: ApplicationPrefill | None) -> None:
    dialog = OpenFileDialog(context, application, parent)
    dialog.saved.connect(context.navigator.open_file)
    dialog.open()
