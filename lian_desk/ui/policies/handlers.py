"""What other features may ask of this one; the subject is always the key of a policy."""

from PySide6.QtWidgets import QWidget

from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.policies.dialogs import TerminateDialog, reinstate_dialog, suspend_dialog, verify_dialog
from lian_desk.ui.policies.reversal_report import ReversalReportDialog
from lian_desk.ui.policies.term_dialogs import reverse_termination_dialog, terms_dialog


def verify_policy(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 核实保单状态."""
    verify_dialog(context, subject, parent).open()


def suspend_policy(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 登记效力中止."""
    suspend_dialog(context, subject, parent).open()


def reinstate_policy(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 登记效力恢复."""
    reinstate_dialog(context, subject, parent).open()


def terminate_policy(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 登记合同终止."""
    TerminateDialog(context, subject, parent).open()


def policy_terms(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 等待期与宽限期."""
    terms_dialog(context, subject, parent).open()


def reverse_termination(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open 更正：误登记合同终止."""
    reverse_termination_dialog(context, subject, parent).open()


def reversal_report(context: UiContext, parent: QWidget, _subject: None) -> None:
    """Open 冲正月报."""
    ReversalReportDialog(context, parent).open()
