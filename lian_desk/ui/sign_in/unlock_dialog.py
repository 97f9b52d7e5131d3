"""Asks for the password of a workspace; nothing about anybody inside is shown before it."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.forms.forms import FieldSpec, PasswordField
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.text import ElidedLabel
from lian_desk.ui.common.look.theme import Tone
from lian_desk.ui.sign_in.presenter import Question


class UnlockDialog(FormDialog):
    """One field; a wrong password is said beneath it and stays selected for typing over.

    Signals:
        unlock_requested(str, bool): the password, remember in the keyring.
        other_requested(): open a workspace that lies elsewhere.
    """

    unlock_requested = Signal(str, bool)
    other_requested = Signal()

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__("解锁工作区", primary="解锁", width=460, parent=parent)
        self.cancel.setText("退出")
        self.primary.setDefault(True)
        if question.reason:
            self.show_banner(question.reason, Tone.INFO)
        self.password = PasswordField(FieldSpec(name="password", label=f"工位 {question.workstation_code} 的密码"))
        self.remember = QCheckBox("在这台电脑上记住，由系统钥匙串保管")
        place = ElidedLabel(str(question.folder), "muted")
        self.form.add_widget(place)
        self.form.add_row(self.password)
        self.form.add_widget(self.remember)
        self.foot.insertWidget(0, link_button("打开其他工作区…", self.other_requested.emit))
        self.resize(480, 360 if question.reason else 310)
        self.password.focus()

    def submit(self, values: dict[str, Any]) -> None:
        """Override: hand the password on; deriving the key takes a moment elsewhere."""
        self._busy_label.setText("正在解锁…")
        self.unlock_requested.emit(values["password"], self.remember.isChecked())

    def show_refusal(self, words: str) -> None:
        """Say why the password did not open it."""
        self._set_busy(False)
        self.form.show_error("password", words)
        self.password.line.selectAll()

    def reject(self) -> None:
        """Override: a typed password is nothing to keep, so leaving asks no question."""
        self._dirty = False
        super().reject()
