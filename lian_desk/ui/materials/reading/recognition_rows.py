"""One proposal in a row: field, value, how sure; the arrow keys walk, Enter confirms, F2 corrects."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QStackedWidget, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import FindingField, FindingMatch, FindingState, MaterialKind
from lian_desk.services.reading_queue.views import FindingView
from lian_desk.services.words.wording import phrase, phrases
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.chips import Chip
from lian_desk.ui.common.look.icon_button import IconButton
from lian_desk.ui.common.look.text import ElidedLabel, label, restyle
from lian_desk.ui.common.look.theme import Tone

_LABEL_WIDTH: Final = 56
_SURE: Final = 0.9
_DOUBTFUL: Final = 0.7
_MATCH_TONES: Final = {
    FindingMatch.SAME: Tone.KEPT,
    FindingMatch.NEEDS_LOOK: Tone.RISK,
    FindingMatch.OTHER: Tone.BROKEN,
}


class _Editor(QLineEdit):
    """Keeps Enter to itself: the row behind it would confirm the old value."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Enter ends here."""
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()


class FindingRow(QFrame):
    """A proposal.

    Signals:
        looked(object): the row has the keyboard or was clicked: show its place (``FindingView``).
        decided(object, str): the proposal and the value a person takes.
        judged(object, bool): a name or number is, or is not, the insured's.
        walked(int): go up (-1) or down (1).
    """

    looked = Signal(object)
    decided = Signal(object, str)
    judged = Signal(object, bool)
    walked = Signal(int)

    def __init__(
        self, view: FindingView, *, is_enabled: bool, is_stopped: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.view = view
        self._is_enabled = is_enabled
        self._is_stopped = is_stopped
        self.setProperty("role", "finding")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{phrase(view.field)} {view.shown}")
        self._value = ElidedLabel(view.shown)
        self._editor = _Editor()
        self._editor.returnPressed.connect(self._take_edited)
        self._editor.setAccessibleName(f"更正{phrase(view.field)}")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._value)
        self._stack.addWidget(self._editor)
        self._chip = Chip()
        self.confirm = IconButton("check", "确认（回车）", self._confirm)
        self.correct = IconButton("pencil", "更正（F2）", self.edit)
        self._lay_out()
        self._show_state()

    @property
    def is_editing(self) -> bool:
        """True while a value is being corrected."""
        return self._stack.currentWidget() is self._editor

    def edit(self) -> None:
        """Correct the value: a kind is chosen from a menu, everything else is typed."""
        if not self._may_decide() or self.view.match is not None:
            return
        if self.view.field is FindingField.KIND:
            self._choose_kind()
            return
        self._editor.setText(self.view.value)
        self._stack.setCurrentWidget(self._editor)
        self._editor.setFocus()
        self._editor.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: the keys of the row."""
        acts: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Return: self._confirm,
            Qt.Key.Key_Enter: self._confirm,
            Qt.Key.Key_F2: self.edit,
            Qt.Key.Key_Down: partial(self.walked.emit, 1),
            Qt.Key.Key_Up: partial(self.walked.emit, -1),
        }
        if self.is_editing and event.key() == Qt.Key.Key_Escape:
            self._stop_editing()
            return
        act = acts.get(event.key())
        if act is None or self.is_editing:
            super().keyPressEvent(event)
            return
        act()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Override: show the place."""
        super().focusInEvent(event)
        self.looked.emit(self.view)
        restyle(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Override: a click shows the place, a second time too."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.looked.emit(self.view)
        event.accept()

    def _confirm(self) -> None:
        if not self._may_decide():
            self.walked.emit(1)
        elif self.view.needs_judgement:
            if not self._is_stopped:
                self.judged.emit(self.view, True)
        else:
            self.decided.emit(self.view, self.view.value)

    def _take_edited(self) -> None:
        text = self._editor.text().strip()
        self._stop_editing()
        if text:
            self.decided.emit(self.view, text)

    def _stop_editing(self) -> None:
        self._stack.setCurrentWidget(self._value)
        self.setFocus()

    def _choose_kind(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind, words in phrases(MaterialKind):
            if kind is not MaterialKind.UNCLASSIFIED:
                menu.addAction(words, partial(self.decided.emit, self.view, kind.value))
        menu.popup(self.mapToGlobal(QPoint(_LABEL_WIDTH, self.height())))

    def _may_decide(self) -> bool:
        return self._is_enabled and self.view.is_open

    def _show_state(self) -> None:
        view = self.view
        if view.state is FindingState.PROPOSED:
            sure = round(view.confidence * 100)
            tone = (
                Tone.INFO if view.confidence >= _SURE else Tone.NEUTRAL if view.confidence >= _DOUBTFUL else Tone.RISK
            )
            self._chip.set_chip(f"{sure}%", tone)
            self._chip.setToolTip(f"自动识别，把握 {sure}%")
        else:
            self._chip.set_chip(phrase(view.state), Tone.KEPT)
        for button in (self.confirm, self.correct):
            button.setVisible(self._may_decide() and not view.needs_judgement)
        self.correct.setVisible(self.correct.isVisibleTo(self) and view.match is None)

    def _lay_out(self) -> None:
        key = label(phrase(self.view.field), "muted")
        key.setFixedWidth(_LABEL_WIDTH)
        for button in (self.confirm, self.correct):
            button.setFixedSize(26, 24)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(key)
        row.addWidget(self._stack, 1)
        row.addWidget(self._chip)
        row.addWidget(self.correct)
        row.addWidget(self.confirm)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 3, 2, 3)
        column.setSpacing(3)
        column.addLayout(row)
        if self.view.match is not None:
            column.addLayout(self._judgement(self.view.match))

    def _judgement(self, match: FindingMatch) -> QHBoxLayout:
        chip = Chip(phrase(match), _MATCH_TONES[match])
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(chip)
        if self._is_enabled and not self._is_stopped and self.view.needs_judgement:
            row.addWidget(link_button("是本人…", partial(self.judged.emit, self.view, True)))
            row.addWidget(link_button("不是本人", partial(self.judged.emit, self.view, False)))
        row.addStretch(1)
        return row
