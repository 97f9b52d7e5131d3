"""Search and commands in one place (Ctrl+K): type, move with the arrow keys, Enter opens."""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from lian_desk.ui.common.look.icons import pixmap
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import hairline, label
from lian_desk.ui.common.look.theme import TypeRole, current_theme
from lian_desk.ui.common.running.task_runner import TaskRunner

HitRole: Final = Qt.ItemDataRole.UserRole + 1
_ROW: Final = 44
_MOST_SHOWN: Final = 9
_WIDTH: Final = 560
_PAUSE_MS: Final = 120

_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


class SearchHit(NamedTuple):
    """Something that was found, masked like every list.

    Attributes:
        title: bold words.
        detail: quiet words behind.
        icon: name of an SVG.
        open: goes there; called on the UI thread.
        keys: shortcut of a command, shown at the right.
    """

    title: str
    detail: str
    icon: str
    open: Callable[[], object]
    keys: str = ""


SearchProvider = Callable[[str], Sequence[SearchHit]]


class HitListModel(QAbstractListModel):
    """What was found, short and fully loaded."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: tuple[SearchHit, ...] = ()

    def set_hits(self, hits: Sequence[SearchHit]) -> None:
        """Show other hits."""
        self.beginResetModel()
        self._hits = tuple(hits)
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Override QAbstractItemModel.rowCount."""
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Override QAbstractItemModel.data."""
        if not index.isValid() or index.row() >= len(self._hits):
            return None
        hit = self._hits[index.row()]
        if role == HitRole:
            return hit
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{hit.title} {hit.detail} {hit.keys}".strip()
        return None


class _HitDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme = current_theme()
        hit: SearchHit = index.data(HitRole)
        rect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft"))
            painter.drawRoundedRect(rect.adjusted(6, 2, -6, -2), 8, 8)
        painter.drawPixmap(rect.left() + 18, rect.center().y() - 8, pixmap(hit.icon, 16))
        left = rect.left() + 46
        painter.setFont(theme.font(TypeRole.BOLD))
        painter.setPen(theme.color("text"))
        metrics = theme.metrics(TypeRole.BOLD)
        title = metrics.elidedText(hit.title, Qt.TextElideMode.ElideRight, rect.width() - 120)
        painter.drawText(QRect(left, rect.top(), rect.width(), rect.height()), Qt.AlignmentFlag.AlignVCenter, title)
        left += metrics.horizontalAdvance(title) + 10
        painter.setFont(theme.font(TypeRole.SECONDARY))
        painter.setPen(theme.color("secondary"))
        small = theme.metrics(TypeRole.SECONDARY)
        keys_width = small.horizontalAdvance(hit.keys) + 20
        detail = small.elidedText(hit.detail, Qt.TextElideMode.ElideRight, max(rect.right() - left - keys_width, 0))
        painter.drawText(QRect(left, rect.top(), rect.width(), rect.height()), Qt.AlignmentFlag.AlignVCenter, detail)
        right = rect.adjusted(0, 0, -20, 0)
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, hit.keys)
        painter.restore()


class CommandPalette(QFrame):
    """An overlay of the main window: commands at once, records as soon as the read lane answers."""

    def __init__(
        self, window: QWidget, runner: TaskRunner, provider: SearchProvider | None, commands: Sequence[SearchHit]
    ) -> None:
        super().__init__(window)
        self.setObjectName("popup")
        self._window = window
        self._runner = runner
        self._provider = provider
        self._commands = tuple(commands)
        self._asked = 0
        self._found: tuple[SearchHit, ...] = ()
        self.line = QLineEdit()
        self.line.setProperty("role", "bare")
        self.line.setPlaceholderText("姓名、拼音、保单号、手机尾号，或一个命令")
        self.line.setAccessibleName("搜索与命令")
        self.hits = HitListModel(self)
        self.view = QListView()
        self.view.setModel(self.hits)
        self.view.setItemDelegate(_HitDelegate(self.view))
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setAccessibleName("搜索结果")
        self.note = label("", "muted")
        self.note.setContentsMargins(16, 6, 16, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 6, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.line)
        self.line.setContentsMargins(14, 0, 14, 6)
        column.addWidget(hairline())
        column.addWidget(self.view)
        column.addWidget(self.note)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.line.textChanged.connect(self._typed)
        self.line.installEventFilter(self)
        self.view.clicked.connect(self._open)
        window.installEventFilter(self)
        self.hide()

    def open_at_top(self) -> None:
        """Show the overlay and take the keyboard."""
        self.line.clear()
        self._typed()
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: arrow keys, Enter and Esc belong to the list; leaving the line closes the overlay."""
        kind = event.type()
        if watched is self.line:
            if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._key(event.key())
            if kind == QEvent.Type.FocusOut and not self.line.hasFocus():
                self.hide()
        elif kind == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _key(self, key: int) -> bool:
        row = self.view.currentIndex().row()
        if key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            step = 1 if key == Qt.Key.Key_Down else -1
            count = self.hits.rowCount()
            if count:
                self.view.setCurrentIndex(self.hits.index((row + step) % count, 0))
            return True
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(self.view.currentIndex())
            return True
        if key == Qt.Key.Key_Escape:
            self.hide()
            self._window.setFocus()
            return True
        return False

    def _typed(self) -> None:
        self._asked += 1
        self._found = ()
        self._fill()
        if self._provider is not None and self.line.text().strip():
            self._pause.start()

    def _ask(self) -> None:
        provider, words, asked = self._provider, self.line.text().strip(), self._asked
        if provider is None or not words:
            return

        def done(found: Sequence[SearchHit]) -> None:
            if asked == self._asked:
                self._found = tuple(found)
                self._fill()
                self.note.setText("" if self.hits.rowCount() else "没有找到，换一个词试试。")

        self._runner.read(self, lambda: provider(words), done, lambda error: self.note.setText(sentence(error)))

    def _fill(self) -> None:
        words = self.line.text().strip().lower()
        commands = tuple(hit for hit in self._commands if words in f"{hit.title} {hit.detail}".lower())
        self.hits.set_hits(self._found + commands)
        self.view.setCurrentIndex(self.hits.index(0, 0))
        self.note.setText("↑ ↓ 选择 · Enter 打开 · Esc 关闭")
        self._place()

    def _place(self) -> None:
        rows = min(max(self.hits.rowCount(), 1), _MOST_SHOWN)
        width = min(_WIDTH, self._window.width() - 40)
        self.view.setFixedHeight(rows * _ROW + 8)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((self._window.width() - width) // 2, 72)

    def _open(self, index: QModelIndex) -> None:
        hit = index.data(HitRole)
        if isinstance(hit, SearchHit):
            self.hide()
            hit.open()
