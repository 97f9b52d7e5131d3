"""The overlay of `?`: every key that is valid here."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from lian_desk.ui.common.text import label, section_title


class KeysHelp(QDialog):
    """Shows triples of group, words and keys in two columns; any key closes it."""

    def __init__(self, keys: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("按键一览")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        grid = QGridLayout()
        grid.setHorizontalSpacing(36)
        grid.setVerticalSpacing(18)
        groups = list(dict.fromkeys(group for group, _words, _keys in keys))
        for place, group in enumerate(groups):
            grid.addLayout(_block(group, [(w, k) for g, w, k in keys if g == group]), place // 2, place % 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 22, 28, 22)
        column.setSpacing(16)
        column.addWidget(label("按键一览", "title"))
        column.addLayout(grid)
        column.addWidget(label("按任意键关闭", "muted"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: any key closes."""
        if event.key() not in {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt}:
            self.accept()


def _block(title: str, rows: Sequence[tuple[str, str]]) -> QVBoxLayout:
    block = QVBoxLayout()
    block.setSpacing(6)
    block.addWidget(section_title(title))
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    for number, (words, keys) in enumerate(rows):
        grid.addWidget(label(keys, "key"), number, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(label(words), number, 1)
    grid.setColumnMinimumWidth(0, 96)
    grid.setColumnStretch(1, 1)
    block.addLayout(grid)
    block.addStretch(1)
    return block
