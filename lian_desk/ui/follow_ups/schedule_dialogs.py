"""改期 and 关闭随访: a planned follow-up is put on another day or will not take place, each with its reason (R69, A27)."""

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QWidget

from lian_desk.services.follow_ups.follow_ups import CloseFollowUp, MoveFollowUp
from lian_desk.services.listings.follow_ups import FollowUpRow
from lian_desk.services.words import formats
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.forms.forms import DateField, FieldSpec, TextField
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command

_LONG: Final = 500


def move_dialog(context: UiContext, row: FollowUpRow, parent: QWidget) -> CommandDialog:
    """Return 调整随访日期."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return MoveFollowUp(
            command_id=command_id, follow_up_id=row.key, due_on=values["due_on"], reason=values["reason"]
        )

    dialog = CommandDialog(context, f"调整随访日期 · {row.label}", primary="调整", make=make, parent=parent)
    dialog.form.add_widget(Notice(f"原定 {formats.iso_day(row.due_on)}。", Tone.INFO))
    dialog.form.add_row(DateField(FieldSpec(name="due_on", label="改到")))
    dialog.form.add_row(TextField(FieldSpec(name="reason", label="原因", most=_LONG), lines=2))
    dialog.ready()
    return dialog


def close_dialog(context: UiContext, row: FollowUpRow, parent: QWidget) -> CommandDialog:
    """Return 关闭随访: it will not take place; nothing is deleted."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return CloseFollowUp(command_id=command_id, follow_up_id=row.key, reason=values["reason"])

    dialog = CommandDialog(context, f"关闭随访 · {row.label}", primary="关闭这次随访", make=make, parent=parent)
    words = f"原定 {formats.iso_day(row.due_on)} 的随访不再进行，记录保留；归档前仍须有一次完成的随访（R71）。"
    dialog.form.add_widget(Notice(words, Tone.RISK))
    dialog.form.add_row(TextField(FieldSpec(name="reason", label="原因", most=_LONG), lines=2))
    dialog.ready()
    return dialog
