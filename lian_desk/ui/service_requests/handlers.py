"""What other features may ask of this one; the table of pages names these functions.

``new_request`` gets the key of a file, every other one the key of a request. What a dialog shows is read off the UI
thread first; then the dialog opens over ``parent``.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from lian_desk.services.request_views.forms import (
    EvidenceChoices,
    load_evidence_choices,
    load_new_request,
    load_review,
)
from lian_desk.services.request_views.requirement_form import load_requirement_form
from lian_desk.services.request_views.views import RequestView, load_request_view
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.wishes import open_found
from lian_desk.ui.service_requests.feedback_dialog import FeedbackDialog
from lian_desk.ui.service_requests.new_request_dialog import NewRequestDialog
from lian_desk.ui.service_requests.plain_dialogs import (
    ArchiveDialog,
    MaterialArrivedDialog,
    PauseDialog,
    ResumeDialog,
    WithdrawDialog,
)
from lian_desk.ui.service_requests.requirement_dialog import RequirementDialog
from lian_desk.ui.service_requests.review_dialog import ReviewDialog

ViewT = TypeVar("ViewT")
_WithEvidence = Callable[[UiContext, RequestView, EvidenceChoices, QWidget], FormDialog]


def new_request(context: UiContext, parent: QWidget, subject: int | None) -> None:
    """Open 发起服务 for a file; without one there is nothing to ask for, and the file list comes to the front."""
    if subject is None:
        context.navigator.open_page("assistance_files")
        return
    _open(context, parent, partial(load_new_request, context.desk, subject), partial(NewRequestDialog, context))


def review(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 服务审核."""
    _open(context, parent, partial(load_review, context.desk, subject), partial(ReviewDialog, context))


def confirm_requirement(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 确认需求, or 修改需求 where one holds already."""
    work = partial(load_requirement_form, context.desk, subject)
    _open(context, parent, work, partial(RequirementDialog, context))


def give_feedback(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 记录反馈."""
    _open(context, parent, partial(load_request_view, context.desk, subject), partial(FeedbackDialog, context))


def pause(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 暂停."""
    _open(context, parent, partial(load_request_view, context.desk, subject), partial(PauseDialog, context))


def resume(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 恢复服务."""
    _open(context, parent, partial(load_request_view, context.desk, subject), partial(ResumeDialog, context))


def archive(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 归档."""
    _open(context, parent, partial(load_request_view, context.desk, subject), partial(ArchiveDialog, context))


def withdraw(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 客户撤回."""
    _open_with_evidence(context, parent, subject, WithdrawDialog)


def material_arrived(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 补件已到."""
    _open_with_evidence(context, parent, subject, MaterialArrivedDialog)


def _open_with_evidence(context: UiContext, parent: QWidget, subject: int, make: _WithEvidence) -> None:
    def work() -> tuple[RequestView, EvidenceChoices] | None:
        view = load_request_view(context.desk, subject)
        return None if view is None else (view, load_evidence_choices(context.desk, subject))

    open_found(context, parent, work, lambda found: make(context, *found, parent))


def _open(
    context: UiContext, parent: QWidget, work: Callable[[], ViewT | None], make: Callable[[ViewT, QWidget], FormDialog]
) -> None:
    open_found(context, parent, work, lambda view: make(view, parent))
