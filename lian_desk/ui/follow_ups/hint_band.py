"""The band below the words of a note: what they suggest, with the clause; an emergency offers its script."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.services.follow_ups.note_wording import HintKind, NoteHint
from lian_desk.ui.common.look.buttons import small_button
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.tokens import Tone


class HintBand(QWidget):
    """Shows :class:`NoteHint` s; hidden while there is none. ``emergency_requested()``: the script is wanted."""

    emergency_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.emergency = Notice("", Tone.BROKEN)
        self.wording = Notice("", Tone.RISK)
        self.script = small_button("宣读急救提示", self.emergency_requested.emit)
        self.emergency_row = QWidget()
        row = QHBoxLayout(self.emergency_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.emergency, 1)
        row.addWidget(self.script)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.emergency_row)
        column.addWidget(self.wording)
        self.show_hints(())

    def show_hints(self, hints: Sequence[NoteHint]) -> None:
        """Show what the words suggest."""
        urgent = [hint for hint in hints if hint.kind is HintKind.EMERGENCY]
        others = [hint for hint in hints if hint.kind is not HintKind.EMERGENCY]
        self.emergency.set_notice("\n".join(_words(hint) for hint in urgent))
        self.emergency_row.setVisible(bool(urgent))
        self.wording.set_notice("\n".join(_words(hint) for hint in others))
        self.setVisible(bool(hints))


def _words(hint: NoteHint) -> str:
    return f"{hint.sentence}（{hint.clause}）"
