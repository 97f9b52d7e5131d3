"""解除医院限制预约: the hospital takes bookings of the insured again before the day that was told (R51)."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from lian_desk.services.hospitals.restrictions import LiftRestriction, RestrictionLine
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.forms.fields import FieldSpec, TextField
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command


def lift_restriction_dialog(context: UiContext, line: RestrictionLine, parent: QWidget) -> CommandDialog:
    """Return the dialog that ends one restriction with its reason."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return LiftRestriction(command_id=command_id, restriction_id=line.key, reason=values["reason"])

    dialog = CommandDialog(context, "解除医院限制预约", primary="解除限制", make=make, parent=parent)
    words = f"{line.hospital} 及其各院区恢复预约，以后在该院确认需求时不再提示。"
    dialog.form.add_widget(Notice(words, Tone.INFO))
    dialog.form.add_row(
        TextField(
            FieldSpec(name="reason", label="解除的原因", placeholder="例如：医院来电，恢复预约", most=500), lines=2
        )
    )
    dialog.ready()
    return dialog
