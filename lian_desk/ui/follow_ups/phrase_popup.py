"""常用语: two letters of pinyin typed in a field offer whole phrases under the cursor; F4 shows all of them.

The letters are typed as they are (input method off); while an input method composes, its text is not in the field
yet, and nothing is offered over its own candidates.
"""

import re
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QPlainTextEdit, QVBoxLayout

from lian_desk.models.vocabulary import PhraseField
from lian_desk.services.follow_ups.phrases import PhraseLine, matching

LEAST_LETTERS: Final = 2
MOST_SHOWN: Final = 8
_TYPED: Final = re.compile(r"(?<![A-Za-z])[a-z]{2,12}$")
_WIDTH: Final = 380
_TAKE: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab})
_MOVES: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class PhrasePopup(QFrame):
    """Offers the phrases for one text field; ``phrases`` is asked anew each time, so that new ones appear at once."""

    def __init__(self, edit: QPlainTextEdit, field: PhraseField, phrases: Callable[[], tuple[PhraseLine, ...]]) -> None:
        super().__init__(edit.window())
        self._edit = edit
        self._field = field
        self._phrases = phrases
        self._letters = ""
        self._model = QStringListModel(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.clicked.connect(self._take)
        self.setProperty("role", "card")
        self.setAccessibleName("常用语")
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.list)
        self.hide()
        edit.textChanged.connect(self._look)
        edit.installEventFilter(self)
        edit.setToolTip("输入两个拼音首字母选择常用语，F4 显示全部")

    @property
    def offered(self) -> list[str]:
        """The phrases that are shown, empty while nothing is."""
        return self._model.stringList() if not self.isHidden() else []

    def show_all(self) -> None:
        """Offer every phrase of this field."""
        self._letters = ""
        texts = [line.text for line in self._phrases() if line.field is self._field]
        self._offer(texts)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: while phrases are offered, arrows choose, Enter and Tab take, Esc gives up; F4 shows all."""
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        # the shortcut of the dialog for Esc and Enter must not win over the list
        if isinstance(event, QKeyEvent) and event.type() in {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride}:
            return self._answer(event, pressed=event.type() == QEvent.Type.KeyPress)
        return super().eventFilter(watched, event)

    def _answer(self, event: QKeyEvent, *, pressed: bool) -> bool:
        key = Qt.Key(event.key())
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if plain and key == Qt.Key.Key_F4 and pressed:
            self.show_all()
            return True
        if self.isHidden() or not plain:
            return False
        if key not in _TAKE and key not in _MOVES and key != Qt.Key.Key_Escape:
            return False
        event.accept()
        if pressed:
            self._act(key)
        return True

    def _act(self, key: Qt.Key) -> None:
        if key == Qt.Key.Key_Escape:
            self.hide()
        elif key in _TAKE:
            self._take(self.list.currentIndex())
        else:
            row = self.list.currentIndex().row() + _MOVES[key]
            self.list.setCurrentIndex(self._model.index(row % self._model.rowCount()))

    def _look(self) -> None:
        """Look at the letters before the cursor after each change."""
        if not self._edit.hasFocus():
            return
        cursor = self._edit.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        typed = _TYPED.search(before)
        self._letters = typed.group() if typed else ""
        found = matching(self._phrases(), self._letters, self._field) if self._letters else ()
        self._offer([line.text for line in found][:MOST_SHOWN])

    def _offer(self, texts: list[str]) -> None:
        self._model.setStringList(texts)
        if not texts:
            self.hide()
            return
        self.list.setCurrentIndex(self._model.index(0))
        height = self.list.sizeHintForRow(0) * min(len(texts), MOST_SHOWN) + 12
        self.setFixedSize(_WIDTH, height)
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        """Stand under the cursor, above it where there is no room, inside the dialog."""
        window = self._edit.window()
        spot = self._edit.cursorRect()
        below = self._edit.viewport().mapTo(window, spot.bottomLeft() + QPoint(0, 4))
        if below.y() + self.height() > window.height():
            below = self._edit.viewport().mapTo(window, spot.topLeft() - QPoint(0, self.height() + 4))
        below.setX(max(8, min(below.x(), window.width() - self.width() - 8)))
        below.setY(max(8, below.y()))
        self.move(below)

    def _take(self, index: QModelIndex) -> None:
        """Put the phrase in the place of the letters; the field's own undo takes it back in one step."""
        text = str(index.data() or "")
        self.hide()
        if not text:
            return
        cursor = self._edit.textCursor()
        letters = len(self._letters)
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, letters)
        cursor.insertText(text)
        self._letters = ""
        self._edit.setTextCursor(cursor)
        self._edit.setFocus()
