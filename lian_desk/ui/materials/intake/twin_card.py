"""Tells that files are here already and leads to the question what shall become of them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from lian_desk.services.materials.intake import IntakeResult
from lian_desk.ui.common.look.buttons import link_button, small_button
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.theme import Tone


class TwinCard(QFrame):
    """Stands beneath the list while files wait for an answer.

    Signals:
        asked(): the user wants to decide.
    """

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.setProperty("tone", Tone.INFO.value)
        self.waiting: list[IntakeResult] = []
        self._words = label("", wrap=True)
        self.decide = small_button("逐份处理…", self.asked.emit)
        self.leave = link_button("都不收", self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 10, 8)
        row.addWidget(self._words, 1)
        row.addWidget(self.decide)
        row.addWidget(self.leave)
        self.hide()

    def add(self, result: IntakeResult) -> None:
        """Add a file that waits for an answer; one without an order has nothing to decide."""
        if result.waiting is not None:
            self.waiting.append(result)
            self._tell()

    def keep_only(self, results: list[IntakeResult]) -> None:
        """Go on with those that are still without an answer."""
        self.waiting = list(results)
        self._tell()

    def clear(self) -> None:
        """Leave every file that waits."""
        self.keep_only([])

    def _tell(self) -> None:
        self._words.setText(f"{len(self.waiting):,} 份文件已经收过，还没有决定：沿用已有的、单独保留，或不收。")
        self.setAccessibleName(self._words.text())
        self.setVisible(bool(self.waiting))
