"""登记信息提供: what was disclosed to whom (R21). 登记投诉: who answers it (R78)."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import ComplaintTarget
from lian_desk.services.assistance_files.complaints import RecordComplaint
from lian_desk.services.privacy.disclosures import RecordDisclosure
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.choice_fields import ChoiceField
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.forms.date_fields import DateTimeField
from lian_desk.ui.common.forms.fields import FieldSpec, LineField, TextField
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command


def disclosure_dialog(context: UiContext, file_id: int, parent: QWidget) -> CommandDialog:
    """Return 登记信息提供."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return RecordDisclosure(
            command_id=command_id,
            assistance_file_id=file_id,
            recipient=values["recipient"],
            purpose=values["purpose"],
            disclosed_at=values["disclosed_at"],
            field_names=tuple(values["field_names"].replace("，", "、").split("、")),
        )

    dialog = CommandDialog(context, "登记信息提供", primary="登记", make=make, parent=parent)
    clause = context.desk.pack.clause("R21")
    dialog.form.add_widget(Notice(f"{clause.text}（{clause.id}）", Tone.INFO))
    dialog.form.add_row(
        LineField(FieldSpec(name="recipient", label="接收方", placeholder="服务公司、医疗机构或第三方机构", most=200))
    )
    dialog.form.add_row(
        LineField(
            FieldSpec(
                name="field_names",
                label="提供的内容",
                asked="disclosed",
                placeholder="例如：姓名、联系电话、诊断证明书第 1 页",
                most=500,
            )
        )
    )
    dialog.form.add_row(TextField(FieldSpec(name="purpose", label="用途", most=500), lines=2))
    dialog.form.add_row(DateTimeField(FieldSpec(name="disclosed_at", label="提供时间")))
    dialog.form.set_values({"disclosed_at": context.desk.clock.now()})
    return dialog.ready(f"disclosure:{file_id}")


def complaint_dialog(context: UiContext, file_id: int, parent: QWidget) -> CommandDialog:
    """Return 登记投诉."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return RecordComplaint(
            command_id=command_id,
            assistance_file_id=file_id,
            target=ComplaintTarget(values["target"]),
            text=values["text"],
            received_at=values["received_at"],
        )

    dialog = CommandDialog(context, "登记投诉", primary="登记", make=make, parent=parent)
    clause = context.desk.pack.clause("R78")
    dialog.form.add_widget(Notice(f"{clause.text}（{clause.id}）", Tone.INFO))
    dialog.form.add_row(
        ChoiceField(
            FieldSpec(name="target", label="投诉对象"),
            [FilterChoice(target.value, phrase(target)) for target in ComplaintTarget],
        )
    )
    dialog.form.add_row(TextField(FieldSpec(name="text", label="客户原话", most=2000), lines=4))
    dialog.form.add_row(DateTimeField(FieldSpec(name="received_at", label="收到时间")))
    dialog.form.set_values({"target": ComplaintTarget.SERVICE.value, "received_at": context.desk.clock.now()})
    return dialog.ready(f"complaint:{file_id}")
