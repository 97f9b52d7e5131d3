"""The parts of a document of many: the sheet and the series of an imaging study, chosen from a list."""

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget


class SectionChooser(QComboBox):
    """Names the part that is in front and leads to another; not there for a document without parts.

    Signals:
        page_chosen(int): a page of the original, from 0.
    """

    page_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._starts: list[int] = []
        self.setAccessibleName("检查序列")
        self.setToolTip("检查序列")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(14)
        self.activated.connect(self._choose)
        self.setVisible(False)

    def show_sections(self, sections: Sequence[tuple[str, int]]) -> None:
        """Offer other parts, each with its first page in rising order; fewer than two are none."""
        self._starts = [page for _name, page in sections]
        self.clear()
        self.addItems([name for name, _page in sections])
        self.setVisible(len(sections) > 1)

    def follow(self, page: int | None) -> None:
        """Name the part in which a page of the original lies."""
        if self._starts and page is not None:
            self.setCurrentIndex(max(0, bisect_right(self._starts, page) - 1))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Override: the wheel is for the pages; it never changes what was chosen."""
        event.ignore()

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._starts):
            self.page_chosen.emit(self._starts[place])
