"""The overlay of `?`: every key that is valid here."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from lian_desk.ui.common.look.text import label, section_title

_COLUMNS: Final = 3
_HEADING_ROWS: Final = 2
"""Rows that a heading and the gap above it are worth, when groups are dealt out to the columns."""
_AROUND: Final = 32
"""Pixels of the window that stay in sight around the overlay."""
_SCROLL_KEYS: Final = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}
)
_QUIET_KEYS: Final = frozenset({Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt})

Rows = list[tuple[str, str]]


class KeysHelp(QDialog):
    """Shows triples of group, words and keys in columns, never higher than the window; any other key closes it."""

    def __init__(self, keys: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("按键一览")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        groups = {group: [(w, k) for g, w, k in keys if g == group] for group, _words, _keys in keys}
        inside = QWidget()
        inside.setObjectName("body")
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(36)
        for dealt in _deal(groups):
            row.addLayout(_column(dealt))
        self.area = QScrollArea()
        self.area.setWidget(inside)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 20, 28, 18)
        column.setSpacing(12)
        column.addWidget(label("按键一览", "title"))
        column.addWidget(self.area, 1)
        column.addWidget(label("按任意键关闭", "muted"))

    def sizeHint(self) -> QSize:
        """Override: room for every key, as far as the window and the screen have it."""
        inside = self.area.widget()
        wanted = QSize(0, 0) if inside is None else inside.sizeHint()
        bar = self.area.verticalScrollBar().sizeHint().width()
        around = super().sizeHint() - self.area.sizeHint()
        window = self.parentWidget()
        most = (self.screen().availableSize() if window is None else window.size()) - QSize(_AROUND, _AROUND)
        return QSize(wanted.width() + bar + around.width(), wanted.height() + around.height()).boundedTo(most)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: the keys that scroll do so where there is more to see, any other key closes."""
        bar = self.area.verticalScrollBar()
        if event.key() in _SCROLL_KEYS and bar.maximum() > 0:
            bar.event(event)
        elif event.key() not in _QUIET_KEYS:
            self.accept()


def _deal(groups: dict[str, Rows]) -> list[dict[str, Rows]]:
    """Deal the groups out, in their order, to columns of nearly the same height."""
    heights = {group: len(rows) + _HEADING_ROWS for group, rows in groups.items()}
    share = sum(heights.values()) / _COLUMNS
    columns: list[dict[str, Rows]] = [{}]
    filled = 0
    for group, rows in groups.items():
        over = filled + heights[group] - share
        if columns[-1] and over > share - filled and len(columns) < _COLUMNS:
            columns.append({})
            filled = 0
        columns[-1][group] = rows
        filled += heights[group]
    return columns


def _column(groups: dict[str, Rows]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(16)
    for title, rows in groups.items():
        column.addLayout(_block(title, rows))
    column.addStretch(1)
    return column


def _block(title: str, rows: Rows) -> QVBoxLayout:
    block = QVBoxLayout()
    block.setSpacing(5)
    block.addWidget(section_title(title))
    for words, keys in rows:
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(label(words), 1)
        line.addWidget(label(keys, "key"), 0, Qt.AlignmentFlag.AlignRight)
        block.addLayout(line)
    return block
