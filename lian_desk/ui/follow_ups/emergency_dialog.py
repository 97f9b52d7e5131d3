"""急救提示: the script to read out, and what the other side said."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from lian_desk.ui.common.look.buttons import PrimaryButton, SecondaryButton
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone


class EmergencyDialog(QDialog):
    """Shows the script of R74. ``read_out(str)``: it was read out; carries what was said."""

    read_out = Signal(str)

    def __init__(self, script: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("急救提示")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.script = Notice(script, Tone.BROKEN)
        self.said = QPlainTextEdit()
        self.said.setTabChangesFocus(True)
        self.said.setPlaceholderText("例如：已拨打 120，家属在旁")
        self.said.setAccessibleName("对方的回答")
        self.said.setFixedHeight(72)
        self.done_button = PrimaryButton("已宣读，记入备注", self._confirm)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(SecondaryButton("关闭", self.reject))
        buttons.addWidget(self.done_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 16)
        column.setSpacing(10)
        column.addWidget(label("请先宣读，再继续记录", "title"))
        column.addWidget(self.script)
        column.addWidget(label("对方的回答", "secondary"))
        column.addWidget(self.said)
        column.addLayout(buttons)
        self.resize(560, 320)
        self.done_button.setFocus()

    def _confirm(self) -> None:
        self.read_out.emit(self.said.toPlainText().strip())
        self.accept()
