"""Designed states: nothing here yet, still loading, went wrong, running with a count, done with a way back."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from lian_desk.ui.common.look.buttons import SecondaryButton, link_button, small_button
from lian_desk.ui.common.look.text import ElidedLabel, label
from lian_desk.ui.common.look.theme import Tone

TOAST_SECONDS = 8


class EmptyState(QWidget):
    """What stands where rows would be: a heading, one sentence, and the next step as a button."""

    triggered = Signal()

    def __init__(self, title: str, sentence: str = "", action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label(title, "section")
        self._sentence = label(sentence, "secondary", wrap=True)
        self._sentence.setMaximumWidth(420)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._button = SecondaryButton(action, self.triggered.emit)
        column = QVBoxLayout(self)
        column.setSpacing(6)
        column.addStretch(2)
        column.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(6)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.show_state(title, sentence, action)

    @property
    def title(self) -> str:
        """The heading shown."""
        return self._title.text()

    @property
    def button(self) -> QPushButton:
        """The next step."""
        return self._button

    def show_state(self, title: str, sentence: str = "", action: str = "") -> None:
        """Show other words; without ``action`` there is no button."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self._sentence.setMinimumWidth(min(420, self._sentence.fontMetrics().horizontalAdvance(sentence) + 8))
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self.setAccessibleName(f"{title} {sentence}".strip())


class MessageBar(QFrame):
    """A band over a page for what the surroundings refuse (disk, key, lock), with what to do. Hidden while all is well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.setProperty("tone", Tone.BROKEN.value)
        self._label = label("", wrap=True)
        self._act: Callable[[], object] | None = None
        self._action = small_button("", self._trigger)
        self._close = link_button("关闭", self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 12, 8)
        row.addWidget(self._label, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown; empty while hidden."""
        return self._label.text()

    def show_message(self, text: str, *, action: str = "", triggered: Callable[[], object] | None = None) -> None:
        """Show a sentence and, when given, the button that does something about it."""
        self._label.setText(text)
        self._act = triggered
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(text)
        self.show()

    def clear(self) -> None:
        """Take the message away."""
        self._label.setText("")
        self.hide()

    def _trigger(self) -> None:
        act = self._act
        self.clear()
        if act is not None:
            act()


class ProgressLine(QFrame):
    """A card that tells a long work: what, how many of how many, the present name, and cancel.

    Signals:
        cancelled(): the user asked to stop; the work stops at its next safe place.
    """

    cancelled = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._title_text = title
        self._title = ElidedLabel(title)
        self._cancel = link_button("取消", self._wish_cancel)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._name = ElidedLabel("", "muted")
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(self._name)

    def restart(self, title: str) -> None:
        """Go on with another piece of work, from the beginning."""
        self._title_text = title
        self._cancel.setText("取消")
        self._cancel.setEnabled(True)
        self.show_progress(0, 0)

    def show_progress(self, done_count: int, total_count: int, name: str = "") -> None:
        """Show how far it is; ``total_count`` 0 means unknown."""
        self._bar.setRange(0, total_count)
        self._bar.setValue(done_count)
        self._title.setText(f"{self._title_text} · {done_count:,}/{total_count:,}" if total_count else self._title_text)
        self._name.setText(name)

    def _wish_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._cancel.setText("正在停止…")
        self.cancelled.emit()


class Toast(QFrame):
    """A dark bar at the bottom of a window: what was done, and a way back while it lasts."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setProperty("role", "toast")
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._undo: Callable[[], object] | None = None
        self._button = QPushButton()
        self._button.setAutoDefault(False)
        self._button.clicked.connect(self._take_back)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.addWidget(self._label)
        row.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        window.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._label.text()

    def say(self, text: str, *, action: str = "", undo: Callable[[], object] | None = None) -> None:
        """Show a sentence for some seconds; ``undo`` is offered under the words ``action`` (撤销)."""
        self._label.setText(text)
        self._undo = undo
        self._button.setText(action or "撤销")
        self._button.setVisible(undo is not None)
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(TOAST_SECONDS * 1000)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: stay at the bottom of the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        self.adjustSize()
        host = self._window
        self.move((host.width() - self.width()) // 2, host.height() - self.height() - 24)

    def _take_back(self) -> None:
        undo, self._undo = self._undo, None
        self.hide()
        if undo is not None:
            undo()
