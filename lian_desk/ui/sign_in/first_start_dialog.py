"""The first start: where the workspace lies, who works at it, and the password that guards it."""

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from lian_desk.adapters.keys.password_wrap import PasswordCost
from lian_desk.models.errors import DeskError, ErrorCode
from lian_desk.models.vocabulary import Role
from lian_desk.services.words import wording
from lian_desk.services.workspace.workspace import NewWorkspace
from lian_desk.ui.common.forms.folder_field import FolderField
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.forms.forms import ChoiceField, FieldSpec, LineField, PasswordField
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.theme import Tone
from lian_desk.ui.sign_in.strength_hint import StrengthHint

LOSS_WARNING: Final = "数据用密码加密。忘记密码就无法再打开，任何人都不能找回，请把密码记在安全的地方。"
_FIELD_OF_CODE: Final = {
    ErrorCode.PASSWORD_TOO_SHORT: "password",
    ErrorCode.WORKSTATION_CODE_INVALID: "workstation_code",
    ErrorCode.WORKSPACE_EXISTS: "folder",
    ErrorCode.FOLDER_NOT_EMPTY: "folder",
    ErrorCode.FOLDER_READ_ONLY: "folder",
    ErrorCode.FOLDER_MISSING: "folder",
    ErrorCode.FOLDER_CANNOT_LOCK: "folder",
    ErrorCode.ANOTHER_INSTANCE: "folder",
    ErrorCode.DISK_FULL: "folder",
}


class FirstStartDialog(FormDialog):
    """Asks for what a new workspace needs.

    Signals:
        creation_requested(object, object, bool): folder, ``NewWorkspace``, remember in the keyring.
        other_requested(): open a workspace that lies elsewhere.
        demo_requested(): look at the demo first.
    """

    creation_requested = Signal(object, object, bool)
    other_requested = Signal()
    demo_requested = Signal()

    def __init__(
        self, folder: Path, *, chosen: bool = False, cost: PasswordCost | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__("新建工作区", primary="创建工作区", width=640, parent=parent)
        self.cancel.setText("退出")
        self._cost = cost
        if chosen:
            self.show_banner("这个文件夹里没有工作区。可以在这里新建一个，或打开别处的工作区。", Tone.INFO)
        self.folder = FolderField(FieldSpec(name="folder", label="工作区文件夹"))
        self.folder.set_value(folder)
        self.operator = LineField(FieldSpec(name="operator_name", label="您的姓名", most=200))
        self.code = LineField(
            FieldSpec(
                name="workstation_code",
                label="工位代码",
                placeholder="例如 NJ01",
                why="用在档案号和记录编号里，使两台电脑不会编出同一个号码",
                most=8,
            )
        )
        self.code.line.textEdited.connect(self._capitals)
        roles = [FilterChoice(role.value, wording.phrase(role)) for role in (Role.CASE_MANAGER, Role.TEAM_LEAD)]
        self.role = ChoiceField(FieldSpec(name="role", label="角色"), roles)
        self.role.set_value(Role.CASE_MANAGER.value)
        self.password = PasswordField(FieldSpec(name="password", label="密码"))
        self.again = PasswordField(FieldSpec(name="again", label="再输入一次密码"))
        self.remember = QCheckBox("在这台电脑上记住，由系统钥匙串保管")
        self.hint = StrengthHint()
        self.password.line.textChanged.connect(self.hint.show_password)
        self._fill()
        self.resize(640, 610)
        self.operator.focus()

    def offer_demo(self) -> None:
        """Add the way to the demo beside the other ways out."""
        self.foot.insertWidget(1, link_button("先看演示", self.demo_requested.emit))

    def submit(self, values: dict[str, Any]) -> None:
        """Override: the two passwords must agree; then ask for the creation."""
        if values["password"] != values["again"]:
            self._set_busy(False)
            self.form.show_error("again", "两次输入的密码不一样，请重新输入。")
            return
        self._busy_label.setText("正在创建…")
        new = NewWorkspace(
            operator_name=values["operator_name"],
            workstation_code=values["workstation_code"],
            password=values["password"],
            role=Role(values["role"]),
            cost=self._cost,
        )
        self.creation_requested.emit(values["folder"], new, self.remember.isChecked())

    def refuse(self, error: BaseException) -> None:
        """Override: show the sentence beneath the field it is about."""
        field = _FIELD_OF_CODE.get(error.code) if isinstance(error, DeskError) else None
        if field is None:
            super().refuse(error)
            return
        self._set_busy(False)
        self.form.show_error(field, sentence(error))

    def _capitals(self, text: str) -> None:
        place = self.code.line.cursorPosition()
        self.code.line.setText(text.upper())
        self.code.line.setCursorPosition(place)

    def _fill(self) -> None:
        form = self.form
        form.add_row(self.folder)
        form.add_row(self.operator, self.code, stretches=(3, 2))
        form.add_row(self.role)
        form.add_row(self.password, self.again)
        form.add_widget(self.hint)
        form.add_widget(Notice(LOSS_WARNING, Tone.RISK))
        form.add_widget(self.remember)
        self.foot.insertWidget(0, link_button("打开已有的工作区…", self.other_requested.emit))
