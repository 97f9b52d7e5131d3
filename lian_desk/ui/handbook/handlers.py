"""What other features may ask of this one."""

from PySide6.QtWidgets import QWidget

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.services.commands.commands import LEADS
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.states import Toast
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.handbook.force_majeure_dialogs import DeclareDialog


def declare_force_majeure(context: UiContext, parent: QWidget, _subject: None) -> None:
    """Open 宣布不可抗力; anybody but a lead is told so."""
    if context.desk.operator.role in LEADS:
        DeclareDialog(context, parent.window()).open()
        return
    toast = getattr(parent.window(), "toast", None)
    if isinstance(toast, Toast):
        toast.say(sentence(RuleViolation(ErrorCode.NOT_ALLOWED)))
