"""The small dialogs of a file: disease, history, guardian, phone, authorization, note, handover."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from lian_desk.services.assistance_files import AddDisease, AddHistory, AddNote, ChangePhone, RecordGuardian
from lian_desk.services.authorizations import RecordAuthorization, VerifyAuthorization, WithdrawAuthorization
from lian_desk.services.commands import Command
from lian_desk.ui.assistance_files import file_fields
from lian_desk.ui.common.choice_fields import CheckField
from lian_desk.ui.common.commands import carry_out
from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.desk_drafts import desk_drafts
from lian_desk.ui.common.fields import FieldSpec, LineField, TextField
from lian_desk.ui.common.form_dialog import FormDialog

CommandMaker = Callable[[int, dict[str, Any]], Command]


class CommandDialog(FormDialog):
    """A form whose values make one command; the maker gets the command's key and the checked values."""

    def __init__(
        self,
        context: UiContext,
        title: str,
        primary: str,
        make: CommandMaker,
        *,
        draft_key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, primary=primary, parent=parent)
        self._context = context
        self._make = make
        self._draft_key = draft_key

    def ready(self, *, restored: Callable[[], object] | None = None) -> "CommandDialog":
        """Put back what was left unsaved; call after the form is filled."""
        if self._draft_key:
            self.keep_draft(self._draft_key, desk_drafts(self._context), restored=restored)
        return self

    def submit(self, values: dict[str, Any]) -> None:
        """Override: carry the command out."""
        command = self._make(self._context.desk.new_id(), values)
        carry_out(self._context, self, command, lambda outcome: self.finish(outcome.key), self.refuse)


def disease_dialog(context: UiContext, file_id: int, parent: QWidget) -> CommandDialog:
    """Return 登记疾病."""

    def make(command_id: int, values: dict[str, Any]) -> Command:
        disease = file_fields.disease_input(values)
        assert disease is not None
        return AddDisease(command_id=command_id, assistance_file_id=file_id, disease=disease)

    dialog = CommandDialog(context, "登记疾病", "登记", make, draft_key=f"disease:{file_id}", parent=parent)
    file_fields.add_disease_fields(dialog.form, optional=False)
    dialog.form.set_values({"noted_on": context.desk.today})
    return dialog.ready()


def history_dialog(context: UiContext, file_id: int, parent: QWidget) -> CommandDialog:
    """Return 更新病史与用药."""

    def make(command_id: int, values: dict[str, Any]) -> Command:
        return AddHistory(command_id=command_id, assistance_file_id=file_id, items=file_fields.history_inputs(values))

    dialog = CommandDialog(context, "更新病史与用药", "保存", make, draft_key=f"history:{file_id}", parent=parent)
    file_fields.add_history_fields(dialog.form)
    return dialog.ready(restored=partial(file_fields.show_all_history_lines, dialog.form))


def guardian_dialog(context: UiContext, file_id: int, parent: QWidget) -> CommandDialog:
    """Return 登记监护人."""

    def make(command_id: int, values: dict[str, Any]) -> Command:
        return RecordGuardian(
            command_id=command_id, assistance_file_id=file_id, guardian=file_fields.guardian_input(values)
        )

    dialog = CommandDialog(context, "登记监护人", "登记", make, draft_key=f"guardian:{file_id}", parent=parent)
    relation, name, number, phone, proof = file_fields.guardian_fields()
    dialog.form.add_row(relation)
    dialog.form.add_row(name, phone)
    dialog.form.add_row(number, proof)
    return dialog.ready()


def phone_dialog(context: UiContext, file_id: int, parent: QWidget) -> CommandDialog:
    """Return 更新电话."""

    def make(command_id: int, values: dict[str, Any]) -> Command:
        return ChangePhone(
            command_id=command_id,
            assistance_file_id=file_id,
            phone=values.get("phone") or "",
            declined=bool(values["declined"]),
        )

    dialog = CommandDialog(context, "更新电话", "保存", make, parent=parent)
    phone = LineField(FieldSpec(name="phone", label="手机号", why="用于告知预约情况与随访（R22）。"))
    declined = CheckField(FieldSpec(name="declined", label="被保险人不愿提供电话", optional=True))
    declined.edited.connect(lambda: phone.setVisible(not declined.raw()))
    dialog.form.add_row(phone)
    dialog.form.add_row(declined)
    return dialog.ready()


def note_dialog(context: UiContext, file_id: int, parent: QWidget) -> CommandDialog:
    """Return 写入档案记录."""

    def make(command_id: int, values: dict[str, Any]) -> Command:
        return AddNote(
            command_id=command_id, assistance_file_id=file_id, title=values["title"], text=values["text"] or ""
        )

    dialog = CommandDialog(context, "写入档案记录", "写入", make, draft_key=f"note:{file_id}", parent=parent)
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
    return dialog.ready()


def authorization_dialog(context: UiContext, file_id: int, parent: QWidget) -> CommandDialog:
    """Return 登记信息授权."""

    def make(command_id: int, values: dict[str, Any]) -> Command:
        authorization = file_fields.authorization_input(values)
        assert authorization is not None
        return RecordAuthorization(command_id=command_id, assistance_file_id=file_id, authorization=authorization)

    dialog = CommandDialog(
        context, "登记信息授权", "登记授权", make, draft_key=f"authorization:{file_id}", parent=parent
    )
    file_fields.add_authorization_fields(dialog.form, context.desk.pack.texts.truth_declaration, optional=False)
    dialog.form.set_values({"signed_at": context.desk.clock.now()})
    return dialog.ready()


def withdrawal_dialog(context: UiContext, authorization_id: int, parent: QWidget) -> CommandDialog:
    """Return 撤回信息授权."""

    def make(command_id: int, values: dict[str, Any]) -> Command:
        return WithdrawAuthorization(command_id=command_id, authorization_id=authorization_id, reason=values["reason"])

    dialog = CommandDialog(context, "撤回信息授权", "撤回授权", make, parent=parent)
    dialog.form.add_row(
        TextField(
            FieldSpec(name="reason", label="原因", why="撤回后不再对外提供信息，也不能再申请服务（R19）。"), lines=3
        )
    )
    return dialog.ready()


def verify_authorization(context: UiContext, authorization_id: int, parent: QWidget) -> None:
    """Mark an authorization as seen; it needs no form."""
    command = VerifyAuthorization(command_id=context.desk.new_id(), authorization_id=authorization_id)
    carry_out(context, parent, command, lambda _outcome: None)
