"""Columns of a file told by hand: above each heading a choice of what it is."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from lian_desk.adapters.tables.reading import FoundTable
from lian_desk.ui.common.forms.choice_fields import QuietCombo
from lian_desk.ui.common.look.text import ElidedLabel, label

_UNUSED: Final = "不用"
_WIDTH: Final = 152
_HEIGHT: Final = 92
_SAMPLES: Final = 3


class ColumnMapper(QWidget):
    """One box for each column of the sheet, with its heading and what stands below it.

    Signals:
        told(object): places of columns by field, after somebody chose.
    """

    told = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: list[QuietCombo] = []
        self._captions: list[QLabel] = []
        inside = QWidget()
        inside.setObjectName("body")
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setFixedHeight(_HEIGHT)
        self._area = area
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label("每一列是什么：在表头上方选择；记住后，同样表头的文件不再询问。", "muted"))
        column.addWidget(area)

    def show_table(self, found: FoundTable) -> None:
        """Offer a choice for each column of a table; the keyboard stays at the column where it was."""
        held = next((place for place, box in enumerate(self.boxes) if box.hasFocus()), -1)
        self._clear()
        names = {place: name for name, place in found.columns.items()}
        for place, heading in enumerate(found.headings):
            box = QuietCombo()
            box.addItem(_UNUSED, "")
            for field in found.schema.fields:
                box.addItem(f"{field.label}（必需）" if field.required else field.label, field.name)
            box.setCurrentIndex(max(box.findData(names.get(place, "")), 0))
            words = heading or f"第 {place + 1} 列"
            box.setAccessibleName(f"列“{words}”是")
            samples = [row.cell(place).text for row in found.body[:_SAMPLES] if row.cell(place).text]
            box.setToolTip(f"{words}：{'、'.join(samples)}")
            box.activated.connect(lambda _at, place=place: self._tell(place))
            box.setFixedWidth(_WIDTH)
            self.boxes.append(box)
            self._row.addLayout(self._column(box, words, samples))
        self._row.addStretch(1)
        if 0 <= held < len(self.boxes):
            self.boxes[held].setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_first_unused(self) -> None:
        """Give the keyboard to the first column that nobody has named."""
        box = next((box for box in self.boxes if not box.currentData()), self.boxes[0] if self.boxes else None)
        if box is not None:
            box.setFocus(Qt.FocusReason.OtherFocusReason)
            self._area.ensureWidgetVisible(box)

    @property
    def columns(self) -> Mapping[str, int]:
        """Places of the columns by the names of their fields."""
        return {str(box.currentData()): place for place, box in enumerate(self.boxes) if box.currentData()}

    def _column(self, box: QuietCombo, words: str, samples: list[str]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(box)
        for text, role in ((words, "bold"), (samples[0] if samples else "（空）", "muted")):
            caption = ElidedLabel(" ".join(text.split()), role)
            caption.setFixedWidth(_WIDTH)
            self._captions.append(caption)
            column.addWidget(caption)
        return column

    def _tell(self, place: int) -> None:
        """A field stands in one column: where it is chosen again, the earlier column is unused."""
        chosen = self.boxes[place].currentData()
        for other, box in enumerate(self.boxes):
            if chosen and other != place and box.currentData() == chosen:
                box.setCurrentIndex(0)
        self.told.emit(dict(self.columns))

    def _clear(self) -> None:
        self.boxes.clear()
        self._captions.clear()
        while (item := self._row.takeAt(0)) is not None:
            inner = item.layout()
            while inner is not None and (part := inner.takeAt(0)) is not None:
                widget = part.widget()
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()
