"""A folder to write into: typed, or chosen in the system's dialog."""

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from lian_desk.ui.common.forms.fields import FieldProblem, FieldSpec, LineField
from lian_desk.ui.common.look.buttons import small_button


class FolderField(LineField):
    """``value()`` is the text of an existing folder."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.line, 1)
        layout.addWidget(small_button("选择…", self._choose))
        self.column.insertWidget(1, row)

    def value(self) -> Any:
        """Return the folder.

        Raises:
            FieldProblem: there is no such folder.
        """
        text = super().value()
        if text is None or not Path(text).is_dir():
            message = "没有这个文件夹，请重新选择。"
            raise FieldProblem(message)
        return text

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.spec.label, self.line.text())
        if chosen:
            self.set_raw(chosen)
            self.show_error("")
