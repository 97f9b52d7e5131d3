"""Every text that a person sees in the open windows, or that a screen reader says."""

import unicodedata
from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

from tests.marked_person import SECRETS

_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.StatusTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)
_MOST_ROWS = 200


def seen_texts() -> Iterator[tuple[str, str]]:
    """Yield where a text stands, and the text."""
    for widget in QApplication.allWidgets():
        where = " < ".join(_line_of(widget))
        for text in (*_texts_of(widget), *_spoken_of(widget)):
            yield where, text
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            for text in _texts_of_model(widget.model()):
                yield f"{where} (rows)", text


def leaks() -> list[tuple[str, str]]:
    """Return every place where the marked person stands in clear; what is typed into an open field is not looked at."""
    return [(where, text) for where, text in dict.fromkeys(seen_texts()) if is_clear(text)]


def is_clear(text: str) -> bool:
    """Tell whether a trace of the marked person can be read in a text."""
    plain = unicodedata.normalize("NFKC", text)
    squeezed = "".join(char for char in plain if char.isalnum())
    return any(secret in plain or secret in squeezed for secret in SECRETS)


def _line_of(widget: QWidget) -> Iterator[str]:
    at: QWidget | None = widget
    while at is not None:
        yield type(at).__name__
        at = at.parentWidget()


def _texts_of(widget: QWidget) -> Iterator[str]:
    yield from (widget.windowTitle(), widget.toolTip(), widget.statusTip(), widget.whatsThis())
    yield from (widget.accessibleName(), widget.accessibleDescription())
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    elif isinstance(widget, QGroupBox):
        yield widget.title()
    elif isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        yield widget.placeholderText()
        if widget.isReadOnly():
            yield widget.text() if isinstance(widget, QLineEdit) else widget.toPlainText()
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(place) for place in range(widget.count()))
    elif isinstance(widget, QTabBar):
        for place in range(widget.count()):
            yield from (widget.tabText(place), widget.tabToolTip(place))


def _spoken_of(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit) and not widget.isReadOnly():
        return
    spoken = QAccessible.queryAccessibleInterface(widget)
    if spoken is None or not spoken.isValid():
        return
    for kind in (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Help, QAccessible.Text.Value):
        yield spoken.text(kind)


def _texts_of_model(model: QAbstractItemModel) -> Iterator[str]:
    # a list has one column; Qt does not let it be asked
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for column in range(columns):
        yield str(model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) or "")
    for row in range(min(model.rowCount(), _MOST_ROWS)):
        for column in range(columns):
            index = model.index(row, column)
            for role in _ROLES:
                text = model.data(index, role)
                if isinstance(text, str):
                    yield text
