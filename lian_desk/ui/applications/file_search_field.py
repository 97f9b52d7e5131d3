"""A field that finds an assistance file: type a name, its initials, a policy number; choose one of the hits."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from lian_desk.services.search.global_search import Found, find
from lian_desk.ui.common.forms.fields import Field, FieldProblem, FieldSpec
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.running.context import UiContext

_PAUSE_MS: Final = 150
_NOTHING: Final = "没有找到档案；可以改用“新建档案”。"
_HINT: Final = "姓名 / 拼音 / 保单号 / 手机尾号 / 档案编号"


class FileSearchField(Field):
    """``value()`` is the key of the chosen file. What was typed is never part of a draft."""

    def __init__(self, context: UiContext, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self._context = context
        self.line = QLineEdit()
        self.line.setPlaceholderText(_HINT)
        self.hits: dict[int, QRadioButton] = {}
        self._group = QButtonGroup(self)
        self.note = label("", "muted")
        self.note.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._search)
        self.line.textChanged.connect(lambda _text: self._timer.start())
        holder = QWidget()
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.line)
        self._column.addWidget(self.note)
        self._place(holder, self.line)

    def value(self) -> Any:
        """Return the chosen file."""
        chosen = next((key for key, button in self.hits.items() if button.isChecked()), None)
        if chosen is None and not self.spec.optional:
            message = "请查找并选择一份档案。"
            raise FieldProblem(message)
        return chosen

    def show_hits(self, text: str, found: Sequence[Found]) -> None:
        """Offer what was found for ``text``; an answer that something newer overtook is dropped."""
        if text != self.line.text():
            return
        for button in self.hits.values():
            self._group.removeButton(button)
            button.hide()
            button.deleteLater()
        files = [hit for hit in found if hit.file_id is not None]
        self.hits = {hit.file_id: self._offer(hit) for hit in files if hit.file_id is not None}
        self.note.setText(_NOTHING)
        self.note.setVisible(bool(text.strip()) and not self.hits)

    def _offer(self, hit: Found) -> QRadioButton:
        # an ampersand in a name is no key of the keyboard
        button = QRadioButton(f"{hit.title}　{hit.detail}".replace("&", "&&"))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.toggled.connect(lambda _on: self._touched())
        self._group.addButton(button)
        self._column.addWidget(button)
        return button

    def _search(self) -> None:
        text = self.line.text()
        self._context.runner.read(self, partial(find, self._context.desk, text), partial(self.show_hits, text))
