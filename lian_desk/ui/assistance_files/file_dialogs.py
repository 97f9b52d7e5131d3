"""The small dialogs of a file: disease, history, guardian, phone, authorization, note, handover."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import HistoryKind
from lian_desk.services.assistance_files.assistance_files import (
    AddDisease,
    AddHistory,
    AddNote,
    ChangePhone,
    ReassignFile,
)
from lian_desk.services.assistance_files.authorizations import (
    RecordAuthorization,
    VerifyAuthorization,
    WithdrawAuthorization,
)
from lian_desk.services.assistance_files.former_names import ChangeFormerNames
from lian_desk.services.assistance_files.guardians import RecordGuardian
from lian_desk.services.commands.commands import Command
from lian_desk.services.desk.colleagues import Colleague
from lian_desk.services.words.wording import phrase
from lian_desk.ui.assistance_files import file_fields
from lian_desk.ui.common.forms.choice_fields import CheckField, ComboField
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.forms.fields import FieldSpec, LineField, TextField
from lian_desk.ui.common.running.context import UiContext


class HistoryDialog(CommandDialog):
    """更新病史与用药: at least one of the four is answered."""

    def try_submit(self) -> None:
        """Override: an empty form is no update."""
        if any(self.form.fields[f"known_{kind.value}"].raw() for kind in HistoryKind):
            super().try_submit()
        else:
            self.show_banner("请至少回答一项，再保存。")


def disease_dialog(context: UiContext, file_id: int, parent: QWidget) -> CommandDialog:
    """Return 登记疾病."""

    def make(command_id: int, values: dict[str, Any]) -> Command:
        disease = file_fields.disease_input(values)
        assert disease is not None
        return AddDisease(command_id=command_id, assistance_file_id=file_id, disease=disease)

    dialog = CommandDialog(
        context, "登记疾病", primary="登记", make=make, places=file_fields.DISEASE_PLACES, parent=parent
    )
    file_fields.add_disease_fields(dialog.form, optional=False)
    dialog.form.set_values({"noted_on": context.desk.today})
    return dialog.ready(f"disease:{file_id}")


def history_dialog(context: UiContext, file_id: int, parent: QWidget) -> CommandDialog:
    """Return 更新病史与用药."""

    def make(command_id: int, values: dict[str, Any]) -> Command:
        return AddHistory(command_id=command_id, assistance_file_id=file_id, items=file_fields.history_inputs(values))

    dialog = HistoryDialog(context, "更新病史与用药", primary="保存", make=make, parent=parent)
    file_fields.add_history_fields(dialog.form)
    return dialog.ready(f"history:{file_id}", restored=partial(file_fields.show_all_history_lines, dialog.form))


def guardian_dialog(context: UiContext, file_id: int, parent: QWidget) -> CommandDialog:
    """Return 登记监护人."""

    def make(command_id: int, values: dict[str, Any]) -> Command:
        return RecordGuardian(
            command_id=command_id, assistance_file_id=file_id, guardian=file_fields.guardian_input(values)
        )

    dialog = CommandDialog(context, "登记监护人", primary="登记", make=make, parent=parent)
    relation, name, number, phone, proof = file_fields.guardian_fields()
    dialog.form.add_row(relation)
    dialog.form.add_row(name, phone)
    dialog.form.add_row(number, proof)
    return dialog.ready(f"guardian:{file_id}")


def phone_dialog(context: UiContext, file_id: int, parent: QWidget) -> CommandDialog:
    """Return 更新电话."""

    def make(command_id: int, values: dict[str, Any]) -> Command:
        return ChangePhone(
            command_id=command_id,
            assistance_file_id=file_id,
            phone=values.get("phone") or "",
            declined=bool(values["declined"]),
        )

    dialog = CommandDialog(context, "更新电话", primary="保存", make=make, parent=parent)
    phone = LineField(FieldSpec(name="phone", label="手机号", asked="phone"))
    declined = CheckField(FieldSpec(name="declined", label="被保险人不愿提供电话", optional=True))
    declined.edited.connect(lambda: phone.setVisible(not declined.raw()))
    dialog.form.add_row(phone)
    dialog.form.add_row(declined)
    return dialog.ready()


def former_names_dialog(context: UiContext, file_id: int, parent: QWidget) -> CommandDialog:
    """Return 曾用名: the whole list is typed anew, for what stands is masked on this page."""

    def make(command_id: int, values: dict[str, Any]) -> Command:
        return ChangeFormerNames(
            command_id=command_id,
            assistance_file_id=file_id,
            former_names=file_fields.former_names_input(values),
            basis=values["basis"],
        )

    dialog = CommandDialog(context, "更新曾用名", primary="保存", make=make, parent=parent)
    dialog.form.add_row(file_fields.former_names_field())
    dialog.form.add_row(
        TextField(
            FieldSpec(
                name="basis",
                label="依据",
                placeholder="例如：户口簿“曾用名”一栏",
                why="原来登记的曾用名以这次填写的为准；留空表示没有曾用名。",
            ),
            lines=2,
        )
    )
    return dialog.ready()


def note_dialog(context: UiContext, file_id: int, parent: QWidget) -> CommandDialog:
    """Return 写入档案记录."""

    def make(command_id: int, values: dict[str, Any]) -> Command:
        return AddNote(
            command_id=command_id, assistance_file_id=file_id, title=values["title"], text=values["text"] or ""
        )

    dialog = CommandDialog(context, "写入档案记录", primary="写入", make=make, parent=parent)
    dialog.form.add_row(LineField(FieldSpec(name="title", label="标题", placeholder="例如：专案评估", most=200)))
    dialog.form.add_row(
        TextField(
            FieldSpec(
                name="text",
                label="内容",
                optional=True,
                why="记录事实与安排；不写诊断、用药建议或治疗方案（R76）。",
            ),
            lines=8,
        )
    )
    return dialog.ready(f"note:{file_id}")


def authorization_dialog(context: UiContext, file_id: int, parent: QWidget) -> CommandDialog:
    """Return 登记信息授权."""

    def make(command_id: int, values: dict[str, Any]) -> Command:
        authorization = file_fields.authorization_input(values)
        assert authorization is not None
        return RecordAuthorization(command_id=command_id, assistance_file_id=file_id, authorization=authorization)

    dialog = CommandDialog(
        context, "登记信息授权", primary="登记授权", make=make, places=file_fields.AUTHORIZATION_PLACES, parent=parent
    )
    file_fields.add_authorization_fields(dialog.form, context.desk.pack.texts.truth_declaration, optional=False)
    dialog.form.set_values({"signed_at": context.desk.clock.now()})
    return dialog.ready(f"authorization:{file_id}")


def withdrawal_dialog(context: UiContext, authorization_id: int, parent: QWidget) -> CommandDialog:
    """Return 撤回信息授权."""

    def make(command_id: int, values: dict[str, Any]) -> Command:
        return WithdrawAuthorization(command_id=command_id, authorization_id=authorization_id, reason=values["reason"])

    dialog = CommandDialog(context, "撤回信息授权", primary="撤回授权", make=make, parent=parent)
    dialog.form.add_row(
        TextField(
            FieldSpec(name="reason", label="原因", why="撤回后不再对外提供信息，也不能再申请服务（R19）。"), lines=3
        )
    )
    return dialog.ready()


def verification_dialog(context: UiContext, authorization_id: int, parent: QWidget) -> CommandDialog:
    """Return 核实信息授权: a person has seen the evidence (R19)."""

    def make(command_id: int, _values: dict[str, Any]) -> Command:
        return VerifyAuthorization(command_id=command_id, authorization_id=authorization_id)

    dialog = CommandDialog(context, "核实信息授权", primary="确认核实", make=make, width=520, parent=parent)
    dialog.form.add_row(CheckField(FieldSpec(name="seen", label="已核对授权凭证，签署人与时间属实")))
    return dialog.ready()


def reassign_dialog(
    context: UiContext, file_id: int, colleagues: Sequence[Colleague], parent: QWidget
) -> CommandDialog:
    """Return 转派档案, for leads."""

    def make(command_id: int, values: dict[str, Any]) -> Command:
        return ReassignFile(
            command_id=command_id,
            assistance_file_id=file_id,
            case_manager_id=values["case_manager"],
            reason=values["reason"],
        )

    dialog = CommandDialog(context, "转派档案", primary="转派", make=make, parent=parent)
    people = [(person.operator_id, f"{person.name}（{phrase(person.role)}）") for person in colleagues]
    dialog.form.add_row(ComboField(FieldSpec(name="case_manager", label="转给"), people))
    dialog.form.add_row(TextField(FieldSpec(name="reason", label="原因"), lines=3))
    return dialog.ready()
