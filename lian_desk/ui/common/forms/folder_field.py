"""A field for a folder: a path that can be typed, and a button that opens the system's chooser."""

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from lian_desk.ui.common.forms.fields import REQUIRED, Field, FieldProblem, FieldSpec
from lian_desk.ui.common.look.buttons import SecondaryButton


class FolderField(Field):
    """``value()`` is an absolute ``Path``; None for an optional one that is empty."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self.line = QLineEdit()
        self.line.setPlaceholderText(spec.placeholder)
        self.line.textEdited.connect(lambda _text: self._touched())
        self.button = SecondaryButton("选择…", self._choose)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        self._place(both, self.line)

    def value(self) -> Any:
        """Return the folder."""
        text = self.line.text().strip()
        if not text and self.spec.optional:
            return None
        if not text:
            raise FieldProblem(REQUIRED)
        folder = Path(text).expanduser()
        if not folder.is_absolute():
            message = "请写完整的文件夹路径，或按“选择…”。"
            raise FieldProblem(message)
        return folder

    def raw(self) -> Any:
        """Return the path as it stands."""
        return self.line.text()

    def set_raw(self, raw: Any) -> None:
        """Show a path."""
        self.line.setText("" if raw is None else str(raw))

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.spec.label, self.line.text())
        if folder:
            self.line.setText(str(Path(folder)))
            self._touched()
