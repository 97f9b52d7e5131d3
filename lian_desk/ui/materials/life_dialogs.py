"""The small dialogs that end the life of a material: into the trash, and gone for good."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from lian_desk.services.materials.erasure import EraseMaterial
from lian_desk.services.materials.trash import MoveMaterialToTrash
from lian_desk.services.materials.views import MaterialView
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.forms.forms import FieldSpec, TextField
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.theme import Tone
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command

_LONG = 500


def trash_dialog(context: UiContext, view: MaterialView, parent: QWidget) -> CommandDialog:
    """Return 移入回收站: the reason; nothing leaves the disk."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return MoveMaterialToTrash(command_id=command_id, material_id=view.material_id, reason=values["reason"])

    dialog = CommandDialog(
        context, f"移入回收站 · {phrase(view.kind)}", primary="移入回收站", make=make, width=520, parent=parent
    )
    words = "移入后不再用于服务，列表和检索里也不再出现；随时可以移出，文件仍加密保存。"
    dialog.form.add_widget(Notice(words, Tone.INFO))
    placeholder = "例如：客户发错、不是被保险人本人的、有更清楚的一份"
    dialog.form.add_row(TextField(FieldSpec(name="reason", label="原因", placeholder=placeholder, most=_LONG)))
    dialog.form.fields["reason"].focus()
    return dialog.ready()


def erase_dialog(context: UiContext, view: MaterialView, parent: QWidget) -> CommandDialog:
    """Return 彻底删除: what goes and what stays, and the reason; for a lead."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return EraseMaterial(command_id=command_id, material_id=view.material_id, reason=values["reason"])

    dialog = CommandDialog(
        context, f"彻底删除 · {phrase(view.kind)}", primary="彻底删除，不能恢复", make=make, width=520, parent=parent
    )
    others = f"另有 {len(view.twins)} 处用着同一份文件，那里的不受影响。" if view.twins else ""
    words = f"文件、识别文字和名称都会删除，不能恢复；类型、校验值、收到时间和操作记录保留。{others}"
    dialog.form.add_widget(Notice(words, Tone.BROKEN))
    placeholder = "例如：客户要求删除、误收他人材料"
    dialog.form.add_row(TextField(FieldSpec(name="reason", label="原因", placeholder=placeholder, most=_LONG)))
    dialog.form.fields["reason"].focus()
    return dialog.ready()
